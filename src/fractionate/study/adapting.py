"""How well students take up families never seen: 16 and 64 examples of each, with answers only, beside the base.

    found = adapt_all(students, ["base", "full"], Path("runs/eval/adapted"), console)
    found["full"].overall[0].difference            # Interval(-0.06, -0.13, 0.02): after 16 examples, to the base

Each run trains a student a little further, so this takes a minute or more for each and is asked for by `--adapt`.
Runs are kept; whatever is there is not done again. The untouched base of all students runs once.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from fractionate.records import Score
from fractionate.study.students import Entrant
from fractionate.transfer.adaptability import FAMILIES, Adaptability, AdaptSettings, Run, adapt, adaptability


def adapt_all(
    students: Sequence[Entrant],
    names: Sequence[str],
    folder: Path,
    console: Console,
    settings: AdaptSettings = AdaptSettings(),
) -> Mapping[str, Adaptability]:
    """Every student under its name; the untouched ones are the base and have no entry of their own.

    Raises:
        InputError: a model cannot be loaded.
    """
    models = list(dict.fromkeys(model for s in students if s.base is not None for model in (s.base, s.model)))
    runs = len(models) * len(FAMILIES) * len(settings.shots) * len(settings.seeds)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("adapting", total=runs)
        scores = {model: _scores(model, folder, settings, bar, task, console) for model in models}
    return {
        name: adaptability(scores[s.model], scores[s.base])
        for name, s in zip(names, students, strict=True)
        if s.base is not None
    }


def _scores(
    model: str, folder: Path, settings: AdaptSettings, bar: Progress, task: TaskID, console: Console
) -> list[Score]:
    def tell(run: Run) -> None:
        bar.advance(task)
        if not console.is_terminal:
            console.print(f"adapting {model} to {run.shots} examples", highlight=False)

    return [
        score
        for family in FAMILIES
        for score in adapt(model, family, folder, settings, arm=model, on_run=tell)
    ]
