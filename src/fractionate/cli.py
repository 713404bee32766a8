"""The command line: one verb a package around `fractionate study`, the main job.

    fractionate study                      # the embedded default study
    fractionate study study.toml --out runs/mine
    fractionate read traces.jsonl --json

Exit codes: 0 done, 1 the work failed, 2 wrong usage or unusable input, 130 interrupted. With `--json`, standard
output carries one JSON object; everything else goes to standard error. Heavy imports happen inside the verbs, so
that `--help` answers at once.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from fractionate.errors import FractionateError, InputError

app = typer.Typer(
    name="fractionate",
    help="Reasoning distillation by fractions: find the smallest supervision that still transfers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
INTERRUPTED = 130
"""The exit code that the command-line library gives to Ctrl-C."""

notes = Console(stderr=True)
Columns = Annotated[
    list[str] | None, typer.Option("--map", help="FIELD=COLUMN, for any other format; may be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def main() -> None:
    """Run the command line; errors that a user can act on become one line and an exit code."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            print("interrupted; the same command goes on where it stopped", file=sys.stderr)
        raise
    except FractionateError as error:
        print(f"fractionate: {error}", file=sys.stderr)
        raise SystemExit(2 if isinstance(error, InputError) else 1) from None
    except OSError as error:
        print(f"fractionate: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(2) from None


def emit(value: Any) -> None:
    """The verb's result as one JSON object."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def mapping_of(columns: list[str] | None) -> dict[str, str] | None:
    """`problem=my.column …` as a mapping."""
    wrong = [c for c in columns or [] if "=" not in c]
    if wrong:
        raise InputError(f"--map {wrong[0]}: write it as FIELD=COLUMN, such as problem=my.column")
    return dict(c.split("=", 1) for c in columns) if columns else None


def quiet_libraries() -> None:
    """Keep the libraries' own bars and advice off the screen."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


@app.command()
def study(
    file: Annotated[
        Path | None, typer.Argument(help="The study file; without it, the embedded default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The study's folder (default: runs/<name>).")] = None,
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


@app.command("compile")
def compile_(
    file: Annotated[Path, typer.Argument(help="A trace file or folder, or what `analyze` wrote.")],
    recipe: Annotated[str, typer.Option(help="What is kept of each trace, such as decision_points.")],
    out: Annotated[Path, typer.Option(help="The dataset's folder.")],
    form: Annotated[str, typer.Option("--format", help="The trainer's format, such as trl.")] = "trl",
    student: Annotated[
        str, typer.Option(help="Whose tokenizer and chat template are used.")
    ] = "smollm2-135m",
    seed: Annotated[int, typer.Option(help="For recipes that draw.")] = 0,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Leave longer examples out (formats of tokens: the context).")
    ] = None,
    licence: Annotated[str, typer.Option("--licence", "--license", help="For the card.")] = "unknown",
    read_as: Annotated[str | None, typer.Option(help="Force a format of the traces.")] = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Write any recipe as a dataset for another trainer, with a card.

    Formats: trl, trl-prompt-completion, trl-messages, trl-preference, sharegpt (LLaMA-Factory), axolotl, ms-swift,
    parquet (ids, labels, weights), records.

    Example: [bold]fractionate compile traces.jsonl --recipe decision_points --format trl --out dataset[/bold]
    """
    quiet_libraries()
    from fractionate.supervision.dataset import Order, compile_with_progress

    order = Order(file, recipe, form, out, student, seed, max_tokens, licence, read_as, mapping_of(columns))
    card = compile_with_progress(order, notes)
    if as_json:
        emit(card | {"out": str(out)})
        return
    print(f"{card['examples']} examples of {card['traces']} traces: {out / card['file']['name']}")
    print(f"The card: {out / 'README.md'}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Tell what can be named: recipes and schedules with their options, makers of pairs, formats of datasets.

    Example: [bold]fractionate list[/bold]
    """
    from fractionate.supervision.listing import listed

    parts = listed()
    if as_json:
        emit({"parts": [part._asdict() for part in parts]})
        return
    for part in parts:
        options = f"?{'&'.join(part.options)}" if part.options else ""
        print(f"{part.kind:<9} {part.name + options}\n{'':<9} {part.about}")


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
