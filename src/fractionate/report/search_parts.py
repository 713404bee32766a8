"""The tables of a search: what was confirmed, what it costs, its constraints, layers and adaptability; see also
`search_candidates` for what was seen on the way.

[part.title for part in confirmed_parts(seen)]     # ["Confirmed on fresh questions", "Costs", …]
"""

from collections.abc import Callable

from fractionate.config import BASE
from fractionate.formats import MISSING, compact, decimal, percent, points
from fractionate.report.findings import taken_up
from fractionate.report.parts import Part, Row
from fractionate.report.search_told import Searched
from fractionate.report.shown import Shown, difference, share
from fractionate.study.search.confirm import UNITS
from fractionate.study.search.constraints import LENGTH, Check
from fractionate.study.search.fates import MARGIN as FATE_MARGIN
from fractionate.transfer.statistics import ArmEstimate

CONFIRMED, COSTS, LAYERS = "Confirmed on fresh questions", "Costs", "Layers"


def confirmed_parts(seen: Searched) -> list[Part]:
    """What the decision rests on."""
    return [part for part in (_students(seen), _costs(seen), _constraints(seen)) if part.rows]


def layers_part(seen: Searched) -> Part:
    """What became of each layer, and why."""
    rows = [
        (
            f.layer,
            [Shown(f.fate, f.why), *(Shown(decimal(s)) for s in (f.score, f.reference, f.base, f.trivial))],
        )
        for f in seen.found.fates
    ]  # fmt: skip
    about = (
        "Imitated: the layer's spans were learned. Rebuilt: none was shown, and the student is as good in it as where "
        f"it was taught (by less than {FATE_MARGIN:g} below it, one-sided 95%), better than untouched, and above what "
        "a student without the layer scores. Lost: not shown, and worse or no better than untouched. Scores are from 0 "
        "to 1, means over fresh seeds; each layer is judged by itself, and undecided where less than a tenth of the "
        "examples taught it."
    )
    columns = ("fate", seen.label, seen.reference, "untouched", "without the layer")
    return Part(LAYERS, about, columns, rows, "nowhere")


def adapted_part(seen: Searched) -> Part:
    """How the students that confirm take up families never seen."""
    return taken_up(
        {
            f"{label}, seed {seed}": a
            for label, seeds in seen.found.adapted.items()
            for seed, a in seeds.items()
        }
    )


def _students(seen: Searched) -> Part:
    arms = [seen.found.confirmed.found[name] for name in seen.students]
    efforts = seen.efforts
    rows: list[tuple[str, Callable[[ArmEstimate], Shown]]] = [
        ("Transfer T", lambda a: share(a.transfer)),
        ("difference to the reference", lambda a: difference(a.difference)),
        ("at least, one-sided 95%", lambda a: _at_least(seen, a)),
        ("with as many training FLOPs", lambda a: _equal(seen, a)),
        ("in-format", lambda a: share(a.in_format)),
        ("reasoning gain", lambda a: difference(a.reasoning_gain)),
        ("tokens an answer", lambda a: Shown(decimal(efforts[a.arm].tokens, 1))),
        ("cut off at the limit of tokens", lambda a: Shown(percent(efforts[a.arm].truncated))),
        ("unchecked", lambda a: Shown(percent(efforts[a.arm].unchecked))),
    ]
    shown = [(name, [show(arm) for arm in arms]) for name, show in rows]
    whose = "the rungs had not asked" if seen.found.asked_before else "nobody had looked at"
    about = (
        f"Students trained with fresh seeds, on questions that {whose}. 95% intervals, paired by question; "
        f"not worse is whose difference is at least −{100 * seen.found.decision.margin:.1f} points, one-sided 95%."
    )
    return Part(
        CONFIRMED, about, seen.students, [row for row in shown if any(s.text != MISSING for s in row[1])]
    )


def _at_least(seen: Searched, arm: ArmEstimate) -> Shown:
    if arm.lower_bound is None or arm.arm == BASE:
        return Shown(MISSING)
    if seen.found.decision.recipe is None:
        return Shown(points(arm.lower_bound))
    kept = arm.lower_bound > -seen.found.decision.margin
    return Shown(points(arm.lower_bound), "not worse" if kept else "not shown to be not worse")


def _equal(seen: Searched, arm: ArmEstimate) -> Shown:
    equal = seen.found.confirmed.equal_compute
    if equal is None or arm.arm != seen.label:
        return Shown(MISSING)
    shown = difference(equal.difference)
    return shown._replace(small=f"{shown.small}; {equal.verdict}")


def _costs(seen: Searched) -> Part:
    names = list(dict.fromkeys([seen.label, seen.reference]))
    costs = seen.found.confirmed.costs
    rows = [
        (unit, [_cost(seen, name, getattr(costs[name], key), key) for name in names])
        for key, unit in UNITS.items()
    ]
    about = f"Of one student, the mean over seeds. The search was for few {seen.unit}."
    return Part(COSTS, about, names, rows)


def _cost(seen: Searched, name: str, spent: float | None, key: str) -> Shown:
    part = seen.found.savings.get(key)
    if name == seen.reference or part is None:
        return Shown(compact(spent))
    return Shown(compact(spent), f"{percent(part)} of the reference's")


def _constraints(seen: Searched) -> Part:
    about = (
        "A constraint is kept if the one-sided 95% lower bound of the difference to the reference lies above what is "
        "allowed; what cannot be told is not kept. The length of answers is as many times the reference's."
    )
    rows = [_check(check) for check in seen.found.confirmed.checks]
    return Part("Constraints", about, ("difference", "lower bound", "allowed", "kept"), rows, "nowhere")


def _check(check: Check) -> Row:
    kept = Shown("kept" if check.holds else "not shown")
    if check.name == LENGTH:
        value, allowed = (Shown(f"×{decimal(times)}") for times in (check.value, check.allowed))
        return check.name, [value, Shown(MISSING), allowed, kept]
    return check.name, [*(Shown(points(v)) for v in (check.value, check.found, check.allowed)), kept]
