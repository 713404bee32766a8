"""The page of a search: the decision first, then what stands behind it, in the frame of all pages.

    write_text(root / "report.html", search_page(seen))

It has the tables of `report.md`, with figures. The element `#summary` holds what `decision.json` holds.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import escape

from fractionate.config import BASE
from fractionate.report.blocks import (
    Column,
    Shaded,
    figure_block,
    key_of,
    measure_row,
    shaded_row,
    switched,
    table,
)
from fractionate.report.forest import transfer_panels
from fractionate.report.page import framed, template
from fractionate.report.palette import student_colors
from fractionate.report.parts import Part
from fractionate.report.search_candidates import (
    EFFECTS,
    SIZES,
    effects_parts,
    rung_parts,
    sizes_part,
)
from fractionate.report.search_caveats import caveats, untested
from fractionate.report.search_figures import costs_chart, effects_panels, grains_chart, sizes_chart
from fractionate.report.search_parts import CONFIRMED, COSTS, adapted_part, confirmed_parts, layers_part
from fractionate.report.search_tasks import Tasked, tasks_of_rungs
from fractionate.report.search_told import Fact, Searched, facts

Colors = Mapping[str, str]


def search_page(seen: Searched) -> str:
    """The whole page as HTML text."""
    colors = _colors(seen)
    confirmed, *others = confirmed_parts(seen)
    decision = seen.found.decision
    body = template("search.html").substitute(
        name=escape(seen.config.name),
        question=escape(seen.config.question),
        verdict=escape(decision.summary),
        explanation=escape(decision.explanation),
        outcome=escape(decision.outcome.replace(" ", "-")),
        facts=_terms(facts(seen)),
        confirmed=_drawn(seen, confirmed, colors),
        costs="".join(_drawn(seen, part, colors) for part in others),
        caveats=_caveats(seen),
        behind="".join(_behind(seen, colors)),
        rungs="".join(_rung(seen, part, colors) for part in rung_parts(seen)),
        untested=_list(untested(seen)),
    )
    record = json.dumps(seen.found.as_dict(), ensure_ascii=False)
    return framed(f"{seen.config.name}: the smallest supervision", body, record)


def _colors(seen: Searched) -> Colors:
    """What was confirmed has one color also where it is named without its number of problems."""
    colors = student_colors(seen.students, {BASE})
    return {seen.found.recipe: colors[seen.label]} | colors


def _terms(told: Iterable[Fact]) -> str:
    return "".join(f"<div><dt>{escape(f.name)}</dt><dd>{escape(f.told)}</dd></div>" for f in told)


def _list(sentences: Iterable[str]) -> str:
    return f'<ul class="facts">{"".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)}</ul>'


def _caveats(seen: Searched) -> str:
    told = list(caveats(seen))
    return f"<section><h2>What to hold against it</h2>{_list(told)}</section>" if told else ""


def _behind(seen: Searched, colors: Colors) -> Iterable[str]:
    """What stands behind the decision, where it was measured."""
    for part in (layers_part(seen), *effects_parts(seen), sizes_part(seen)):
        if part.rows:
            yield _drawn(seen, part, colors)
    for tasked in tasks_of_rungs(seen):
        yield _tasks(seen, tasked, colors)
    if (adapted := adapted_part(seen)).rows:
        yield _section(seen, adapted, colors)


def _drawn(seen: Searched, part: Part, colors: Colors) -> str:
    """A table under its figure, where it has one."""
    drawn = DRAWN.get(part.title)
    return _section(seen, part, colors, drawn(seen, colors) if drawn else "")


def _section(seen: Searched, part: Part, colors: Colors, drawn: str = "") -> str:
    """A table with what it says, under a heading or what is drawn."""
    head = drawn or f"<h2>{escape(part.title)}</h2>"
    return f"<section>{head}{_table(seen, part, colors)}</section>"


def _table(seen: Searched, part: Part, colors: Colors) -> str:
    body = "".join(measure_row(name, "", cells) for name, cells in part.rows)
    kind = "lead" if part.title == CONFIRMED else "" if part.students == "columns" else "measures"
    return _about(part) + table(part.title, _columns(seen, part, colors), body, kind)


def _about(part: Part) -> str:
    return (_list(part.said) if part.said else "") + f'<p class="note">{escape(part.about)}</p>'


def _columns(seen: Searched, part: Part, colors: Colors) -> list[Column]:
    """Those that confirm have their colors and what they are; a student with a seed is of its recipe's color."""
    return [
        Column(name, colors.get(student, ""), _note(seen, student) if part.students == "columns" else "")
        for name in part.columns
        for student in [name.rpartition(", seed ")[0] or name]
    ]


def _note(seen: Searched, name: str) -> str:
    if name == seen.reference:
        return "reference"
    if name in (seen.label, seen.found.recipe):
        return "chosen" if seen.found.decision.outcome == "smaller" else "tried"
    return "untouched" if name == BASE else ""


def _compared(seen: Searched, colors: Colors) -> str:
    found = seen.found.confirmed.found
    ordered = replace(found, arms=tuple(found[name] for name in seen.students))
    return switched(CONFIRMED, "What is drawn", transfer_panels(ordered, colors))


def _costs(seen: Searched, colors: Colors) -> str:
    """What is saved, where something smaller was confirmed."""
    figure = costs_chart(seen, colors[seen.label])
    drawn = (
        figure_block(figure, f"What {seen.label} takes of each cost of {seen.reference}") if figure else ""
    )
    return f"<h2>{COSTS}</h2>{drawn}"


def _effects(seen: Searched, colors: Colors) -> str:
    note = '<p class="note">Gray is what cannot be told from nothing: its interval holds zero.</p>'
    return switched(EFFECTS, "Measure", effects_panels(seen)) + note


def _sizes(seen: Searched, colors: Colors) -> str:
    """The curve, where there is more than one size, and T against tokens a trace."""
    drawn = f"<h2>{SIZES}</h2>"
    if (figure := sizes_chart(seen, colors)) is not None:
        key = key_of({name: colors[name] for name in seen.found.curves})
        drawn += f"{key}{figure_block(figure, 'Transfer T against the number of problems')}"
    if (figure := grains_chart(seen, colors)) is not None:
        note = "Every candidate a point: hollow on the fewest problems, filled on all; gray is what was not confirmed."
        drawn += figure_block(figure, "Transfer T against tokens a trace") + f'<p class="note">{note}</p>'
    return drawn


DRAWN: dict[str, Callable[[Searched, Colors], str]] = {
    CONFIRMED: _compared,
    COSTS: _costs,
    EFFECTS: _effects,
    SIZES: _sizes,
}
"""Headings with a figure below them."""


def _tasks(seen: Searched, tasked: Tasked, colors: Colors) -> str:
    """Shaded by accuracy, the smallest framed; the first row, of costs, is plain."""
    part = tasked.part
    (cost, costs), *rows = part.rows
    body = shaded_row(cost, "", [Shaded(shown, None) for shown in costs])
    for (name, cells), task in zip(rows, tasked.tasks, strict=True):
        shaded = [
            Shaded(shown, task.accuracies.get(student), student == task.smallest)
            for shown, student in zip(cells, part.columns, strict=True)
        ]
        body += shaded_row(name, "", shaded)
    shown = table(part.title, _columns(seen, part, colors), body, "heat measures")
    return f"<section><h2>{escape(part.title)}</h2>{_about(part)}{shown}</section>"


def _rung(seen: Searched, part: Part, colors: Colors) -> str:
    return f"<h3>{escape(part.title)}</h3>{_table(seen, part, colors)}"
