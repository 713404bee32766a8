"""Passes: the analysis of a trace as an explicit, ordered series of small passes over one draft.

    analyze(trace).decision_points()

Third parties add passes by the decorator `@EXTRA_PASSES.register("name")`; they run after the built-in ones, take the
frozen `Anatomy` and return another.
"""

from collections.abc import Callable, Sequence

from fractionate.anatomy.code import set_code_aside
from fractionate.anatomy.contradiction import check_contradictions
from fractionate.anatomy.coverage import note_coverage
from fractionate.anatomy.doubts import doubt_steps
from fractionate.anatomy.draft import Draft, PartDraft, StepDraft
from fractionate.anatomy.establish import check_steps, establish, excuse, read_arithmetic, read_premises
from fractionate.anatomy.importance import weigh
from fractionate.anatomy.legible import note_unread
from fractionate.anatomy.links import link_steps, measure_coverage
from fractionate.anatomy.naming import check_names
from fractionate.anatomy.pieces import divide_steps
from fractionate.anatomy.redundancy import find_redundant
from fractionate.anatomy.references import read_references
from fractionate.anatomy.repairs import find_repairs
from fractionate.anatomy.roles import assign_roles
from fractionate.anatomy.segment import MOST_STEPS, steps_of
from fractionate.anatomy.solving import check_algebra
from fractionate.records import Anatomy, Part, Span, Trace
from fractionate.registry import Registry

EXTRA_PASSES: Registry[Callable[[Anatomy], Anatomy]] = Registry("anatomy_pass")
"""Third parties' passes, by name; entry-point group `fractionate.anatomy_pass`."""


def segment(draft: Draft) -> None:
    """The parts of the problem and the steps of the trace."""
    trace = draft.trace
    problem = steps_of(trace.problem, Span(0, len(trace.problem)))
    draft.premises = [PartDraft(i, s, s.of(trace.problem)) for i, s in enumerate(problem)]
    for part, span in _parts(trace):
        found = steps_of(trace.text, span) if draft.given is None else _within(draft.given, span)
        if len(found) >= MOST_STEPS:
            draft.note(f"more than {MOST_STEPS} steps: the rest of the {part} is one step")
        for s in found:
            draft.steps.append(StepDraft(len(draft.steps), s, s.of(trace.text), part=part))
    if not draft.steps:
        draft.note("the trace has no text")


READING: tuple[Callable[[Draft], None], ...] = (
    segment,
    note_unread,
    read_premises,
    read_arithmetic,
    set_code_aside,
    establish,
    check_algebra,
    check_names,
    excuse,
    assign_roles,
    check_contradictions,
    find_repairs,
    divide_steps,
    read_references,
    link_steps,
    check_steps,
    doubt_steps,
)
"""The built-in passes that find out what the steps are and what they use, in order."""
JUDGING: tuple[Callable[[Draft], None], ...] = (
    measure_coverage,
    note_coverage,
    find_redundant,
    weigh,
)
"""The built-in passes that judge what was found, whoever found it, in order."""
PASSES = (*READING, *JUDGING)


def analyze(trace: Trace, steps: Sequence[Span] | None = None) -> Anatomy:
    """Take a trace apart. Always gives an anatomy; its `notes` say what could not be read.

    `steps` are the spans of its steps in text order, where they are known; each must lie in one part of the trace.
    Raises nothing of its own; an error in a third party's pass is passed on.
    """
    return judge(read(trace, steps))


def read(trace: Trace, steps: Sequence[Span] | None = None) -> Draft:
    """What the built-in rules find in the trace, not judged yet."""
    draft = Draft(trace, given=steps)
    for work in READING:
        work(draft)
    return draft


def judge(draft: Draft, annotator: str = "builtin") -> Anatomy:
    """The anatomy of a draft that `annotator` has read."""
    draft.annotator = annotator
    for work in JUDGING:
        work(draft)
    anatomy = draft.finish()
    for name in sorted(EXTRA_PASSES):
        anatomy = EXTRA_PASSES[name](anatomy)
    return anatomy


def _within(spans: Sequence[Span], part: Span) -> list[Span]:
    return [s for s in spans if part.start <= s.start < part.end]


def _parts(trace: Trace) -> list[tuple[Part, Span]]:
    """The thinking and the solution in text order, without a shared character."""
    parts: list[tuple[Part, Span]] = [("solution", trace.solution)]
    if trace.thinking is not None:
        parts.append(("thinking", trace.thinking))
    parts.sort(key=lambda p: (p[1].start, p[1].end))
    ordered: list[tuple[Part, Span]] = []
    end = 0
    for part, span in parts:
        start = max(span.start, end)
        if start < span.end:
            ordered.append((part, Span(start, span.end)))
            end = span.end
    return ordered
