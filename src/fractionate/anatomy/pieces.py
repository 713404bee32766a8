"""Pieces: a step that mixes roles, divided where its clauses change role.

    "Wait, that can't be right, let me recompute: 3 * 4 = 12."
    # error signal "Wait, that can't be right,", decomposition "let me recompute:", structure "3 * 4 = 12."

A clause has a role of its own where a cue says so: a doubt, a judgment, an intent, a pleasantry. All others have the
step's role, which is that of its main piece; a step whose clauses agree has no pieces.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from fractionate.anatomy import cues
from fractionate.anatomy.draft import READ_LIMIT, Draft, StepDraft
from fractionate.records import Piece, Role, Span

_CUT = re.compile(r"(?<=,)\s++(?!\d)|(?<=[:;.!?…—])\s+|(?<!\s)\s++(?=(?:but|so|and\s+(?:so|now))\s)")
_LEFT_SIDE = re.compile(r"\b(?:is|are|was|be|equals|gives?|get|have|becomes?):$")
"""How a clause ends that is completed by what follows the colon."""
_DIGIT = re.compile(r"\d")
_GOAL = re.compile(r"\W*(?:in\s+order\s+)?to\s", re.IGNORECASE)


def divide_steps(draft: Draft) -> None:
    """The pieces of every step that mixes roles."""
    for step in draft.steps:
        if len(step.text) <= READ_LIMIT:
            step.pieces = pieces(step)


def pieces(step: StepDraft) -> tuple[Piece, ...]:
    """In text order, together covering the step up to white space; none for a step of one role."""
    clauses = list(_clauses(step.text, step.head))
    if len(clauses) < 2:
        return ()
    roles = [_own_role(step.text[max(c.start, step.head) : c.end], step.role) or step.role for c in clauses]
    if step.role not in roles or roles.count(step.role) == len(roles):
        return ()
    found = []
    for role, group in groupby(zip(roles, clauses, strict=True), key=lambda pair: pair[0]):
        spans = [clause for _, clause in group]
        found.append(Piece(Span(step.span.start + spans[0].start, step.span.start + spans[-1].end), role))
    return tuple(found)


def _clauses(text: str, head: int) -> Iterator[Span]:
    """The clauses of a step; its label belongs to the first."""
    at = 0
    for cut in _CUT.finditer(text, head):
        if at < cut.start():
            yield Span(at, cut.start())
        at = cut.end()
    if at < len(text):
        yield Span(at, len(text))


def _own_role(clause: str, main: Role) -> Role | None:
    """The role that a cue gives a clause of a step of role `main`; None if it has the same."""
    if cues.HESITATES.match(clause):
        return Role.ERROR_SIGNAL
    if cues.CHATS.match(clause):
        return None if main is Role.ERROR_SIGNAL else Role.LANGUAGE  # the "yes" of a check is its verdict
    if "=" in clause:
        return None
    if cues.MISTAKE.search(clause) or cues.OPINION.search(clause) or cues.UNSURE.search(clause):
        return Role.ERROR_SIGNAL
    worked = (
        main is Role.STRUCTURE and _DIGIT.search(clause) is not None
    )  # "we need to add 3 and 4, which gives 7"
    if _GOAL.match(clause) or (not worked and _ahead(clause)):
        return Role.DECOMPOSITION
    return None


def _ahead(clause: str) -> bool:
    return (clause.endswith(":") and not _LEFT_SIDE.search(clause)) or cues.INTENT.search(clause) is not None
