"""What a search says, in Markdown: the decision first, then its evidence.

write_text(root / "report.md", search_report(config, found))
"""

from collections.abc import Sequence

from rich.table import Table

from fractionate.config import StudyConfig
from fractionate.report.formats import compact, difference_spread, percent, points, spread
from fractionate.report.markdown import table
from fractionate.study.progress import clock
from fractionate.study.search.confirm import UNITS
from fractionate.study.search.outcome import SearchDecision
from fractionate.study.search.plan import SearchPlan


def search_report(config: StudyConfig, found: SearchDecision) -> str:
    """The whole report."""
    parts = [
        f"# {config.name}: the smallest supervision",
        f"{config.question}",
        _decision(found),
        "## Layers",
        _layers(found),
        *_adapted(found),
        "## What each role does",
        _effects(found),
        "## Sizes",
        _sizes(found),
        "## Rungs",
        *(_rung(found, number) for number in range(len(found.rungs))),
        "## Not tested",
        "\n".join(f"- {fact}" for fact in found.untested),
    ]
    return "\n\n".join(parts) + "\n"


def plan_table(plan: SearchPlan) -> Table:
    """What a search will take."""
    shown = Table(box=None, title="the search, before it is run", title_justify="left")
    for column in ("trial", "students", "problems", "time", "FLOPs"):
        shown.add_column(column, justify="left" if column == "trial" else "right")
    for trial in plan.trials:
        shown.add_row(
            trial.name, str(trial.students), str(trial.problems), clock(trial.seconds), f"{trial.flops:.2e}"
        )
    shown.add_row(
        "all", str(sum(t.students for t in plan.trials)), "", clock(plan.seconds), f"{plan.flops:.2e}"
    )
    shown.caption = (
        f"training holds about {plan.memory / 2**30:.1f} GiB; a recipe as good as the reference is found in 80% within "
        f"a margin of {points(plan.visible).lstrip('+')} points; the confirmation: {plan.power}"
    )
    return shown


def _decision(found: SearchDecision) -> str:
    decision, label = found.decision, found.confirmed.label
    rows = []
    for name, unit in UNITS.items():
        own, whole = (getattr(found.confirmed.costs[n], name) for n in (label, decision.reference))
        share = found.savings.get(name)
        rows.append((unit, compact(own), compact(whole), percent(share)))
    estimate, reference = found.confirmed.found[label], found.confirmed.found[decision.reference]
    told = [
        f"**{decision.summary}** {decision.explanation}",
        f"On questions that the search had not looked at, with fresh seeds: T {percent(estimate.transfer.value)} "
        f"({spread(estimate.transfer)}) for {label}, {percent(reference.transfer.value)} "
        f"({spread(reference.transfer)}) for {decision.reference}.",
    ]
    if estimate.difference is not None:
        told.append(
            f"Difference {points(estimate.difference.value)} points ({difference_spread(estimate.difference)})."
        )
    equal = found.confirmed.equal_compute
    if equal is not None:
        told.append(
            f"Trained with as many FLOPs as {decision.reference}: {points(equal.difference.value)} points "
            f"({difference_spread(equal.difference)}), {equal.verdict}."
        )
    checks = [
        f"- {c.name}: {c.found:.3f}, allowed {c.allowed:.3f}: {'kept' if c.holds else 'not shown to be kept'}"
        for c in found.confirmed.checks
    ]
    costs = table(("cost", label, decision.reference, "share"), rows)
    return "\n\n".join([" ".join(told), *(["\n".join(checks)] if checks else []), costs])


def _layers(found: SearchDecision) -> str:
    if not found.fates:
        return "No layer was measured: name some in `transfer.layers`."
    return table(("layer", "fate", "why"), [(f.layer, f.fate, f.why) for f in found.fates])


def _adapted(found: SearchDecision) -> list[str]:
    """Nothing where it was not measured."""
    rows = [
        (
            f"{label}, seed {seed}", str(point.shots), percent(point.accuracy.value), percent(point.base.value),
            f"{points(point.difference.value)} ({difference_spread(point.difference)})",
        )
        for label, seeds in found.adapted.items()
        for seed, adaptability in seeds.items()
        for point in adaptability.overall
    ]  # fmt: skip
    head = ("student", "examples", "right", "untouched", "difference")
    return ["## Adaptability", table(head, rows)] if rows else []


def _effects(found: SearchDecision) -> str:
    if not found.effects:
        return "No factorial of roles was run."
    terms = list(dict.fromkeys(_term(e.term, e.mixed_with) for some in found.effects.values() for e in some))
    rows = []
    for term in terms:
        cells = []
        for effects in found.effects.values():
            effect = next((e for e in effects if _term(e.term, e.mixed_with) == term), None)
            cells.append(
                f"{points(effect.value.value)} ({difference_spread(effect.value)})" if effect else ""
            )
        rows.append((term, *cells))
    told = (
        "Points by which a measure rises when the role is learned instead of switched off, with 95% intervals over "
        "students; the factorial ran in the first rung."
    )
    return f"{told}\n\n{table(('role', *found.effects), rows)}"


def _term(term: str, mixed: Sequence[str]) -> str:
    return " + ".join([term, *mixed])


def _sizes(found: SearchDecision) -> str:
    rows = [
        (
            name,
            str(p.traces),
            f"{p.tokens_a_trace:.1f}",
            f"{percent(p.transfer.value)} ({spread(p.transfer)})",
        )
        for name, some in found.curves.items()
        for p in some
    ]
    told = "\n".join(f"- {name}: {flat}." for name, flat in found.flat.items())
    return f"{table(('recipe', 'problems', 'tokens a trace', 'T'), rows)}\n\n{told}"


def _rung(found: SearchDecision, number: int) -> str:
    rung = found.rungs[number]
    transfer, judged = rung.transfer, rung.judged
    rows = []
    for s in sorted(judged.standings, key=lambda s: -s.difference):
        fate = judged.kept.dropped.get(s.name, "goes on" if number + 1 < len(found.rungs) else "")
        rate = rung.rates.get(s.name)
        name = f"`{s.name}`" + (f" at {rate:g}" if rate else "")
        what = "reference" if s.name == judged.reference else f"{points(s.difference)}"
        rows.append((name, percent(transfer[s.name].value), what, compact(s.cost), fate))
    head = f"### {rung.traces} problems, margin {judged.margin * 100:.1f} points"
    return f"{head}\n\n{table(('candidate', 'T', 'difference', 'cost', 'then'), rows)}"
