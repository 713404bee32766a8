"""Representation: intermediate values that can be read in hidden states before they are spoken.

taught, held_out = examples(model.chat, anatomies[:200]), examples(model.chat, anatomies[200:])
inside = look_inside(student, base, taught, held_out)        # Inside(student=ReadOut(…), base=…, shuffled=…)
LAYERS["representation"].score(Evidence(own=(), inside=inside))
"""

from collections.abc import Sequence

from fractionate.models import Model
from fractionate.models.chat import Chat
from fractionate.records import Anatomy
from fractionate.supervision import Example, NotApplicable, encode, recipe
from fractionate.supervision.targets import with_targets
from fractionate.training.probe import ReadOut, read_out, read_with_control
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, Inside, LayerScore
from fractionate.transfer.paired import UNKNOWN, Valued, above_chance

NAME = "representation"
DEPTH = 2 / 3
"""The layer that is read, as a share of the network's depth."""
READ = "compact"
"""The recipe whose text the student reads while it is probed."""


class Representation(FromAnswers):
    """Does the student know an intermediate value before it is spoken?

    Linear heads are fitted to the hidden states at the token before each step of right solutions that the student
    reads, and asked on problems that they were not fitted to: which whole number will this step give? The score is the
    share read right above the better of two controls: saying the commonest value, and heads that were fitted to the
    same states with their values shuffled: (right - control) / (1 - control), not below 0.

    Parts: `right`, `commonest`, `shuffled`, and `base`, the share that heads on the untouched base read right.

    Trivial: the untouched base's score, so that what pretraining knew is not taken for something learned.
    """

    name = NAME
    needs_states = True

    def score(self, evidence: Evidence) -> LayerScore:
        """The share read right, above the controls."""
        if evidence.inside is None:
            return LayerScore(NAME, UNKNOWN, 0, {})
        inside = evidence.inside
        control = max(inside.student.commonest, inside.shuffled.right)
        room = max(1.0 - control, 1e-9)
        rows = [Valued(r.trace_id, ((r.said == r.value) - control) / room) for r in inside.student.readings]
        value = above_chance(rows)
        parts = {
            "right": inside.student.right,
            "commonest": inside.student.commonest,
            "shuffled": inside.shuffled.right,
            "base": inside.base.right,
        }
        trivial = max(0.0, (inside.base.right - control) / room)
        return LayerScore(NAME, value, len(rows), parts, trivial)


LAYERS.register(NAME)(Representation())


def examples(chat: Chat, anatomies: Sequence[Anatomy]) -> list[Example]:
    """The solutions as they are read, with the next result as the target before each step; only those that have one."""
    build, found = recipe(READ), []
    for anatomy in anatomies:
        try:
            supervision = build(anatomy)
        except NotApplicable:
            continue
        example = with_targets(chat, encode(chat, supervision), supervision, anatomy, "steps")
        found += [example] if example.targets else []
    return found


def look_inside(
    student: Model,
    base: Model | ReadOut,
    taught: Sequence[Example],
    held_out: Sequence[Example],
    depth: float = DEPTH,
) -> Inside:
    """Fit heads to the states of both models on `taught`, and read them on `held_out`.

    The base's reading is the same for every student: pass its `ReadOut` where it is known.
    """
    read, shuffled = read_with_control(student, taught, held_out, depth)
    untouched = base if isinstance(base, ReadOut) else read_out(base, taught, held_out, depth)
    return Inside(read, untouched, shuffled)
