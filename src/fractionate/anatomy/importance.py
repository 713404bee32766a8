"""Importance: on which steps the answer depends, and which of them could have gone another way.

From the step that gives the answer the links are followed backwards. A step uses all of its sources together, so
whatever is reached by value or reference is on every way to the answer (`paths` "all": without it the answer
cannot be derived). What is reached only through a guessed discourse link is on "some", the rest on "none"; what a
step merely goes on from in the text is not followed.

A decision point is on all paths and could have gone another way: another operator on its operands gives, as often as
not, another plausible value that changes the answer (`alternatives`). Where a step does not write its computation, one
that draws a new value from two sources and more counts as a decision. Conclusions, copies and restatements are forced.
"""

from collections import Counter

from fractionate.anatomy.alternatives import ValueGraph
from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.values import canonical_answer
from fractionate.records import DEPENDS, Link

UNREAD = "a computation on the way to the answer is not written out: whether it could have gone another way is a guess"


def weigh(draft: Draft) -> None:
    """`paths` and `decision` of every step."""
    final = _final(draft)
    if final is None:
        return
    sources: dict[int, list[Link]] = {}
    for link in draft.links:
        if link.source_is == "step" and link.confidence >= DEPENDS:
            sources.setdefault(link.user, []).append(link)
    uses = Counter(link.user for link in draft.links if link.via != "discourse")
    certain = _reached(final, sources, guesses=False)
    for index in _reached(final, sources, guesses=True):
        step = draft.steps[index]
        step.paths = "all" if index in certain else "none" if step.redundant else "some"
    graph = ValueGraph(draft, certain, final.index)
    for step in (draft.steps[i] for i in certain):
        if _could_differ(step, uses[step.index]):
            executed = graph.decides(step)
            step.decision = executed is not False
            if executed is None:
                draft.note(UNREAD)


def _final(draft: Draft) -> StepDraft | None:
    """The step that gives the answer: the last conclusion, else the last step that establishes it."""
    answer = canonical_answer(draft.trace.answer)
    conclusions = [s for s in draft.steps if s.kind == "conclude"]
    if conclusions:
        final = conclusions[-1]
        if answer is not None and not any(
            u.user == final.index and u.via != "discourse" for u in draft.links
        ):
            draft.note("the answer cannot be traced by value: the conclusion follows from the step before it")
        return final
    structural = [s for s in draft.steps if s.structural]
    if answer is not None:
        giving = [s for s in structural if any(answer in m.readings for m in s.results)]
        if giving:
            return giving[-1]
    if structural:
        draft.note("no step gives the answer: importance starts from the last structural step")
        return structural[-1]
    if draft.steps:
        draft.note("no step states a result: importance is unknown")
    return None


def _reached(final: StepDraft, sources: dict[int, list[Link]], guesses: bool) -> set[int]:
    """The steps reached backwards; `guesses` follows discourse links too, otherwise only the conclusion's."""
    reached = {final.index}
    pending = [final.index]
    while pending:
        user = pending.pop()
        for link in sources.get(user, ()):
            follow = guesses or link.confidence >= 0.5 or user == final.index
            if follow and link.source not in reached:
                reached.add(link.source)
                pending.append(link.source)
    return reached


def _could_differ(step: StepDraft, uses: int) -> bool:
    """Whether the step computes, or draws something new from two sources and more."""
    drawn = bool(step.fresh) and uses > 1 and step.kind in ("compute", "infer", "correction")
    return drawn or (step.operations > 0 and step.kind in ("compute", "correction"))
