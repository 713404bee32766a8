"""What a search will take before it is run: trials, time, memory, and what its questions can show.

    plan = plan_of_search(config, candidates, …)
    plan.seconds                # 1840.0
    fitted = fit(config, budget=1800, …)        # the same search with fewer problems, questions and seeds

Who goes on is not known beforehand, so that later rungs are counted with as many candidates as the quota leaves, of
average cost, the references among them; so is what is tried around the best, and the recipe that is confirmed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from statistics import fmean
from typing import Any, NamedTuple

from fractionate.config import StudyConfig
from fractionate.errors import InputError
from fractionate.records import Item
from fractionate.study.budget import Cost
from fractionate.study.data import part_of
from fractionate.study.search.bounds import visible
from fractionate.study.search.candidates import Candidates, eligible
from fractionate.study.search.confirm import CONFIRMING, promise
from fractionate.study.search.pace import Pace
from fractionate.training.fit import COMPILE_PAYS
from fractionate.transfer.statistics import plan_of, power_line

COMPILED = 1.09
"""How much faster compiled layers train, and the seconds they take first (docs/results/speed-cpu.md)."""
COMPILING = 12.0
OVERHEAD = 20.0
"""Gathering and compiling examples of a trial, its page."""
BASE_WRITES = 0.5
"""The share of its limit that an untouched student writes."""
ADAPTING = 135.0
"""Seconds in which a student takes up families never seen: measured with SmolLM2-135M on two cores."""


class TrialPlan(NamedTuple):
    """One trial: its students, the problems each learns from, seconds, training FLOPs; `arms` as far as known."""

    name: str
    students: int
    problems: int
    seconds: float
    flops: float
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The whole search. `power` says what the confirmation's questions and seeds can show, `promise` what the search as
    a whole will find; within the margin `visible` that is a recipe that is as good, in 80%.
    """

    trials: tuple[TrialPlan, ...]
    memory: float
    power: str
    promise: str
    visible: float

    @property
    def seconds(self) -> float:
        """All trials together."""
        return sum(t.seconds for t in self.trials)

    @property
    def flops(self) -> float:
        """Training of all students."""
        return sum(t.flops for t in self.trials)

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain data."""
        return {
            "trials": [t._asdict() for t in self.trials],
            "seconds": self.seconds,
            "flops": self.flops,
            "memory": self.memory,
            "power": self.power,
            "promise": self.promise,
            "visible": self.visible if isfinite(self.visible) else None,
        }


class Sized(NamedTuple):
    """What one candidate takes on all problems: training, and the tokens of an answer."""

    cost: Cost
    written: float


class Asking(NamedTuple):
    """The questions of the largest rung and of the confirmation, those beside the cells among them."""

    development: Sequence[Item]
    confirmation: Sequence[Item]


def plan_of_search(
    config: StudyConfig,
    candidates: Candidates,
    sizes: Mapping[str, Sized],
    questions: Asking,
    problems: int,
    pace: Pace,
) -> SearchPlan:
    """The plan, given what every candidate takes and how fast the machine is."""
    search, trials = config.search, []
    alive = list(candidates.names)
    running = len([n for n in alive if eligible(n)])
    for number, share in enumerate(search.rungs, 1):
        named = [sizes[name] for name in alive]
        students = named * len(search.rates) if number == 1 else _average(candidates, sizes, running)
        students *= len(config.seeds)
        some = part_of(questions.development, max(share, search.least_questions))
        trial = _trial(f"rung {number}", config, students, some, pace, share, problems)
        trials.append(trial._replace(arms=candidates.names if number == 1 else ()))
        running = len(candidates.references) + max(
            1, ceil(search.keep * (running - len(candidates.references)))
        )
    near = _average(candidates, sizes, round(_neighbors(candidates)) * len(config.seeds))
    if near:
        trials.append(_trial("around", config, near, questions.development, pace, 1.0, problems))
    chosen, reference = _average(candidates, sizes, 1)[0], sizes[candidates.references[0]]
    asked = questions.confirmation
    both = [chosen, reference] * search.confirm_seeds
    trials.append(_trial("confirmation", config, both, asked, pace, 1.0, problems))
    if search.confirm_cheaper:
        more = [chosen] * search.confirm_seeds * search.confirm_cheaper
        trials.append(_trial("cheaper still, at most", config, more, asked, pace, 1.0, problems))
    if search.equal_compute:
        longer = [Sized(reference.cost, chosen.written)] * search.confirm_seeds
        trials.append(_trial("equal FLOPs", config, longer, asked, pace, 1.0, problems))
    if search.adapt != "none":
        whole = len(candidates.factorial) * len(config.seeds) if search.adapt == "all" else 0
        count = 1 + len(both) + whole
        trials.append(TrialPlan("adapting", count, 0, ADAPTING * count, 0.0))
    asked_for = plan_of(asked, search.confirm_seeds)
    return SearchPlan(
        tuple(trials),
        pace.memory,
        power_line(asked_for, config.decision.margin),
        promise(asked_for, config.decision.margin),
        visible(asked_for, CONFIRMING),
    )


def fit(
    config: StudyConfig, seconds: float, problems: int, planned: Callable[[StudyConfig], SearchPlan]
) -> tuple[StudyConfig, SearchPlan]:
    """The largest version of a search that fits into so many seconds.

    First nothing cheaper follows what is confirmed; then problems and questions shrink together; where that is not
    enough, rates are not tuned, and one seed confirms.

    Raises:
        InputError: not even the smallest version fits.
    """
    smallest = None
    alone = config.model_copy(update={"search": config.search.model_copy(update={"confirm_cheaper": 0})})
    versions = [config, *(shrunk(alone, share, lean, problems) for lean in (False, True) for share in SHARES)]
    for version in versions:
        plan = planned(version)
        if plan.seconds <= seconds:
            return version, plan
        smallest = plan
    assert smallest is not None, "there is at least one version"
    raise InputError(
        f"a budget of {seconds / 60:.0f} minutes is too small: the smallest version of this search takes about "
        f'{smallest.seconds / 60:.0f}; name fewer candidates, or set search.roles to "none"'
    )


def shrinkage(asked: StudyConfig, own: StudyConfig, budget: str) -> list[str]:
    """A sentence on what a budget made of a study; none where it changed nothing."""
    if asked == own:
        return []
    changed = [
        ("problems", *(c.search.problems or c.data.train or "all" for c in (own, asked))),
        ("fresh seeds", own.search.confirm_seeds, asked.search.confirm_seeds),
        ("rates", len(own.search.rates), len(asked.search.rates)),
        ("cheaper ones that may follow", own.search.confirm_cheaper, asked.search.confirm_cheaper),
    ]
    told = [f"{name} {now} (the file: {before})" for name, now, before in changed if now != before]
    share = own.transfer.share / asked.transfer.share
    told += [f"{share:.0%} of the questions"] if share != 1 else []
    return [f"{FITTED} {budget}: {', '.join(told)}"]


FITTED = "fitted into"
"""Begins the fact that a budget made the search smaller."""
SHARES = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1)
LEAST_PROBLEMS = 32


def shrunk(config: StudyConfig, share: float, lean: bool, problems: int) -> StudyConfig:
    """A version with a share of the problems (there are so many) and of the questions."""
    rates = config.search.rates
    search: dict[str, object] = {}
    if share < 1.0:
        search |= {"problems": min(problems, max(LEAST_PROBLEMS, ceil(share * problems)))}
    if lean:
        search |= {"rates": (1.0,) if 1.0 in rates else rates[:1], "confirm_seeds": 1}
    asked = {"share": max(share, 0.25) * config.transfer.share}
    return config.model_copy(
        update={
            "search": config.search.model_copy(update=search),
            "transfer": config.transfer.model_copy(update=asked),
        }
    )


def _neighbors(candidates: Candidates) -> float:
    """How many cheaper arms lie next to one of those that may be chosen, on average."""
    may = [arm for arm in candidates.factorial if eligible(arm.recipe)]
    near = [
        sum(other.on < arm.on and len(arm.on - other.on) == 1 for other in candidates.around) for arm in may
    ]
    return fmean(near) if near else 0.0


def _average(candidates: Candidates, sizes: Mapping[str, Sized], count: int) -> list[Sized]:
    """So many candidates of average cost."""
    may = [sizes[name] for name in candidates.names if eligible(name)]
    cost = Cost(*(fmean(getattr(s.cost, field) for s in may) for field in Cost._fields))  # type: ignore[arg-type]
    return [Sized(cost, fmean(s.written for s in may))] * count


def _trial(
    name: str,
    config: StudyConfig,
    students: Sequence[Sized],
    items: Sequence[Item],
    pace: Pace,
    share: float,
    problems: int,
) -> TrialPlan:
    flops = share * sum(s.cost.compute for s in students)
    faster = flops >= COMPILE_PAYS["cpu"]
    rate = pace.train * (COMPILED if faster else 1.0)
    training = share * sum(s.cost.tokens for s in students) / rate + COMPILING * faster
    answers = sum(min(s.written, i.max_new_tokens) for s in students for i in items)
    answers += sum(BASE_WRITES * i.max_new_tokens for i in items)
    asking = config.transfer.samples * answers / pace.ask
    seconds = training + asking + pace.student * len(students) + OVERHEAD
    return TrialPlan(name, len(students), ceil(share * problems), seconds, flops)
