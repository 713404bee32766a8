"""A search that has ended, its answers made up.

found = a_search()                       # "smaller": compact is as good as full
found = a_search({"full": 0.7, "compact": 0.3})       # another one is confirmed, and is worse
"""

from collections.abc import Mapping, Sequence

from fractionate.config import StudyConfig, parse_config
from fractionate.records import Score
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.confirm import UNITS, Asked, Confirmed, constrained, rule
from fractionate.study.search.constraints import Check
from fractionate.study.search.effects import Attribution, effects_of
from fractionate.study.search.factors import OFF, FactorialArm, factorial
from fractionate.study.search.fates import Fate
from fractionate.study.search.outcome import SearchDecision, ranking_held
from fractionate.study.search.rungs import Rung, judge
from fractionate.study.search.sizes import Grain, Size, flattening
from fractionate.study.search.tasks import tasks_of
from fractionate.study.search.trials import Trial
from fractionate.study.summary import Costs
from fractionate.transfer.adaptability import Adaptability, Point
from fractionate.transfer.statistics import Interval, Plan, PlannedPart, compare_arms

CONFIG = """
name = "apples"
question = "Which steps does a small student need?"
[data]
world = "ledger"
[search]
recipes = ["compact", "decision_points"]
"""
SEARCH = """
name = "tiny"
[data]
world = "ledger"
train = 24
depth = [1, 2]
verbosity = "chatty"
[student]
model = "scratch:tiny"
[training]
learning_rate = 1e-2
batch_size = 8
[arms]
recipes = ["full", "answer_only", "decision_points"]
[transfer]
items = 6
styles = ["boxed"]
layers = ["coherence"]
layer_items = 4
max_new_tokens = 16
[search]
confirm_questions = 1.5
roles = "none"
rungs = [0.5, 1.0]
rates = [1.0, 3.0]
stop_early = false
"""
"""A search of tiny students that runs in a minute."""
CELLS = {
    "in-format": ("in_format", 1.0), "at once": ("at_once", 0.3), "style: boxed": ("style", 0.9),
    "style: noisy": ("style", 0.8), "gym:leg_counting": ("related", 0.6), "depth 3": ("difficulty", 0.7),
}  # fmt: skip
PLAN = Plan((PlannedPart(1.0, 40_000, 4),), 2)
TOKENS = {"full": 1_200_000, "compact": 260_000, "decision_points": 140_000, "answer_only": 9_000}
SWITCHED = "roles?decomposition=delete&language=delete"
SKILL = {
    "full": 0.72, "compact": 0.72, SWITCHED: 0.66, "decision_points": 0.5, "answer_only": 0.1, "random_drop": 0.3,
}  # fmt: skip


def config() -> StudyConfig:
    """A study with a search."""
    return parse_config(CONFIG, "apples.toml")


def answers(
    arm: str, seed: int, skill: float, items: int = 60, cut: float = 0.0, unchecked: float = 0.0
) -> list[Score]:
    """Some to each cell; a student is right on the first of them, as many as its skill says."""
    return [
        Score(
            arm, seed, cell, family, f"{cell}/q{n}", f"q{n}",
            None if n >= items * (1 - unchecked) else n * 7919 % 1000 < 1000 * skill * share,
            "1", 40, n < items * cut, False,
        )
        for cell, (family, share) in CELLS.items()
        for n in range(items)
    ]  # fmt: skip


def costs_of(name: str) -> Costs:
    """All five."""
    tokens = TOKENS.get(name.partition(",")[0], 600_000)
    return Costs(1_500_000, 2 * tokens + 400_000, tokens, 3e9 * tokens, 55.5 if tokens > 10_000 else None)


def rung(traces: int, skills: Mapping[str, float], items: int) -> Rung:
    """Every candidate with two seeds."""
    scores = [
        s
        for arm, skill in {"base": 0.02, **skills}.items()
        for k in (0, 1)
        for s in answers(arm, k, skill + 0.01 * k, items)
    ]
    return judged(traces, scores, {name: costs_of(name) for name in skills})


def judged(traces: int, scores: Sequence[Score], costs: Mapping[str, Costs]) -> Rung:
    """What these answers make of the candidates."""
    candidates = Candidates(tuple(costs), ("full",), (), (), ())
    stand = judge(config(), candidates, scores, costs, PLAN)
    return Rung(traces, scores, costs, stand, dict.fromkeys(costs, 3e-4), {})


def rungs(skill: Mapping[str, float]) -> list[Rung]:
    """All candidates on half of the problems, those that may do on all, and one more that was tried beside them."""
    small = rung(160, {name: 0.8 * s for name, s in skill.items()}, 60)
    left = {name: skill[name] for name in small.judged.kept.go_on}
    return [small, rung(320, {**left, "roles?language=delete": 0.7}, 240)]


def trial(scores: Sequence[Score], names: Sequence[str]) -> Trial:
    """One whose files were read already."""
    read = Trial({})
    vars(read).update(scores=scores, costs={name: costs_of(name) for name in names}, findings={})
    return read


