"""What a recipe is, and the few moves that recipes are made of.

    build = recipe("decision_points", seed=0)     # a Recipe by name
    supervision = build(anatomy)                  # Anatomy → Supervision

A recipe picks steps; `quote` puts them into segments that point back into the teacher's text; every recipe ends
in the same written answer line, so that arms differ in their reasoning and not in how the answer is said. For
that reason the teacher's own bare statement of the answer (kind `conclude`) is never quoted in a solution.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from fractionate.records import Anatomy, Role, Segment, Span, Step, Supervision
from fractionate.registry import Registry


class NotApplicable(Exception):  # noqa: N818 - it is no error: this trace has nothing for the recipe
    """The trace lacks what the recipe keeps (a thinking part, say); the message says what."""


class Recipe(Protocol):
    """A named way from anatomy to supervision. Raises `NotApplicable` where a trace has nothing for it."""

    def __call__(self, anatomy: Anatomy) -> Supervision:
        """The supervision that this recipe makes of the trace."""
        ...


RECIPES: Registry[Callable[[int], Recipe]] = Registry("recipe", home="fractionate.supervision.recipes")
"""Recipe factories by name; each takes a seed."""


def recipe(name: str, seed: int = 0) -> Recipe:
    """The recipe of that name.

    Raises:
        InputError: there is none; the nearest names are given.
    """
    return RECIPES[name](seed)


def answer_line(answer: str) -> str:
    """The line that ends every response."""
    return f"The answer is {answer}."


def supervise(anatomy: Anatomy, name: str, segments: Sequence[Segment]) -> Supervision:
    """The segments followed by the answer line, as a `Supervision`."""
    trace = anatomy.trace
    answer = trace.answer if trace.answer is not None else trace.gold
    if answer is None:
        raise NotApplicable("the trace states no answer")
    end = [Segment(answer_line(answer))]
    glue = [Segment("\n")] if segments else []
    return Supervision(
        trace.id, name, trace.problem, (*segments, *glue, *end), answer=answer, history=trace.history
    )


def quotable(anatomy: Anatomy) -> tuple[Step, ...]:
    """Steps that may be quoted: all but bare statements of the answer in the solution."""
    return tuple(s for s in anatomy.steps if not (s.kind == "conclude" and s.part == "solution"))


def quote(anatomy: Anatomy, steps: Iterable[Step]) -> list[Segment]:
    """The steps in the teacher's words; between steps that did not touch stands one newline or space."""
    segments: list[Segment] = []
    text = anatomy.trace.text
    previous: Step | None = None
    for step in sorted(steps, key=lambda s: s.index):
        pieces = quote_span(anatomy, step.span, step.role, (step.index,))
        if previous is not None and pieces:
            before = anatomy.steps[step.index - 1].span.end
            gap = "\n" if "\n" in text[before : step.span.start] else " "
            segments.append(Segment(gap, role=step.role))
        segments += pieces
        previous = step if pieces else previous
    return segments


def quote_span(anatomy: Anatomy, span: Span, role: Role | None, steps: tuple[int, ...] = ()) -> list[Segment]:
    """The span of the trace's text, without the asides in it."""
    cuts = [a for a in anatomy.asides if a.overlaps(span)]
    starts = [span.start, *(a.end for a in cuts)]
    ends = [*(a.start for a in cuts), span.end]
    text = anatomy.trace.text
    return [
        Segment(text[start:end], Span(start, end), steps, role)
        for start, end in zip(starts, ends, strict=True)
        if start < end
    ]


def quote_whole(anatomy: Anatomy, part: Span) -> list[Segment]:
    """All of `part` as it stands, gaps included, up to the teacher's closing statement of the answer."""
    left_out = {s.index for s in anatomy.steps} - {s.index for s in quotable(anatomy)}
    segments: list[Segment] = []
    at = part.start
    for step in anatomy.steps:
        if step.span.start < part.start or step.span.end > part.end:
            continue
        segments += quote_span(anatomy, Span(at, step.span.start), Role.LANGUAGE)
        if step.index not in left_out:
            segments += quote_span(anatomy, step.span, step.role, (step.index,))
        at = step.span.end
    segments += quote_span(anatomy, Span(at, part.end), Role.LANGUAGE)
    return _stripped(segments)


def _stripped(segments: list[Segment]) -> list[Segment]:
    """Without the white space at both ends."""
    while segments and not segments[0].text.strip():
        segments = segments[1:]
    while segments and not segments[-1].text.strip():
        segments = segments[:-1]
    return segments
