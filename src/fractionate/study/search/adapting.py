"""How students of a search take up families never seen, beside the untouched one.

found = take_up(config, {("compact", 1): trial.student("compact", 1)}, root / "adapted", console)
rise(found["compact", 1])              # 0.04: mean over 16 and 64 examples, student minus untouched
"""

from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.study.adapting import adapt_all
from fractionate.study.students import Entrant
from fractionate.transfer.adaptability import Adaptability

Student = tuple[str, int]


def take_up(
    config: StudyConfig, folders: Mapping[Student, Path], kept: Path, console: Console
) -> dict[Student, Adaptability]:
    """Adapt every student from its arm's folder; a minute or more for each, and what is done is kept."""
    students = [
        Entrant(name, str(folder / "checkpoint"), seed, config.student.model)
        for (name, seed), folder in folders.items()
    ]
    names = {f"{s.label} s{s.seed}": (s.label, s.seed) for s in students}
    found = adapt_all(students, list(names), kept, console)
    return {names[name]: adaptability for name, adaptability in found.items()}


def rise(adaptability: Adaptability) -> float:
    """The mean difference to the untouched student over all numbers of examples."""
    return fmean(point.difference.value for point in adaptability.overall)
