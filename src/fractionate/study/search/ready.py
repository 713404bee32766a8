"""What lies ready when a search has ended: `student/`, the checkpoint to use, and `dataset/`, what it learned.

    lay_ready(trial.student("compact", 1), root)
    (root / "student" / "model.safetensors").is_file()        # True

`dataset/` holds `supervision.parquet`, which `fractionate compile` writes in any trainer's format, or `stages.parquet`,
all that a schedule passed through, which no other trainer has a format for.
"""

import shutil
from pathlib import Path

from fractionate.records import Supervision
from fractionate.storage import read_records


def taught(place: Path) -> list[Supervision]:
    """What an arm's student saw at any time: under a schedule all stages."""
    stages = place / STAGES
    return read_records(stages if stages.is_file() else place / "supervision.parquet", Supervision)


ABOUT, STAGES = "arm.json", "stages.parquet"
READY = {"checkpoint": "student", ABOUT: f"dataset/{ABOUT}"}
"""What is laid ready of an arm's folder beside its examples, and where."""


def lay_ready(place: Path, root: Path) -> None:
    """The student, and what it learned as records; copies, so that trials can be deleted."""
    about = root / READY[ABOUT]
    if about.is_file() and about.read_bytes() != (place / ABOUT).read_bytes():
        for old in ("student", "dataset"):
            shutil.rmtree(root / old, ignore_errors=True)
    examples = STAGES if (place / STAGES).is_file() else "supervision.parquet"
    for name, target in (READY | {examples: f"dataset/{examples}"}).items():
        source, to = place / name, root / target
        if to.exists() or not source.exists():
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(f".{to.name}.part")
        if source.is_dir():
            shutil.copytree(source, part, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, part)
        part.replace(to)
