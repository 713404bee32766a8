"""Overview: a corpus in the terminal, from `Corpus.summary()`.

rich.print(overview(corpus.summary()))
# role            characters  tokens
# structure              61%     64%   ████████████
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from fractionate.anatomy.coverage import UNDERSTOOD
from fractionate.anatomy.tree import COLORS
from fractionate.records import Role

BAR = 30
"""Characters of a bar that stands for the whole."""
MOST_NOTES = 8


def overview(summary: Mapping[str, Any]) -> RenderableType:
    """Roles, kinds, what the answers depend on, verbosity, coverage, importances, and what could not be read."""
    return Group(*_blocks(summary))


def _blocks(summary: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield Text(f"{summary['traces']:,} traces, {summary['steps']:,} steps", style="bold")
    yield Text(f"tokens: {summary['token_unit']}\n", style="dim")
    yield _roles(summary)
    yield Text()
    yield _facts(summary)
    yield Text()
    yield _coverage(summary["coverage"])
    if summary.get("agreement"):
        yield Text()
        yield _agreement(summary["agreement"])
    notes = list(summary["notes"].items())
    if notes:
        yield Text()
        yield _notes(notes[:MOST_NOTES])
    if len(notes) > MOST_NOTES:
        yield Text(f"… and {len(notes) - MOST_NOTES} other notes", style="dim")


def _notes(notes: Sequence[tuple[str, int]]) -> Table:
    table = _table("traces", "")
    table.columns[1].justify, table.columns[1].no_wrap = "left", False
    for note, count in notes:
        table.add_row(f"{count:,}", Text(note, style="yellow"))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(heads[0], overflow="fold")
    for head in heads[1:]:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _roles(summary: Mapping[str, Any]) -> Table:
    table = _table("role", "characters", "tokens")
    table.add_column("")
    for role in Role:
        share = summary["roles"][role.value]
        bar = Text("█" * round(BAR * share), style=COLORS[role])
        name = Text(role.value.replace("_", " "), style=COLORS[role])
        table.add_row(name, f"{share:.1%}", f"{summary['roles_by_tokens'][role.value]:.1%}", bar)
    return table


def _facts(summary: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _told(summary):
        table.add_row(name, text)
    return table


def _told(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    tokens, steps, traces = (max(summary[key], 1) for key in ("tokens", "steps", "traces"))
    yield "kinds", ", ".join(f"{kind} {count:,}" for kind, count in summary["kinds"].items())
    yield (
        "the answers depend on",
        f"{summary['needed_tokens']:,} tokens, {summary['needed_tokens'] / tokens:.0%}",
    )
    yield (
        "decision points",
        f"{summary['decision_points']:,} steps ({summary['decision_points'] / steps:.0%}), "
        f"{summary['decision_tokens']:,} tokens ({summary['decision_tokens'] / tokens:.0%})",
    )
    yield (
        "saying nothing new",
        f"{summary['redundant_steps']:,} steps, {summary['redundant_steps'] / steps:.0%}",
    )
    wrong, repaired = summary["with_wrong_step"], summary["with_repair"]
    yield (
        "a wrong step",
        f"{wrong:,} traces, {wrong / traces:.0%}; {summary['inheriting_steps']:,} steps inherit it",
    )
    yield "a repair", f"{repaired:,} traces, {repaired / traces:.0%}"
    for name, spread in summary["verbosity"].items():
        if spread:
            yield f"{name} a trace", f"{spread['median']:,g} ({spread['least']:,} to {spread['most']:,})"
    costs = {name: cost for name, cost in summary.get("costs", {}).items() if cost is not None}
    if costs:
        yield "annotator's costs", ", ".join(f"{name} {cost}" for name, cost in costs.items())


def _coverage(domains: Mapping[str, Any]) -> Table:
    table = _table("coverage: steps linked by", "steps", *UNDERSTOOD)
    for domain, found in domains.items():
        table.add_row(Text(f"{domain}, {found['traces']:,} traces", style="bold"))
        for which in ("computing", "structural"):
            shares = (f"{found[which][rank]:.0%}" for rank in UNDERSTOOD)
            table.add_row(f"  {which} steps", f"{found[which]['steps']:,}", *shares)
    return table


def _agreement(pairs: Mapping[str, Any]) -> Table:
    """How far the importances agree within a trace; dependence and collapse are the structural ones."""
    table = _table("importances: rank correlation within a trace", "mean", "95% interval", "traces")
    for pair, found in pairs.items():
        low, high = found["ci"]
        table.add_row(
            pair.replace("/", " and "),
            f"{found['rho']:+.2f}",
            f"{low:+.2f} to {high:+.2f}",
            f"{found['traces']:,}",
        )
    return table
