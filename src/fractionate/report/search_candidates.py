"""The tables of what a search saw on its way: what roles do, sizes, and each rung; see also `search_tasks`.

[part.title for part in rung_parts(seen)]          # ["Rung 1: 80 problems", "Rung 2: 160 problems", …]

All of it rests on the questions for development.
"""

from collections.abc import Sequence

from fractionate.formats import MISSING, compact, decimal, points
from fractionate.report.conclusion import listed
from fractionate.report.parts import Part, Row
from fractionate.report.search_told import Searched
from fractionate.report.shown import Shown, difference, share
from fractionate.study.search.effects import JOINED, Attribution, Effect
from fractionate.study.search.halving import Standing
from fractionate.study.search.rungs import DESTROYED, Rung
from fractionate.study.search.sizes import Size

EFFECTS, SIZES = "What each role does", "Sizes"


def effects_parts(seen: Searched) -> list[Part]:
    """Terms × measures: of the whole factorial, and of what reached the last rung of it."""
    return [
        Part(
            f"{EFFECTS}, on all problems" if place else EFFECTS,
            _about_effects(attribution, first=not place),
            list(attribution.effects),
            _effects_rows(attribution),
            "nowhere",
            _against_effects(seen, attribution),
        )
        for place, attribution in enumerate(seen.found.roles)
    ]


def _effects_rows(attribution: Attribution) -> list[Row]:
    by_term = [{term(e): difference(e.value) for e in effects} for effects in attribution.effects.values()]
    return [(name, [of.get(name, Shown(MISSING)) for of in by_term]) for name in terms(attribution)]


def _about_effects(attribution: Attribution, *, first: bool) -> str:
    many = sum(map(len, attribution.effects.values()))
    count = (
        f"95% intervals over students that learned from {attribution.problems:,} problems, on the questions that they "
        f"were asked: of {many} intervals one in twenty would hold no zero by chance alone."
    )
    if not first:
        return f"The same of those that reached the last rung. {count}"
    return (
        "Points by which a measure rises where the role is learned instead of switched off, the other roles on as "
        f"often as off. {count} a × b is what two roles add together beyond what each does, and terms joined by + "
        "cannot be told apart. A measure in which all students are the same is left out."
    )


def _against_effects(seen: Searched, attribution: Attribution) -> list[str]:
    told = [
        f"{listed([role.replace('_', ' ') for role in roles])}: {how} in all of these students."
        for roles, how in ((attribution.always, "learned"), (attribution.never, "switched off"))
        if roles
    ]
    if attribution.problems < seen.problems:
        told.append(
            f"All combinations took part only where {attribution.problems:,} of {seen.problems:,} problems were "
            "learned from: what a role does there need not be what it does to students that have learned more."
        )
    if not any(JOINED in name for name in terms(attribution)):
        told.append(
            "There are too few students to tell pairs of roles from chance: more seeds would do, or more combinations "
            '(search.roles = "full").'
        )
    return told


def terms(attribution: Attribution) -> list[str]:
    """What effects are of: roles before pairs, and of each the strongest on the first measure before the weaker."""
    first, *others = attribution.effects.values()
    strongest = sorted(first, key=lambda e: (JOINED in e.term, -abs(e.value.value)))
    return list(dict.fromkeys(term(effect) for effects in (strongest, *others) for effect in effects))


def term(effect: Effect) -> str:
    """What an effect is of."""
    return " + ".join([effect.term, *effect.mixed_with]).replace("_", " ")


def sizes_part(seen: Searched) -> Part:
    """Numbers of problems × recipes."""
    curves = seen.found.curves
    traces = sorted({point.traces for points in curves.values() for point in points})
    rows = [(f"{n:,} problems", [_size(points, n) for points in curves.values()]) for n in traces]
    about = (
        "T after training on so many problems, on the questions that the rung asked; tokens a trace are those with "
        "loss. Smaller rungs ask fewer questions, so that a rise is best read from the sentences, which compare the "
        "same questions."
    )
    said = [f"{name}: {told}." for name, told in seen.found.flat.items()]
    return Part(SIZES, about, list(curves), rows, said=said)


def _size(curve: Sequence[Size], traces: int) -> Shown:
    for point in curve:
        if point.traces == traces:
            shown = share(point.transfer)
            return shown._replace(small=f"{shown.small}; {point.tokens_a_trace:.1f} tokens a trace")
    return Shown(MISSING)


def rung_parts(seen: Searched) -> list[Part]:
    """Every rung: its candidates from the best to the worst, and what became of them."""
    return [_rung(seen, rung, number) for number, rung in enumerate(seen.found.rungs, 1)]


def _rung(seen: Searched, rung: Rung, number: int) -> Part:
    judged = rung.judged
    last = number == len(seen.found.rungs)
    silent = [name for name in judged.kept.dropped if name not in {s.name for s in judged.standings}]
    rows = [
        (s.name, [_then(seen, rung, s.name, last), *_standing(rung, s)])
        for s in sorted(judged.standings, key=lambda s: -s.difference)
    ]
    rows += [(name, [_then(seen, rung, name, last), *[Shown(MISSING)] * 4]) for name in silent]
    about = (
        f"{len(rung.costs)} candidates. The difference is to {judged.reference}; whoever is shown to be worse by more "
        f"than {judged.margin * 100:.1f} points goes. A control destroys something on purpose: it is compared and "
        "never chosen."
    )
    columns = ("then", "T", "difference", seen.unit, "learning rate")
    return Part(f"Rung {number}: {rung.traces:,} problems", about, columns, rows, "rows", _held(seen, last))


def _held(seen: Searched, last: bool) -> list[str]:
    if not last or seen.found.ranking_held is None:
        return []
    return [
        f"Rank correlation of T in the first rung with T in the last: {decimal(seen.found.ranking_held)}, over the "
        "candidates that came so far; of those that went early nothing is known."
    ]


def _standing(rung: Rung, standing: Standing) -> list[Shown]:
    is_reference = standing.name == rung.judged.reference
    rate = rung.rates.get(standing.name)
    return [
        share(rung.transfer[standing.name]),
        Shown("reference" if is_reference else points(standing.difference)),
        Shown(compact(standing.cost)),
        Shown(f"{rate:g}" if rate else MISSING),
    ]


def _then(seen: Searched, rung: Rung, name: str, last: bool) -> Shown:
    confirmed = seen.found.confirmed
    for tried in (c for c in (*confirmed.before, confirmed, confirmed.failed) if c is not None):
        if (name, rung.traces) == (tried.asked.chosen, tried.traces) and tried.label != seen.reference:
            held = tried.decision.outcome == "smaller" and tried is not confirmed.failed
            return Shown("confirmed" if held else "tried")
    why = rung.judged.kept.dropped.get(name)
    if why is None:
        return Shown(MISSING if last else "goes on")
    return Shown("control") if why == DESTROYED else Shown("out", why)
