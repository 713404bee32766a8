"""Verbs of supervision: `compile`, `list`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from fractionate.cli.base import AsJson, Columns, app, emit, mapping_of, notes, quiet_libraries

Keep = Literal["all", "right"]


@app.command("compile")
def compile_(
    file: Annotated[
        Path,
        typer.Argument(
            help="A trace file or folder, what `analyze` wrote, or a supervision.parquet of a study."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The dataset's folder.")],
    recipe: Annotated[
        str,
        typer.Option(help="What is kept of each trace, such as decision_points; none for a study's dataset."),
    ] = "",
    form: Annotated[str, typer.Option("--format", help="The trainer's format, such as trl.")] = "trl",
    student: Annotated[
        str, typer.Option(help="Whose tokenizer and chat template are used.")
    ] = "smollm2-135m",
    seed: Annotated[int, typer.Option(help="For recipes that draw.")] = 0,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Leave longer examples out (formats of tokens: the context).")
    ] = None,
    licence: Annotated[str, typer.Option("--licence", "--license", help="For the card.")] = "unknown",
    keep: Annotated[
        Keep, typer.Option(help="Learn from all traces, or not from those known to end wrong.")
    ] = "all",
    read_as: Annotated[str | None, typer.Option(help="Force a format of the traces.")] = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Write any recipe as a dataset for another trainer, with a card.

    Formats: trl, trl-prompt-completion, trl-messages, trl-preference, sharegpt (LLaMA-Factory), axolotl, ms-swift,
    parquet (ids, labels, weights), records.

    Example: [bold]fractionate compile traces.jsonl --recipe decision_points --format trl --out dataset[/bold]

    What a search has found: [bold]fractionate compile runs/s/dataset/supervision.parquet --out dataset[/bold]
    """
    quiet_libraries()
    from fractionate.supervision.dataset import Order, compile_with_progress

    order = Order(
        file, recipe, form, out, student, seed, max_tokens, licence, read_as, mapping_of(columns), keep
    )
    card = compile_with_progress(order, notes)
    if as_json:
        emit(card | {"out": str(out)})
        return
    print(f"{card['examples']} examples of {card['traces']} traces: {out / card['file']['name']}")
    print(f"The card: {out / 'README.md'}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Tell what can be named: recipes and schedules with their options, formats, suites, styles, benchmarks, layers.

    Example: [bold]fractionate list[/bold]
    """
    from fractionate.supervision.listing import listed
    from fractionate.transfer.listing import listed_for_transfer

    parts = [*listed(), *listed_for_transfer()]
    if as_json:
        emit({"parts": [part._asdict() for part in parts]})
        return
    for part in parts:
        options = f"?{'&'.join(part.options)}" if part.options else ""
        print(f"{part.kind:<12} {part.name + options}\n{'':<12} {part.about}")