def confirmed(
    skill: Mapping[str, float], chosen: str, traces: int, reference: str, **odd: float
) -> Confirmed:
    """Two fresh seeds of each."""
    label = chosen if traces == 320 else f"{chosen}, {traces} problems"
    whole = [
        s for arm in (reference, "base") for k in (1, 2) for s in answers(arm, k, skill.get(arm, 0.02), 200)
    ]
    own = [s for k in (1, 2) for s in answers(chosen, k, skill[chosen] + 0.01 * k, 200, **odd)]
    asked = Asked(chosen, trial(own, [chosen]), label, reference, trial(whole, [reference]))
    decision, found = rule(config(), asked.scores(), asked.costs(), reference, PLAN)
    equal = (
        compare_arms(asked.scores(), reference, margin=decision.margin)[label] if label != reference else None
    )
    checks = [
        Check("style: boxed", -0.05, 0.01, -0.02, True),
        Check("layer: search", -0.1, -0.01, -0.08 if skill[chosen] > 0.5 else -0.14, skill[chosen] > 0.5),
        Check("length of answers", 1.5, 1.02, 1.02, True),
    ]
    checks = checks if equal else []
    return Confirmed(label, traces, asked, constrained(decision, checks), found, asked.costs(), checks, equal)


def a_search(
    skill: Mapping[str, float] = SKILL, chosen: str = "compact", traces: int = 320, reference: str = "full",
    **odd: float,
) -> SearchDecision:  # fmt: skip
    """With everything measured; `odd` are shares of the chosen recipe's answers that were cut off or not checked."""
    climbed, sure = rungs(skill), confirmed(skill, chosen, traces, reference, **odd)
    own, whole = sure.costs[sure.label], sure.costs[reference]
    both = list(dict.fromkeys([reference, chosen]))
    return SearchDecision(
        decision=sure.decision, recipe=chosen, traces=traces, learning_rate=3e-4, confirmed=sure,
        savings={
            name: part / getattr(whole, name)
            for name in UNITS
            if (part := getattr(own, name)) is not None
        },
        fates=[
            Fate("decomposition", "rebuilt", 0.61, 0.58, 0.15, "never shown; 0.61 against 0.58 where it was taught"),
            Fate("search", "lost", 0.12, 0.4, 0.11, "never shown; 0.12 against 0.40 where it was taught"),
            Fate("coherence", "imitated", 0.8, 0.81, 0.2, "its spans are learned in 90% of the examples"),
        ],
        roles=[
            Attribution(climbed[0].traces, {m: effects_of(ARMS, _measured(scale)) for m, scale in MEASURES.items()}),
            Attribution(320, {"transfer": effects_of(KEPT, _measured(0.5))}, ("structure",)),
        ],
        curves={name: [_size(rung, name) for rung in climbed if name in rung.costs] for name in both},
        flat={name: flattening(climbed, name) for name in both},
        grains=[
            Grain(name, rung.traces, costs_of(name).supervised_tokens / 320, rung.transfer[name])
            for rung in climbed
            for name in rung.costs
        ],
        tasks=tasks_of(config(), climbed[-1]),
        first_tasks=tasks_of(config(), climbed[0]), sure=chosen == "compact", open={}, asked_before=[],
        ranking_held=ranking_held(climbed), rungs=climbed, untested=["epochs were not tuned for each candidate"],
        adapted={label: {seed: _taken_up() for seed in (1, 2)} for label in dict.fromkeys([sure.label, reference])},
    )  # fmt: skip


ARMS = factorial(tuple(OFF), half=True)
KEPT = [FactorialArm(arm.recipe, arm.on - {"structure"}) for arm in ARMS if "structure" in arm.on]
MEASURES = {
    "transfer": 1.0, "in-format": 0.6, "imitation": -0.4, "decomposition": 0.8, "search": 0.5,
    "error correction": 0.2, "coherence": 0.9,
}  # fmt: skip
DOES = {"structure": 0.3, "content": 0.12, "language": -0.05, "decomposition": 0.06}


def _measured(scale: float) -> dict[tuple[str, int], float]:
    """What each student of a factorial has of a measure; the seeds differ."""
    return {
        (arm.recipe, seed): scale * sum(DOES.get(f, 0.0) for f in arm.on)
        + 0.03 * ((7 * n + 3 * seed) % 5 - 2)
        for n, arm in enumerate(ARMS)
        for seed in (0, 1)
    }


def _size(of: Rung, name: str) -> Size:
    return Size(of.traces, costs_of(name).supervised_tokens / 320, of.transfer[name])


def _taken_up() -> Adaptability:
    at = Interval(0.31, 0.22, 0.4), Interval(0.22, 0.15, 0.3), Interval(0.09, 0.01, 0.17)
    return Adaptability(tuple(Point(shots, *at, 100) for shots in (16, 64)), {})
