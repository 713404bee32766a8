"""Each task by itself: the right granularity depends on what is asked.

    for task in tasks_of(config, rungs[-1]):
        task.name, task.smallest        # ("difficulty: depth 3", "decision_points")

A task is a style, a related benchmark or a difficulty by itself, all styles together, and the format that was learned.
The students are those of the last rung and the questions those for development: this is where to look, not a decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fractionate.config import BASE, StudyConfig
from fractionate.records import Score
from fractionate.study.decide import capped
from fractionate.study.search.bounds import standing_of
from fractionate.study.search.candidates import eligible
from fractionate.study.search.rungs import Rung, cost_of
from fractionate.transfer.statistics import Interval, compare_arms

SINGLE = ("related", "difficulty")
"""Families whose cells are tasks of their own."""
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `differences` are of each candidate's accuracy to the reference's, `accuracies` the untouched student's
    too; `smallest` is the cheapest candidate that is not worse there, None if only the reference is.
    """

    name: str
    questions: int
    margin: float
    accuracies: Mapping[str, float]
    differences: Mapping[str, Interval]
    smallest: str | None


def tasks_of(config: StudyConfig, rung: Rung) -> list[Task]:
    """Every task of a rung."""
    groups: dict[str, list[Score]] = {}
    for score in rung.scores:
        if score.family == "at_once":
            continue
        name = f"{score.family}: {score.cell}" if score.family in SINGLE else score.family
        groups.setdefault(name.replace("_", " "), []).append(score)
    return [
        task for name, scores in groups.items() if (task := _task(config, rung, name, scores)) is not None
    ]


def _task(config: StudyConfig, rung: Rung, name: str, scores: Sequence[Score]) -> Task | None:
    """Nothing where the reference has no checked answer; without arms that have none to the same questions."""
    reference = rung.judged.reference
    checked: dict[str, set[str]] = {}
    for score in (s for s in scores if s.right is not None):
        checked.setdefault(score.arm, set()).add(score.item)
    both = {arm for arm, items in checked.items() if items & checked.get(reference, set())}
    if not {reference, BASE} <= both:
        return None
    known = [replace(s, family=TASK) for s in scores if s.arm in both]
    accuracies = {
        arm: _accuracy([s for s in known if s.arm == arm]) for arm in dict.fromkeys(s.arm for s in known)
    }
    margin = capped(rung.judged.margin, accuracies[reference] - accuracies[BASE])
    found = compare_arms(known, reference, margin=max(margin, 1e-6), families=(TASK,))
    limit = cost_of(rung.costs[reference], config.search.cost)
    fit = {
        arm: cost
        for arm in found
        if arm in rung.costs and eligible(arm)
        and (cost := cost_of(rung.costs[arm], config.search.cost)) < limit
        and margin > 0 and standing_of(found[arm], cost).p_not_worse <= ALPHA
    }  # fmt: skip
    differences = {arm: found[arm].difference for arm in found if arm != BASE}
    questions = len({s.item for s in known})
    return Task(
        name, questions, margin, accuracies, differences, min(fit, key=lambda arm: fit[arm], default=None)
    )


TASK = "task"


def _accuracy(scores: Sequence[Score]) -> float:
    checked = [s.right for s in scores if s.right is not None]
    return sum(checked) / len(checked)
