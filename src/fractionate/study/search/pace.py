"""How fast this machine trains and asks this student: some twenty seconds of the real thing.

pace = calibrate(config, model_name, lessons, items)
pace.train            # tokens a second in training, prompts and responses
pace.ask              # tokens a second that a student writes, reading the prompts included
pace.student          # seconds that a student takes beside both: loading, saving
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from fractionate.config import StudyConfig
from fractionate.models import load_model, release_memory
from fractionate.records import Item
from fractionate.study.rows import train_settings
from fractionate.training import Lesson, Progress, train
from fractionate.training.fit import needed_bytes
from fractionate.transfer.asking import LocalStudent, Sampling

SECONDS = 8.0
"""About what each of the two parts measures, after what comes once."""
FIRST_LESSONS = 32
ITEMS = 96


class Pace(NamedTuple):
    """Rates in tokens a second, seconds a student beside them, and the bytes that training holds."""

    train: float
    ask: float
    student: float
    memory: float = 0.0


def calibrate(config: StudyConfig, lessons: Sequence[Lesson], items: Sequence[Item], written: int) -> Pace:
    """Measure on a few of the reference's lessons, and on a few questions with answers of `written` tokens."""
    trained = _training(config, lessons)
    release_memory()
    return trained._replace(ask=_asking(config, items, written))


def _training(config: StudyConfig, lessons: Sequence[Lesson]) -> Pace:
    """Tokens a second, the seconds of loading and saving, and memory."""
    some = list(lessons[:FIRST_LESSONS])
    size = config.training.batch_size
    marks: list[float] = []

    def tell(progress: Progress) -> None:
        marks.append(time.monotonic())

    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fractionate-") as place:
        model = load_model(config.student.model)
        weights = sum(p.numel() * p.element_size() for p in model.network.parameters())
        memory = weights + needed_bytes(model.network, config.training.micro_tokens)
        settings = replace(train_settings(config, "full", 0, 1.0), batch_size=size)
        train(model, some, settings, Path(place), tell, flops=0.0)
        whole = time.monotonic() - begun
    tokens = sum(len(lesson.at(1.0).ids) for lesson in some)
    if len(marks) < 2:
        return Pace(tokens / whole, 0.0, 0.0, memory)
    # The first update is slower (memory is fetched), and stands for none of the others.
    rate = tokens * (len(marks) - 1) / len(marks) / (marks[-1] - marks[0])
    return Pace(rate, 0.0, max(whole - tokens / rate, 0.0), memory)


def _asking(config: StudyConfig, items: Sequence[Item], written: int) -> float:
    some = [replace(i, max_new_tokens=min(written, i.max_new_tokens)) for i in items if not i.prefill][:ITEMS]
    sampling = Sampling(rows=config.transfer.batch_rows)
    with LocalStudent(config.student.model).open(some, sampling) as student:
        student.respond(some[:4], sampling, lambda rows: None)
        begun = time.monotonic()
        found = student.respond(some, sampling, lambda rows: None)
    return sum(r.tokens for r in found) / max(time.monotonic() - begun, 1e-3)
