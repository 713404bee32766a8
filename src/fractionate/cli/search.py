"""The verb `search`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fractionate.cli.base import AsJson, Reuse, app, emit, folders, notes, quiet_libraries
from fractionate.errors import InputError

UNITS = {"s": 1, "m": 60, "h": 3600}


@app.command()
def search(
    file: Annotated[Path, typer.Argument(help="The study file; its \\[search] section says how to search.")],
    out: Annotated[
        Path | None, typer.Option(help="The search's folder (default: runs/<name>-search).")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say what it would take: trials, time, memory.")
    ] = False,
    budget: Annotated[
        str | None, typer.Option(help="Fit the search into this much time: 30m, 2h, 90s.")
    ] = None,
    known: Reuse = None,
    as_json: AsJson = False,
) -> None:
    """Find the cheapest supervision that is not worse than the reference, and confirm it.

    Killed at any moment, the same command goes on where it was.

    Example: [bold]fractionate search study.toml --budget 2h --out runs/mine-search[/bold]
    """
    quiet_libraries()
    from fractionate.report.search import print_search, write_search
    from fractionate.report.search_plan import plan_table, told
    from fractionate.report.search_told import searched
    from fractionate.study.search.plan import shrinkage
    from fractionate.study.search.run import Search

    seconds = None if budget is None else seconds_of(budget)
    if plan:
        whole = Search.described(file)
        fitted, planned = whole.planned(notes, seconds)
        cut = shrinkage(whole.config, fitted.config, budget or "")
        if as_json:
            emit(planned.as_dict() | {"fitted": cut})
            return
        screen = Console()
        screen.print(plan_table(planned))
        for line in (*told(planned), *cut):
            screen.print(line, highlight=False, markup=False)
        return
    job = replace(Search.from_toml(file, out, seconds, notes), known=folders(known))
    found = job.run(notes)
    seen = searched(job.config, found)
    write_search(seen, job.root)
    if as_json:
        emit({"folder": str(job.root), **found.as_dict()})
        return
    print_search(seen, Console())
    print(f"\nThe page: {job.root / 'report.html'} (as text: report.md)")


def seconds_of(text: str) -> float:
    """ "30m" → 1800.

    Raises:
        InputError: it is not a number with s, m or h.
    """
    number, unit = text[:-1], text[-1:]
    try:
        return float(number) * UNITS[unit]
    except (ValueError, KeyError):
        raise InputError(f"--budget {text}: give a number with s, m or h, such as 30m or 2h") from None
