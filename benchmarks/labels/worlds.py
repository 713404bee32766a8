"""The worlds' own problems: links, roles, decision points and first mistakes against exact gold, by dial.

Every wording and every dial of mistakes is a row. The worlds' links say what a step depends on, so ours of less
confidence than `DEPENDS` do not count. Baselines: the step before; all structure; every step, or every computation, a
decision point; always no mistake, or always the first step.
"""

from collections.abc import Iterator
from itertools import product
from typing import get_args

from benchmarks.labels.score import Case, classes, f1, macro_f1, row, sets
from benchmarks.labels.suites import Row
from fractionate.anatomy import analyze
from fractionate.records import DEPENDS, Anatomy, Role
from fractionate.worlds import WORLDS, Dials
from fractionate.worlds.base import Verbosity

COUNT = 150
MISTAKES = (0.0, 1.0)


def worlds() -> Iterator[tuple[str, Row]]:
    """A row a world, wording and dial of mistakes."""
    for name in sorted(WORLDS):
        for verbosity, mistakes in product(get_args(Verbosity), MISTAKES):
            dials = Dials(depth=(2, 6), distractors=(0, 2), verbosity=verbosity, mistakes=mistakes)
            golds = WORLDS[name].sample(COUNT, seed=11, dials=dials)
            pairs = [(gold, analyze(gold.trace, [s.span for s in gold.steps])) for gold in golds]
            scored = row("links_f1", [_links(*p) for p in pairs], f1)
            scored |= row("roles_macro_f1", [_roles(*p) for p in pairs], macro_f1)
            scored |= row("decision_points_f1", [_decisions(*p) for p in pairs], f1)
            scored |= row("first_error_location", [_first(*p) for p in pairs], lambda c: c["hit"] / c["n"])
            yield f"worlds/{name}-{verbosity}-mistakes{mistakes:g}", scored


def _edges(anatomy: Anatomy) -> set[tuple[int, int, str]]:
    return {(u.user, u.source, u.source_is) for u in anatomy.links if u.confidence >= DEPENDS}


def _links(gold: Anatomy, found: Anatomy) -> Case:
    truth = _edges(gold)
    before = {(s.index, s.index - 1, "step") for s in gold.steps if s.index}
    return Case(gold.trace.id, sets(_edges(found), truth), {"step before": sets(before, truth)})


def _roles(gold: Anatomy, found: Anatomy) -> Case:
    truth = [s.role.value for s in gold.steps]
    constant = classes([Role.STRUCTURE.value] * len(truth), truth)
    return Case(gold.trace.id, classes([s.role.value for s in found.steps], truth), {"structure": constant})


def _decisions(gold: Anatomy, found: Anatomy) -> Case:
    truth, ours = ({s.index for s in a.steps if s.decision} for a in (gold, found))
    guesses = {
        "every step": {s.index for s in gold.steps},
        "every computation, kinds known": {
            s.index for s in gold.steps if s.kind in ("compute", "correction")
        },
    }
    return Case(gold.trace.id, sets(ours, truth), {name: sets(g, truth) for name, g in guesses.items()})


def _first(gold: Anatomy, found: Anatomy) -> Case:
    guesses = {"never": None, "the first": 0}
    baselines = {name: {"n": 1, "hit": guess == gold.first_wrong} for name, guess in guesses.items()}
    return Case(gold.trace.id, {"n": 1, "hit": found.first_wrong == gold.first_wrong}, baselines)
