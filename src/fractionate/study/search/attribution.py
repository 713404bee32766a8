"""Which role does what: effects of switching each on transfer, imitation and every layer.

    found, *later = attributions(candidates, rungs)
    found.effects["transfer"][0]    # Effect(term="structure", value=Interval(0.12, 0.06, 0.18), mixed_with=())
    later                           # [Attribution(problems=192, …, always=("structure",))]

The students are first those of the largest rung in which all arms of the factorial took part. These may have learned
from few problems; where the arms that reached the last rung are all combinations of some of its factors, the other
factors being on in all of them (or off), they are compared there as well.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fractionate.config import BASE
from fractionate.records import Score
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.effects import Attribution, Effect, effects_of
from fractionate.study.search.factors import FactorialArm
from fractionate.study.search.rungs import Rung
from fractionate.transfer.findings import Findings
from fractionate.transfer.statistics import transfer_score

Student = tuple[str, int]


def attributions(
    candidates: Candidates, rungs: Sequence[Rung], more: Mapping[str, Mapping[Student, float]] | None = None
) -> list[Attribution]:
    """Of the whole factorial, `more` measures beside those of its rung, and of what of it reached the last rung; empty
    where none was run, or where nothing could be told.
    """
    arms, whole, last = candidates.factorial, largest_whole(candidates, rungs), rungs[-1]
    found = [Attribution(whole.traces, _effects(arms, {**measures_of(whole), **(more or {})}))]
    left = [arm for arm in arms if arm.recipe in last.costs]
    if last is not whole and left:
        factors = sorted(frozenset[str]().union(*(arm.on for arm in arms)))
        always = tuple(f for f in factors if all(f in arm.on for arm in left))
        never = tuple(f for f in factors if not any(f in arm.on for arm in left))
        switched = [FactorialArm(arm.recipe, arm.on - {*always}) for arm in left]
        if len(left) == 2 ** (len(factors) - len(always) - len(never)):
            found.append(Attribution(last.traces, _effects(switched, measures_of(last)), always, never))
    return [attribution for attribution in found if attribution.effects]


def _effects(
    arms: Sequence[FactorialArm], measures: Mapping[str, Mapping[Student, float]]
) -> dict[str, list[Effect]]:
    return {measure: found for measure, values in measures.items() if (found := effects_of(arms, values))}


def largest_whole(candidates: Candidates, rungs: Sequence[Rung]) -> Rung:
    """The last rung that has the whole factorial; the first rung has everything."""
    whole = (
        rung for rung in reversed(rungs) if all(arm.recipe in rung.costs for arm in candidates.factorial)
    )
    return next(whole, rungs[0])


def measures_of(rung: Rung) -> dict[str, dict[Student, float]]:
    """Transfer, in-format accuracy, imitation and layers of every trained student."""
    found: dict[str, dict[Student, float]] = defaultdict(dict)
    for student, scores in _by_student(rung.scores).items():
        found["transfer"][student] = transfer_score(scores)
        in_format = [s.right is True for s in scores if s.family == "in_format" and s.right is not None]
        if in_format:
            found["in-format"][student] = sum(in_format) / len(in_format)
    for student, findings in _findings(rung).items():
        if findings.imitation is not None:
            found["imitation"][student] = findings.imitation.score.value
        for name, layer in findings.layers.items():
            if layer.n:
                found[name][student] = layer.value.value
    return dict(found)


def _by_student(scores: Sequence[Score]) -> dict[Student, list[Score]]:
    found: dict[Student, list[Score]] = defaultdict(list)
    for score in scores:
        if score.arm != BASE:
            found[score.arm, score.seed].append(score)
    return found


def _findings(rung: Rung) -> Mapping[Student, Findings]:
    return {
        (name, seed): findings
        for name, trial in rung.source.items()
        for (of, seed), findings in trial.findings.items()
        if of == name
    }
