"""`imported`: the response as its dataset has it, each character with the weight that the dataset gives it.

    imported                         # of rows made for axolotl (segments) or ms-swift (loss, loss_scale)

The readers of these formats, or the traces' own `metadata.loss_spans` ([[start, end, weight], …]), say where loss
lies. Nothing is cut and no answer line is added: what is compared with it must say so. Only the end of the turn carries
loss in any case.
"""

from collections.abc import Iterator

from fractionate.records import Anatomy, Role, Segment, Span, Supervision
from fractionate.supervision.base import RECIPES, NotApplicable, Recipe
from fractionate.supervision.weights import weighed
from fractionate.traces.weights import loss_spans


@RECIPES.register("imported")
def imported(seed: int = 0) -> Recipe:
    """The whole response, with loss where its dataset put it."""

    def build(anatomy: Anatomy) -> Supervision:
        trace = anatomy.trace
        spans = loss_spans(trace)
        if spans is None:
            raise NotApplicable("the trace brings no spans with loss of its own")
        segments = tuple(weighed(_everything(anatomy), spans))
        return Supervision(
            trace.id, "imported", trace.problem, segments, answer=trace.answer, history=trace.history
        )

    return build


def _everything(anatomy: Anatomy) -> Iterator[Segment]:
    """All of the text: steps with the white space behind them, and what stands between steps as wording."""
    text = anatomy.trace.text
    starts = [step.span.start for step in anatomy.steps] + [len(text)]
    if text[: starts[0]]:
        yield Segment(text[: starts[0]], Span(0, starts[0]), role=Role.LANGUAGE)
    for step, following in zip(anatomy.steps, starts[1:], strict=True):
        blank = not text[step.span.end : following].strip()
        end = following if blank else step.span.end
        concludes = step.kind == "conclude" and step.part == "solution"
        role = None if concludes else step.role
        yield Segment(text[step.span.start : end], Span(step.span.start, end), (step.index,), role)
        if not blank:
            yield Segment(text[end:following], Span(end, following), role=Role.LANGUAGE)
