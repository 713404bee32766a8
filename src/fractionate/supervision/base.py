"""What a recipe is, and the few moves that recipes are made of.

    build = recipe("decision_points", seed=0)     # a Recipe by name
    supervision = build(anatomy)                  # Anatomy → Supervision

A recipe picks steps; `quote` puts them into segments that point back into the teacher's text; every recipe ends
in the same written answer line, so that arms differ in their reasoning and not in how the answer is said. For
that reason the teacher's own bare statement of the answer (kind `conclude`) is never quoted in a solution.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from fractionate.records import Anatomy, Piece, Role, Segment, Span, Step, Supervision
from fractionate.registry import Registry
from fractionate.supervision.options import called


class NotApplicable(Exception):  # noqa: N818 - it is no error: this trace has nothing for the recipe
    """The trace lacks what the recipe keeps (a thinking part, say); the message says what."""


class Recipe(Protocol):
    """A named way from anatomy to supervision. Raises `NotApplicable` where a trace has nothing for it."""

    def __call__(self, anatomy: Anatomy) -> Supervision:
        """The supervision that this recipe makes of the trace."""
        ...


RECIPES: Registry[Callable[..., Recipe]] = Registry("recipe", home="fractionate.supervision.recipes")
"""Recipe factories by name; each takes a seed, and options by keyword."""


def recipe(name: str, seed: int = 0) -> Recipe:
    """The recipe of that name, with its options: `recipe("keep?r=0.25")`.

    Raises:
        InputError: there is no such recipe or option; the nearest names are given.
    """
    return called(RECIPES, name, seed)


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
    glue = [Segment("\n")] if any(s.visibility == "response" for s in segments) else []
    return Supervision(
        trace.id, name, trace.problem, (*segments, *glue, *end), answer=answer, history=trace.history
    )


def quotable(anatomy: Anatomy) -> tuple[Step, ...]:
    """Steps that may be quoted: all but bare statements of the answer in the solution."""
    return tuple(s for s in anatomy.steps if not (s.kind == "conclude" and s.part == "solution"))


def hints_of(supervision: Supervision) -> list[Segment]:
    """What is given on the prompt's side."""
    return [s for s in supervision.segments if s.visibility == "prompt"]


def steps_in(anatomy: Anatomy, supervision: Supervision) -> list[Step]:
    """The steps that a supervision quotes or stands for."""
    return [anatomy.steps[i] for i in sorted({i for s in supervision.segments for i in s.steps})]


class Unit(NamedTuple):
    """A step on its way into a supervision: what stands for it, and what parts it from a unit before it."""

    step: Step
    segments: tuple[Segment, ...]
    gap: str


def units(anatomy: Anatomy, steps: Iterable[Step]) -> list[Unit]:
    """The steps in the teacher's words and order, the pieces of a mixed step each under its own role."""
    text = anatomy.trace.text
    found = []
    for step in sorted(steps, key=lambda s: s.index):
        pieces = step.pieces or (Piece(step.span, step.role),)
        ends = [piece.span.start for piece in pieces[1:]] + [step.span.end]
        starts = [step.span.start, *ends[:-1]]
        segments = [
            segment
            for piece, start, end in zip(pieces, starts, ends, strict=True)
            for segment in quote_span(anatomy, Span(start, end), piece.role, (step.index,))
        ]
        before = anatomy.steps[step.index - 1].span.end if step.index else 0
        gap = "\n" if "\n" in text[before : step.span.start] else " "
        if segments:
            found.append(Unit(step, tuple(segments), gap))
    return found


def units_in(anatomy: Anatomy, supervision: Supervision) -> list[Unit]:
    """What stands for steps in the response, as a recipe wrote or quoted and weighed it, without the answer line."""
    found: list[Unit] = []
    gap: str | None = ""
    for segment in supervision.segments:
        if segment.visibility != "response":
            continue
        if not segment.steps or segment.role is None:
            gap = (gap or "") + segment.text
        elif gap is None and found[-1].segments[-1].steps == segment.steps:
            found[-1] = found[-1]._replace(segments=(*found[-1].segments, segment))
        else:
            found.append(Unit(anatomy.steps[segment.steps[0]], (segment,), gap or ""))
            gap = None
    return found


def joined(units: Iterable[Unit]) -> list[Segment]:
    """The units' segments in order; the gap between two units carries what follows it carries."""
    segments: list[Segment] = []
    for unit in units:
        first = unit.segments[0]
        if segments and unit.gap:
            segments.append(Segment(unit.gap, role=first.role, weight=first.weight))
        segments += unit.segments
    return segments


def quote(anatomy: Anatomy, steps: Iterable[Step]) -> list[Segment]:
    """The steps in the teacher's words; between two steps stands one newline or space."""
    return joined(units(anatomy, steps))


def lines(written: Sequence[Segment]) -> list[Segment]:
    """Written segments, a line each."""
    return [s for i, w in enumerate(written) for s in ([Segment("\n", role=w.role)] if i else []) + [w]]


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
