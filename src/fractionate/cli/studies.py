"""Verbs of studies: `study`, `init`, `report`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fractionate.cli.base import AsJson, Reuse, app, emit, folders, notes, quiet_libraries
from fractionate.errors import InputError


@app.command()
def study(
    file: Annotated[
        Path | None, typer.Argument(help="The study file; without it, the embedded default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The study's folder (default: runs/<name>).")] = None,
    known: Reuse = None,
    as_json: AsJson = False,
) -> None:
    """Train and question every arm of a study, and say which supervision carried over.

    Killed at any moment, the same command goes on where it was.

    Example: [bold]fractionate study study.toml --out runs/mine[/bold]
    """
    quiet_libraries()
    from fractionate.report import print_table
    from fractionate.study.run import Study
    from fractionate.study.summarize import summarize

    job = Study.default(out) if file is None else Study.from_toml(file, out)
    job = replace(job, known=folders(known))
    decision = job.run(notes)
    if as_json:
        emit({"folder": str(job.folder.root), "decision": decision.as_dict()})
        return
    print_table(summarize(job.config, job.folder).summary, Console())
    print(f"\nThe page: {job.folder.root / 'report.html'}")


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path("study.toml"),
    as_json: AsJson = False,
) -> None:
    """Write a commented study file to start from.

    Example: [bold]fractionate init study.toml[/bold]
    """
    from fractionate.study.template import TEMPLATE

    if path.exists():
        raise InputError(f"{path}: exists already; name another file")
    path.write_text(TEMPLATE, encoding="utf-8")
    if as_json:
        emit({"path": str(path)})
        return
    print(f"{path} is written: fill in [data] and run `fractionate study {path}`")


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A finished study's folder.")],
    to_markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write the tables as Markdown too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a finished study's page and table again.

    Example: [bold]fractionate report runs/ledger --markdown ledger.md[/bold]
    """
    from fractionate.report import markdown, print_table
    from fractionate.storage import write_text
    from fractionate.study.run import Study

    job = Study.reopen(folder)
    summary = job.conclude().summary
    if to_markdown is not None:
        write_text(to_markdown, markdown(summary))
    if as_json:
        from fractionate.storage import to_json

        print(to_json(summary))
        return
    print_table(summary, Console())
    print(f"\nThe page: {folder / 'report.html'}")
