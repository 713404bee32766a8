"""Imitation, for contrast: how much a student's text is like the teacher's. It says nothing about being right.

    taught = likelihoods(model, anatomies)                  # nats a token of the teacher's text, on held-out problems
    own = likelihoods(model, anatomies, "compact")          # of what the arm's recipe makes of it
    rows = imitation_rows(anatomies, items, responses, taught, own)
    imitation(rows)
    # Imitation(score=Interval(0.58, …), likelihood=Interval(-0.41, …), token_overlap=…, same_graph=…, n=60)

The score is the mean of token overlap and step overlap. Both are about wording: a student that writes the teacher's
sentences with other numbers scores high. `same_graph` asks whether the content is the same. What stands beside it as
trivial baseline is the same of the untouched base, and of the traces of other problems: `mispaired(anatomies)` in the
place of `anatomies`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from fractionate.anatomy import analyze
from fractionate.errors import InputError
from fractionate.models import Model, Passage
from fractionate.models import score as logprobs
from fractionate.records import DEPENDS, Anatomy, Item, Response, Span, Supervision, Trace
from fractionate.supervision import Example, NotApplicable, is_schedule, recipe, schedule
from fractionate.supervision.encode import encode_all
from fractionate.transfer.likeness import counterparts, overlap, words_of
from fractionate.transfer.paired import Valued, mean, share
from fractionate.transfer.statistics import Interval

TAUGHT = "full"
"""The recipe that renders what the teacher wrote."""
Graph = tuple[frozenset[str], frozenset[tuple[str, str]]]
"""Established values, and the pairs of which the first is used to establish the second."""


@dataclass(frozen=True, slots=True)
class ImitationRow:
    """One held-out trace; shares in 0 to 1, likelihoods in nats a token, None where there is nothing to compare.

    `cluster` ties traces of one problem.
    """

    trace: str
    cluster: str
    token_overlap: float
    step_overlap: float
    same_graph: float | None = None
    likelihood: float | None = None
    own_likelihood: float | None = None

    @property
    def score(self) -> float:
        """Likeness of wording."""
        return (self.token_overlap + self.step_overlap) / 2


@dataclass(frozen=True, slots=True)
class Imitation:
    """A student beside the teacher, over `n` held-out problems.

    `score` is the summary: the mean of `token_overlap` (F1 of words in common order) and `step_overlap` (share of the
    teacher's steps that the student says too). `same_graph` is the share of responses that establish the same values
    from the same values. `likelihood` is of the teacher's text, `own_likelihood` of what the arm's own recipe makes
    of it, both the mean log-probability in nats a token with loss.
    """

    score: Interval
    token_overlap: Interval
    step_overlap: Interval
    same_graph: Interval | None
    likelihood: Interval | None
    own_likelihood: Interval | None
    n: int


def likelihoods(
    model: Model,
    anatomies: Sequence[Anatomy],
    arm: str = TAUGHT,
    *,
    seed: int = 0,
    on_done: Callable[[int], None] = lambda tokens: None,
) -> list[float | None]:
    """The mean log-probability of each trace's tokens with loss, as the student would be trained on it.

    `arm` is a recipe or a schedule, which counts as it is at the end of training. None where it has nothing for a
    trace, or where that is longer than the model's context. `on_done` is told how many tokens were just read.
    """
    built = [_rendered(anatomy, arm, seed) for anatomy in anatomies]
    encoded = iter(encode_all(model.chat, [s for s in built if s is not None]))
    examples = [None if s is None else next(encoded) for s in built]
    fit = [e for e in examples if isinstance(e, Example) and len(e.ids) <= model.context]
    found = iter(logprobs(model, [Passage(e.ids, e.prompt_length) for e in fit], on_done=on_done))
    fitting = {id(e) for e in fit}
    return [_mean(e, next(found)) if isinstance(e, Example) and id(e) in fitting else None for e in examples]


def _rendered(anatomy: Anatomy, arm: str, seed: int) -> Supervision | None:
    try:
        if is_schedule(arm):
            return schedule(arm, seed)(anatomy).at(1.0)
        return recipe(arm, seed)(anatomy)
    except NotApplicable:
        return None


def _mean(example: Example, values: Sequence[float]) -> float:
    """Over the tokens with loss; `values` are those of the whole response."""
    weights = example.weights[example.prompt_length :]
    return fmean(value for value, weight in zip(values, weights, strict=True) if weight > 0)


def teacher_text(anatomy: Anatomy) -> str:
    """What the teacher wrote as a student would be taught to write it; as it stands where it states no answer."""
    built = _rendered(anatomy, TAUGHT, 0)
    return anatomy.trace.text if built is None else built.response()


def imitation_rows(
    anatomies: Sequence[Anatomy],
    items: Sequence[Item],
    responses: Sequence[Response],
    taught: Sequence[float | None],
    own: Sequence[float | None],
) -> list[ImitationRow]:
    """A row for each trace whose problem was answered; several answers to one problem are averaged.

    An item belongs to the trace that its `pair` names: any plain cell over the traces' problems will do. `taught` and
    `own` are the `likelihoods` of the traces under `full` and under the arm's own recipe.
    """
    about = {item.id: item.pair for item in items}
    said: dict[str, list[str]] = {}
    for response in responses:
        said.setdefault(about.get(response.item, ""), []).append(response.text)
    return [
        replace(compare(anatomy, texts), likelihood=full, own_likelihood=of_recipe)
        for anatomy, full, of_recipe in zip(anatomies, taught, own, strict=True)
        if (texts := said.get(anatomy.trace.id))
    ]


def compare(anatomy: Anatomy, texts: Sequence[str]) -> ImitationRow:
    """A teacher's trace beside what a student wrote for the same problem, or for another."""
    teacher = _read(anatomy.trace, teacher_text(anatomy))
    students = [_read(anatomy.trace, text) for text in texts]
    graph = graph_of(teacher)
    wanted = words_of(teacher.trace.text)
    return ImitationRow(
        anatomy.trace.id,
        anatomy.trace.problem,
        fmean(overlap(wanted, words_of(s.trace.text)) for s in students),
        fmean(counterparts(_said(teacher), _said(s)) for s in students),
        same_graph=fmean(graph_of(s) == graph for s in students) if graph[0] else None,
    )


def _read(about: Trace, text: str) -> Anatomy:
    """Teacher and student by the same rules: a teacher's own text is its own graph, whoever annotated it before."""
    return analyze(Trace(about.id, about.problem, text, Span(0, len(text)), history=about.history))


def _said(anatomy: Anatomy) -> list[list[str]]:
    """The words of each step but the bare statement of the answer."""
    return [words_of(s.span.of(anatomy.trace.text)) for s in anatomy.steps if s.kind != "conclude"]


def graph_of(anatomy: Anatomy) -> Graph:
    """The values that the answer depends on, and which of them lead to which; saying the answer establishes none."""
    results = {s.index: frozenset(s.results) for s in anatomy.needed() if s.results and s.kind != "conclude"}
    links = {
        (source, user)
        for link in anatomy.links
        if link.source_is == "step" and link.confidence >= DEPENDS
        for source in results.get(link.source, ())
        for user in results.get(link.user, ())
    }
    return frozenset().union(*results.values()), frozenset(links)


def mispaired(anatomies: Sequence[Anatomy]) -> list[Anatomy]:
    """Each problem with the trace of another one: what likeness is worth that owes nothing to the problem.

    Each takes the text of the next trace whose problem differs; none is left where all problems are the same.
    """
    found = []
    for i, anatomy in enumerate(anatomies):
        after = [*anatomies[i + 1 :], *anatomies[:i]]
        other = next((a for a in after if a.trace.problem != anatomy.trace.problem), None)
        if other is not None:
            about = anatomy.trace
            trace = replace(other.trace, id=about.id, problem=about.problem, history=about.history)
            found.append(replace(other, trace=trace, premises=(), links=()))
    return found


def imitation(rows: Sequence[ImitationRow]) -> Imitation:
    """The rows together, each problem counted once.

    Raises:
        InputError: there are none.
    """
    if not rows:
        raise InputError(
            "imitation: no response is to a problem of the held-out traces; ask a plain cell of them"
        )
    return Imitation(
        score=_likeness(rows, lambda r: r.score),
        token_overlap=_likeness(rows, lambda r: r.token_overlap),
        step_overlap=_likeness(rows, lambda r: r.step_overlap),
        same_graph=_share(rows, lambda r: r.same_graph),
        likelihood=mean(list(_by_cluster(rows, lambda r: r.likelihood).values()), high=0.0),
        own_likelihood=mean(list(_by_cluster(rows, lambda r: r.own_likelihood).values()), high=0.0),
        n=len({r.cluster for r in rows}),
    )


def _likeness(rows: Sequence[ImitationRow], of: Callable[[ImitationRow], float]) -> Interval:
    found = mean(list(_by_cluster(rows, of).values()), 0.0, 1.0)
    assert found is not None, "every row has its overlaps"
    return found


def _share(rows: Sequence[ImitationRow], of: Callable[[ImitationRow], float | None]) -> Interval | None:
    found = [Valued(cluster, value) for cluster, value in _by_cluster(rows, of).items()]
    return share(found) if found else None


def _by_cluster(rows: Sequence[ImitationRow], of: Callable[[ImitationRow], float | None]) -> dict[str, float]:
    """The mean of each problem that has a value."""
    found: dict[str, list[float]] = {}
    for row in rows:
        value = of(row)
        if value is not None:
            found.setdefault(row.cluster, []).append(value)
    return {cluster: fmean(values) for cluster, values in found.items()}
