"""The tables of what stands behind the answers: styles, difficulty, layers, interventions, imitation, abilities.

[part.title for part in behind_answers(examined)]     # ["Layers", "Does the answer depend …", …]
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from fractionate.formats import MISSING, decimal, percent, points
from fractionate.report.imitation import Mark
from fractionate.report.parts import Part, Row
from fractionate.report.shown import Shown, difference, number, share
from fractionate.study.examine import Examined
from fractionate.transfer.adaptability import Adaptability
from fractionate.transfer.curves import Point
from fractionate.transfer.findings import Findings
from fractionate.transfer.general import general, paid
from fractionate.transfer.imitation import Imitation
from fractionate.transfer.interventions import Effect
from fractionate.transfer.layers import LayerScore
from fractionate.transfer.robustness import StyleReport

T = TypeVar("T")

STYLES, DIFFICULTY, LAYERS, IMITATION = "Prompt styles", "Difficulty", "Layers", "Imitation"
"""Titles of tables that have a figure."""


def changed_questions(examined: Examined) -> list[Part]:
    """Under other prompts, and on harder problems; a table without rows has nothing to say."""
    return [_styles(examined), _difficulty(examined)]


def behind_answers(examined: Examined) -> list[Part]:
    """What the answers come from, and what training has changed beside them."""
    found = examined.findings
    return [
        _layers(found),
        _effects(found),
        _imitation(found),
        _general(examined),
        taken_up(examined.adaptability),
    ]


def marks(examined: Examined) -> list[Mark]:
    """Every student's place in the imitation–transfer plot; none where the teacher's traces are not known."""
    found = []
    for name, findings in examined.findings.items():
        arm = examined.arm_of[name]
        if findings.imitation is not None:
            transfer = examined.found[arm].transfer
            found.append(Mark(name, findings.imitation.score, transfer, arm in examined.untouched))
    return found


def names(examined: Examined) -> list[str]:
    """The arms, in order."""
    return [arm.arm for arm in examined.found.arms]


def _styles(examined: Examined) -> Part:
    rows: list[tuple[str, Callable[[StyleReport], Shown]]] = [
        ("mean over styles", lambda r: share(r.mean)),
        ("worst style", lambda r: Shown(percent(r.worst.value), r.worst_style.removeprefix("style: "))),
        ("spread of styles (standard deviation)", _spread_of_styles),
        ("right under all styles", lambda r: share(r.right_under_all)),
        ("… if styles failed independently", lambda r: share(r.all_if_independent)),
        ("right under any style", lambda r: share(r.right_under_any)),
        ("drop from in-format", lambda r: difference(r.drop)),
    ]  # fmt: skip
    told = [
        (f"{place}: {name}" if place else name, cells)
        for place, reports in examined.styles.items()
        for name, cells in _rows(rows, names(examined), reports)
    ]
    about = "Points are of accuracy; the spread by chance is that of the same answers dealt to the styles at random."
    return Part(STYLES, " ".join([about, *_unchanged(examined)]), names(examined), told)


def _unchanged(examined: Examined) -> list[str]:
    """Which styles do nothing to a part of the problems."""
    kept = [
        f"{cell.removeprefix('style: ')} {percent(share)}"
        for cell, share in examined.unchanged.items()
        if share
    ]
    return [f"Problems that a style leaves as they are: {', '.join(kept)}."] if kept else []


def _spread_of_styles(report: StyleReport) -> Shown:
    return Shown(points(report.deviation.value), f"by chance {points(report.deviation_by_chance)}")


def _difficulty(examined: Examined) -> Part:
    rows: list[Row] = []
    for dial, curves in examined.curves.items():
        values = [point.value for point in next(iter(curves.values()))]
        rows += [
            (f"{dial} {value:g}", [_at(curves.get(label, ()), value) for label in names(examined)])
            for value in values
        ]
    return Part(DIFFICULTY, "Accuracy beyond what was trained, one dial at a time.", names(examined), rows)


def _at(curve: Sequence[Point], value: float) -> Shown:
    return next((share(point.accuracy) for point in curve if point.value == value), Shown(MISSING))


def _layers(found: Mapping[str, Findings]) -> Part:
    names = dict.fromkeys(name for findings in found.values() for name in findings.layers)
    rows = [(name, [_layer(findings.layers.get(name)) for findings in found.values()]) for name in names]
    about = (
        "Scores from 0 to 1 with 95% intervals, n answers; in small what a student without the layer scores. "
        "What each means stands in the documentation of fractionate.transfer.layers."
    )
    return Part(LAYERS, about, list(found), rows)


def _layer(layer: LayerScore | None) -> Shown:
    if layer is None or not layer.n:
        return Shown(MISSING, "nothing to judge by")
    trivial = "" if layer.trivial is None else f"; without {layer.trivial:.2f}"
    low, high = (decimal(bound) for bound in layer.value[1:])
    return Shown(decimal(layer.value.value), f"{low} to {high}; n {layer.n}{trivial}")


def _effects(found: Mapping[str, Findings]) -> Part:
    names = dict.fromkeys(effect.name for findings in found.values() for effect in findings.effects)
    by_name = [{effect.name: effect for effect in findings.effects} for findings in found.values()]
    rows = [(name, [_effect(effects.get(name)) for effects in by_name]) for name in names]
    about = "What changes when the student's own steps are changed; points of accuracy, agreement or share."
    return Part("Does the answer depend on the reasoning?", about, list(found), rows)


def _effect(effect: Effect | None) -> Shown:
    if effect is None:
        return Shown(MISSING)
    shown = (difference if effect.signed else share)(effect.value)
    return shown._replace(small=f"{shown.small}; n {effect.n}")


def _imitation(found: Mapping[str, Findings]) -> Part:
    rows: list[tuple[str, Callable[[Imitation], Shown]]] = [
        ("likeness of wording (tokens and steps)", lambda i: share(i.score)),
        ("token overlap", lambda i: share(i.token_overlap)),
        ("step overlap", lambda i: share(i.step_overlap)),
        ("same graph", lambda i: share(i.same_graph)),
        ("teacher's text, nats a token", lambda i: number(i.likelihood)),
        ("the arm's own recipe, nats a token", lambda i: number(i.own_likelihood)),
    ]
    likeness = {label: f.imitation for label, f in found.items() if f.imitation is not None}
    about = "Likeness to the teacher's traces of the in-format problems, for contrast: it says nothing of being right."
    return Part(IMITATION, about, list(found), _rows(rows, list(found), likeness))


def _general(examined: Examined) -> Part:
    found = examined.findings
    about = "A small set of general abilities, and what training has changed, item by item."
    abilities = {label: general(f.abilities) for label, f in found.items() if f.abilities}
    rows = _rows(
        [
            ("perplexity of held-out prose", lambda g: number(g.perplexity)),
            ("instructions followed", lambda g: share(g.instruction)),
            ("questions of fact", lambda g: share(g.facts)),
            ("questions of common knowledge", lambda g: share(g.commonsense)),
        ],
        list(found),
        abilities,
    )
    return Part("What was paid elsewhere", about, list(found), [*rows, *_paid(examined)])


def _paid(examined: Examined) -> list[Row]:
    """After minus before, where one untouched student was asked too."""
    found = examined.findings
    before = [f.abilities for name, f in found.items() if examined.arm_of[name] in examined.untouched]
    if len(before) != 1 or not before[0]:
        return []
    changed = {
        name: paid(before[0], f.abilities)
        for name, f in found.items()
        if examined.arm_of[name] not in examined.untouched and f.abilities
    }
    return _rows(
        [
            ("… perplexity, times the untouched student's", lambda p: number(p.perplexity)),
            ("… instructions, change in points", lambda p: difference(p.instruction)),
            ("… facts, change in points", lambda p: difference(p.facts)),
            ("… common knowledge, change in points", lambda p: difference(p.commonsense)),
        ],
        list(found),
        changed,
    )


def taken_up(found: Mapping[str, Adaptability]) -> Part:
    """How students take up families never seen."""
    shots = [point.shots for point in next(iter(found.values())).overall] if found else []
    rows: list[Row] = []
    for n, count in enumerate(shots):
        reached = [adapted.overall[n] for adapted in found.values()]
        rows += [
            (f"after {count} examples", [share(point.accuracy) for point in reached]),
            ("… the base", [share(point.base) for point in reached]),
            ("… difference", [difference(point.difference) for point in reached]),
        ]
    about = "Accuracy on two families never seen, after a few examples of each with answers only."
    return Part("Adaptability", about, list(found), rows)


def _rows(
    rows: Sequence[tuple[str, Callable[[T], Shown]]], labels: Sequence[str], known: Mapping[str, T]
) -> list[Row]:
    """A row for each measure, a cell for each label; no rows where nothing is known."""
    if not known:
        return []
    return [
        (name, [show(known[label]) if label in known else Shown(MISSING) for label in labels])
        for name, show in rows
    ]
