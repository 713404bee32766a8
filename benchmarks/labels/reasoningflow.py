"""ReasoningFlow: dependency graphs of long traces, with people's nodes given, and step boundaries on the raw text.

Links are edges between nodes of any kind, direction kept; those from the question's nodes count as the question as
a whole, and ours of every confidence count. Baselines: the node before. Roles: planning is decomposition, reflection
an error signal, restatement language, the rest structure; baseline: all structure. Boundaries: places between two
nodes, of ours within three characters of one of theirs; baseline: every sentence end and line break. A row a folder
of annotators, clusters are documents.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.labels.files import Fields, Unscored, attempt, label_files
from benchmarks.labels.score import Case, Counts, classes, f1, macro_f1, row, sets
from benchmarks.labels.suites import SUITES, Scored
from fractionate.anatomy import analyze
from fractionate.records import Role, Span, Trace

ROLES = {
    "planning": Role.DECOMPOSITION,
    "reflection": Role.ERROR_SIGNAL,
    "restatement": Role.LANGUAGE,
}
NEAR = 3
"""Characters between two boundaries that are the same."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@SUITES.register("reasoningflow")
def reasoningflow(folder: Path) -> Iterator[Scored]:
    """A row a folder of annotators."""
    for people in sorted(p for p in folder.iterdir() if p.is_dir()):
        found = []
        for file in label_files(people):
            cases = attempt(file, lambda rows: _cases(rows[0]))
            if isinstance(cases, Unscored):
                yield f"reasoningflow/{people.name}/{file.stem}", cases
            else:
                found.append(cases)
        if found:
            links, roles, boundaries = (list(cases) for cases in zip(*found, strict=True))
            scored = row("links_f1", links, f1) | row("roles_macro_f1", roles, macro_f1)
            yield f"reasoningflow/{people.name}", scored | row("boundaries_f1", boundaries, f1)


def _cases(document: Fields) -> tuple[Case, Case, Case]:
    id, question, text = (
        document["doc_id"],
        document["raw_text"]["question"],
        document["raw_text"]["response"],
    )
    nodes = [n for n in document["nodes"] if n["source"] == "response"]
    nodes.sort(key=lambda n: (n["start"], n["end"]))
    place = {n["id"]: i for i, n in enumerate(nodes)}
    gold = {
        (place[edge["dest_node_id"]], place.get(edge["source_node_id"], -1))
        for edge in document["edges"]
        if edge["dest_node_id"] in place
    }
    whole = Trace(id, question, text, Span(0, len(text)))
    given = analyze(whole, apart([Span(n["start"], n["end"]) for n in nodes]))
    ours = {(u.user, -1 if u.source_is == "premise" else u.source) for u in given.links}
    before = {(i, i - 1) for i in range(len(nodes))}
    links = Case(id, sets(ours, gold), {"node before": sets(before, gold)})
    truth = [ROLES.get(n["label"], Role.STRUCTURE).value for n in nodes]
    said = [step.role.value for step in given.steps]
    constant = {"all structure": classes([Role.STRUCTURE.value] * len(truth), truth)}
    roles = Case(id, classes(said, truth), constant)
    edges = [n["start"] for n in nodes if n["start"]]
    cuts = [s.span.start for s in analyze(whole).steps if s.span.start]
    plain = [m.end() for m in _SENTENCE.finditer(text)]
    return links, roles, Case(id, matched(cuts, edges), {"sentences": matched(plain, edges)})


def apart(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, each ending where the next one starts if it reached into it."""
    cut = [Span(a.start, min(a.end, b.start)) for a, b in pairwise(spans)]
    return [*cut, *spans[-1:]]


def matched(found: Sequence[int], gold: Sequence[int]) -> Counts:
    """One to one, in order, within a few characters."""
    i = j = hits = 0
    found, gold = sorted(found), sorted(gold)
    while i < len(found) and j < len(gold):
        if abs(found[i] - gold[j]) <= NEAR:
            hits, i, j = hits + 1, i + 1, j + 1
        elif found[i] < gold[j]:
            i += 1
        else:
            j += 1
    return {"tp": hits, "fp": len(found) - hits, "fn": len(gold) - hits}
