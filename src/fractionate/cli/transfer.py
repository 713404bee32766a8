"""Verbs of transfer: `evaluate`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fractionate.cli.base import AsJson, app, emit, notes, quiet_libraries
from fractionate.errors import InputError


@app.command()
def evaluate(
    students: Annotated[
        list[str],
        typer.Argument(help="Models (built in, a folder, a hub id), or folders of finished studies."),
    ],
    suite: Annotated[
        str, typer.Option(help="What is asked: a suite (NAME or NAME@VERSION) or a TOML file.")
    ] = "transfer",
    out: Annotated[
        Path | None, typer.Option(help="Where answers go (default: runs/evaluate-<suite>).")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The student that the others are compared with (default: the first).")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(help="Ask the model at this OpenAI-compatible address; its key is OPENAI_API_KEY."),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="Answers to each item.")] = 1,
    temperature: Annotated[float, typer.Option(min=0.0, help="0 is greedy.")] = 0.0,
    margin: Annotated[
        float, typer.Option(min=0.001, max=1.0, help="The difference in T that matters: 0.02 is 2 points.")
    ] = 0.02,
    adapt: Annotated[
        bool, typer.Option("--adapt", help="Train each a little on two new families: minutes a student.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure whether students reason: other prompts, related tasks, harder problems, and what answers cost.

    A study's folder stands for all its students, asked about the study's own held-out problems too. Killed at any
    moment, the same command goes on where it was.

    Example: [bold]fractionate evaluate runs/ledger --suite transfer --reference full[/bold]
    An endpoint: [bold]fractionate evaluate NAME --base-url http://localhost:8000/v1[/bold]
    """
    quiet_libraries()
    from fractionate.models.endpoint import EndpointSettings
    from fractionate.report.evaluation import as_plain, print_evaluation, write_evaluation
    from fractionate.study.examine import examine
    from fractionate.transfer.asking import Sampling
    from fractionate.transfer.suite import load_suite

    if samples > 1 and temperature == 0:
        raise InputError("--samples of more than 1 needs a --temperature above 0")
    if base_url is not None:
        _refuse_of_endpoints(students, adapt)
    chosen = load_suite(suite)
    place = out or Path("runs") / f"evaluate-{chosen.name}"
    endpoint = EndpointSettings(students[0], base_url, cache=place / "asked") if base_url else None
    found = examine(
        students, chosen, place, notes, reference=reference, endpoint=endpoint,
        sampling=Sampling(samples, temperature), adapt=adapt, margin=margin,
    )  # fmt: skip
    write_evaluation(found, place)
    if as_json:
        emit(as_plain(found) | {"out": str(place)})
        return
    print_evaluation(found, Console())
    print(f"\nThe page: {place / 'report.html'}")


def _refuse_of_endpoints(students: list[str], adapt: bool) -> None:
    if adapt:
        raise InputError("--adapt trains the student, which an endpoint does not allow")
    if len(students) > 1:
        raise InputError("an endpoint is asked for one model at a time; name one")
