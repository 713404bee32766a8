"""What the verbs share: the application, where notes go, and options that several have."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from fractionate.errors import InputError

app = typer.Typer(
    name="fractionate",
    help="Reasoning distillation by fractions: find the smallest supervision that still transfers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

notes = Console(stderr=True)
Columns = Annotated[
    list[str] | None, typer.Option("--map", help="FIELD=COLUMN, for any other format; may be repeated.")
]
Reuse = Annotated[
    list[Path] | None,
    typer.Option(
        "--reuse",
        help="A folder of finished work whose students serve here too, where they are the same; repeatable.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def emit(value: Any) -> None:
    """The verb's result as one JSON object."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def folders(given: list[Path] | None) -> tuple[Path, ...]:
    """What `--reuse` names.

    Raises:
        InputError: one of them is not there.
    """
    missing = [folder for folder in given or [] if not folder.is_dir()]
    if missing:
        raise InputError(f"--reuse {missing[0]}: no such folder")
    return tuple(given or ())


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
