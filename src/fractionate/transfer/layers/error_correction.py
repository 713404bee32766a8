"""Error correction: mistakes planted into the student's own right solutions, and put right.

"Noah has 3 * 14 = 44 shells."  →  "Wait, that is not right. Noah has 3 * 14 = 42 shells. …"     # repaired
"""

from collections.abc import Sequence
from statistics import fmean

from fractionate.records import Item
from fractionate.transfer.interventions import INTERVENTIONS
from fractionate.transfer.interventions.base import valued
from fractionate.transfer.interventions.planted_mistake import NAME as PLANTED
from fractionate.transfer.interventions.planted_mistake import Outcome, outcomes
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, Gold, LayerScore
from fractionate.transfer.layers.matching import computes
from fractionate.transfer.own import Answered, by_pair, own_steps
from fractionate.transfer.paired import UNKNOWN, share

NAME = "error correction"


class ErrorCorrection(FromAnswers):
    """Does the student put right a mistake in its own steps?

    The share of planted mistakes (the intervention of that name) that it corrects: it ends with its own right answer
    again, and says that something was wrong or gives the right result of the spoiled step. To end right without either
    is to pass the step over, which a student can do that has its answer from elsewhere.

    Counted are its right answers: those whose steps a slip was planted into, and those without a computing step, which
    count as not corrected, because there is no reasoning that could be put right. Right answers whose steps offer no
    place for a slip are left out, and those to problems whose known solution computes nothing (a maze).

    Parts: the number `planted`, and of those the shares `noticed`, `passed over` and (where it can be told) `followed`.

    Trivial: 0, of a student that goes on from whatever stands there, or that does not look at it.
    """

    name = NAME
    prefills = True

    def follow_ups(self, own: Sequence[Answered], gold: Gold, seed: int) -> list[Item]:
        """The intervention's items: the same ones, so that they are asked once."""
        return INTERVENTIONS[PLANTED].items(own, seed)

    def score(self, evidence: Evidence) -> LayerScore:
        """The share corrected."""
        found = [o for o in outcomes(evidence.own, evidence.answered) if o.repaired is not None]
        silent = [
            a
            for a in by_pair(evidence.own).values()
            if a.score.right and not own_steps(a).computed and computes(evidence.gold.get(a.item.pair))
        ]
        n = len(found) + len(silent)
        if not n:
            return LayerScore(NAME, UNKNOWN, 0, {"planted": 0.0}, 0.0)
        parts = {"planted": float(len(found))}
        if found:
            followed = [o.followed for o in found if o.followed is not None]
            parts |= {"followed": fmean(followed)} if followed else {}
            parts |= {
                "noticed": fmean(o.noticed for o in found),
                "passed over": fmean(o.repaired is True and not _corrected(o) for o in found),
            }
        corrected = [valued(o.given, _corrected(o)) for o in found]
        return LayerScore(NAME, share([*corrected, *(valued(a, 0.0) for a in silent)]), n, parts, 0.0)


LAYERS.register(NAME)(ErrorCorrection())


def _corrected(outcome: Outcome) -> bool:
    return outcome.repaired is True and (outcome.noticed or outcome.restated)
