"""Verbs of traces: `read`, `analyze`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fractionate.cli.base import AsJson, Columns, app, emit, mapping_of, notes, quiet_libraries


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Trace files or folders.")],
    form: Annotated[
        str | None, typer.Option("--format", help="Force a format instead of detecting it.")
    ] = None,
    columns: Columns = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Write the rows that could not be used to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read trace files: which format, how many traces, how many rows could not be used and why.

    Example: [bold]fractionate read traces.jsonl --rejected rejected.jsonl[/bold]
    """
    from fractionate.traces import read_files, write_rejected

    reading = read_files(files, format=form, mapping=mapping_of(columns))
    if rejected is not None:
        write_rejected(rejected, reading.rejected)
    rows = [
        {"path": f.path, "format": f.format, "rows": f.rows, "traces": f.traces, "rejected": f.rejected}
        for f in reading.files
    ]
    if as_json:
        emit({"files": rows})
        return
    for row in rows:
        print("{path}: {format}, {rows} rows, {traces} traces, {rejected} rejected".format(**row))
    for row_out in reading.rejected[:5]:
        notes.print(
            f"rejected {row_out.file}:{row_out.line}: {row_out.reason}", highlight=False, markup=False
        )
    if len(reading.rejected) > 5:
        notes.print(f"… and {len(reading.rejected) - 5} more; --rejected FILE writes them all")


@app.command()
def analyze(
    file: Annotated[Path, typer.Argument(help="A trace file or folder.")],
    out: Annotated[Path, typer.Option(help="Where the analyses go.")] = Path("anatomy.parquet"),
    show: Annotated[int | None, typer.Option(min=0, help="Show the first so many as trees (1).")] = None,
    ids: Annotated[list[str] | None, typer.Option("--id", help="Show this trace; may be repeated.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="Force a format instead of detecting it.")
    ] = None,
    columns: Columns = None,
    by: Annotated[
        str, typer.Option("--annotator", help="Who takes them apart: builtin or endpoint.")
    ] = "builtin",
    model: Annotated[str | None, typer.Option(help="The endpoint's model.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible endpoint; its key is read from OPENAI_API_KEY.")
    ] = None,
    price_in: Annotated[float | None, typer.Option(help="Price of a million tokens read.")] = None,
    price_out: Annotated[float | None, typer.Option(help="Price of a million tokens written.")] = None,
    student: Annotated[
        str | None,
        typer.Option(help="Ask this model how surprising each step is, and what it does to the answer."),
    ] = None,
    token_budget: Annotated[
        int,
        typer.Option(min=0, help="Tokens that the student reads; of more traces as many as fit are drawn."),
    ] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Take traces apart: steps, roles, links, checks, and what the answer depends on.

    Example: [bold]fractionate analyze traces.jsonl --show 3 --id traces#12[/bold]
    With a model: [bold]fractionate analyze traces.jsonl --annotator endpoint --model NAME --base-url URL[/bold]
    """
    from fractionate.anatomy import AnnotatorSettings, annotator
    from fractionate.anatomy.survey import Task, survey
    from fractionate.traces import stream_files

    if student is not None:
        quiet_libraries()
    rows = partial(stream_files, [file], format=form, mapping=mapping_of(columns))
    taker = annotator(by, AnnotatorSettings(model, base_url, price_in, price_out))
    found = survey(Task(rows, taker, out, student, token_budget, show, tuple(ids or ())), notes)
    if as_json:
        emit(found.summary | {"annotator": by})
    else:
        found.present(Console())
    found.require(ids or ())
