"""Representation: intermediate values that can be read in hidden states before they are spoken.

read = examples(model.chat, home.solved)                     # solutions, cut where the last value is about to come
inside = look_inside(student, base, read)                    # Inside(student=Sizes(…), base=…, shuffled=…)
LAYERS["representation"].score(Evidence(own=(), inside=inside))
"""

from collections.abc import Sequence
from dataclasses import replace

from fractionate.models import Model
from fractionate.models.chat import Chat
from fractionate.records import Anatomy
from fractionate.supervision import Example, NotApplicable, encode, recipe
from fractionate.supervision.targets import with_targets
from fractionate.training.sizes import DEPTHS, Sizes, read_sizes, read_with_control
from fractionate.training.states import read_states
from fractionate.transfer.layers.base import LAYERS, Evidence, FromAnswers, Inside, LayerScore
from fractionate.transfer.paired import UNKNOWN, Valued, above_chance

NAME = "representation"
READ = "compact"
"""The recipe whose text the student reads while it is probed."""


class Representation(FromAnswers):
    """Does the student know more of an intermediate value, before it is spoken, than before it was trained?

    Students read right solutions of problems that they did not learn. From the hidden states at the token before each
    step, linear heads (ridge regression) read the size of the value that the step will give, log(1 + value), on
    problems that the heads were not fitted to; what is read is the share of the variance of sizes that they explain.
    The score is the share read of what the better of two controls leaves unexplained: the same heads on the untouched
    base, and on the student with the values shuffled: (read - control) / (1 - control), not below 0.

    Sizes and not digits: before a step begins, SmolLM2-135M's states give its exact value away hardly more often than
    the commonest value is right; once the operation stands in the text they do, in the untouched base as well. A size
    that is read was not necessarily computed: the numbers and words of a ledger problem tell more of it than any of its
    students' states, and a student that has learned which of them count gains here too.

    Parts: `read`, `base` and `shuffled`, the shares explained.

    Trivial: 0, of the untouched base: what pretraining knew is not taken for something learned.
    """

    name = NAME
    needs_states = True

    def score(self, evidence: Evidence) -> LayerScore:
        """The share read, of what the controls leave."""
        if evidence.inside is None:
            return LayerScore(NAME, UNKNOWN, 0, {})
        student, base, shuffled = (evidence.inside.student, evidence.inside.base, evidence.inside.shuffled)
        control = max((base, shuffled), key=lambda sizes: sizes.explained)
        known = control.shares() if control.explained > 0 else [0.0] * len(control.readings)
        room = max(1.0 - max(control.explained, 0.0), 1e-9)
        shares = zip(student.readings, student.shares(), known, strict=True)
        rows = [Valued(reading.trace_id, (own - other) / room) for reading, own, other in shares]
        parts = {"read": student.explained, "base": base.explained, "shuffled": shuffled.explained}
        return LayerScore(NAME, above_chance(rows), len(rows), parts, 0.0)


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
        found += [_cut(example)] if example.targets else []
    return found


def look_inside(student: Model, base: Model | Sizes, read: Sequence[Example]) -> Inside:
    """What heads read in both models' states of these solutions.

    The base's reading is the same for every student: pass its `Sizes` where they are known.
    """
    own, shuffled = read_with_control(read_states(student, read, DEPTHS))
    if isinstance(base, Model):
        base = own if base is student else read_sizes(read_states(base, read, DEPTHS))
    return Inside(own, base, shuffled)


def _cut(example: Example) -> Example:
    """Up to its last target: what follows changes no state that is read."""
    end = 1 + max(target.position for target in example.targets)
    return replace(example, ids=example.ids[:end], weights=example.weights[:end], roles=example.roles[:end])
