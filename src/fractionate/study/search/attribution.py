"""Which role does what: effects of switching each on transfer, imitation and every layer.

    rung = largest_whole(candidates, rungs)
    found = attribution(candidates, rung)
    found["transfer"][0]          # Effect(term="structure", value=Interval(0.12, 0.06, 0.18), mixed_with=())

The students are those of the largest rung in which all arms of the factorial took part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fractionate.config import BASE
from fractionate.records import Score
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.effects import Effect, effects_of
from fractionate.study.search.rungs import Rung
from fractionate.transfer.findings import Findings
from fractionate.transfer.statistics import transfer_score

Student = tuple[str, int]


def attribution(
    candidates: Candidates, rung: Rung, more: Mapping[str, Mapping[Student, float]] | None = None
) -> dict[str, list[Effect]]:
    """Effects by measure, `more` of them beside those of the rung; empty where no factorial was run."""
    if not candidates.factorial:
        return {}
    wanted = {arm.recipe for arm in candidates.factorial}
    measures = {**measures_of(rung), **(more or {})}
    return {
        measure: found
        for measure, values in measures.items()
        if (found := effects_of(candidates.factorial, {k: v for k, v in values.items() if k[0] in wanted}))
    }


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
