"""What is wrong in a trace: its steps, or its end.

mistaken(anatomy)      # frozenset({3, 4}): a wrong step and one that carries its result on
ends_wrong(anatomy)    # True: it concludes 12, the right answer is 13
"""

from fractionate.checking import same_answer
from fractionate.records import Anatomy, Role


def mistaken(anatomy: Anatomy) -> frozenset[int]:
    """The steps that are wrong or carry the first mistake on; not those that notice it."""
    carried = {i for i in anatomy.collapse() if anatomy.steps[i].role is Role.STRUCTURE}
    return frozenset(carried | {s.index for s in anatomy.steps if s.check == "wrong"})


def ends_wrong(anatomy: Anatomy) -> bool:
    """Whether the trace is known to conclude another answer than the right one."""
    trace = anatomy.trace
    if trace.answer is None or trace.gold is None or trace.answer == trace.gold:
        return False
    return same_answer(trace.gold, trace.answer).same is False
