"""Importance by the student: what `keep?by=surprise` and `keep?by=effect` choose by, measured before arms are compiled.

    found = with_importances(config, names, anatomies, console)
    found.anatomies[0].steps[1].effect          # None where no recipe of these names chooses by it
    found.facts                                 # ["effect of every step: smollm2-135m reads 412,020 tokens: …"]

The untouched student of the study is asked about every trace that might be learned from, so that all arms learn from
the same problems; the effects, which take many times as much reading as the surprise, only where a recipe chooses by
them. Of a trace of more than 32 steps only some have an effect: no recipe can choose by it there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import Progress

from fractionate.anatomy.asking import Plan, ask, plan_asking
from fractionate.config import StudyConfig
from fractionate.models import keep_memory, load_model, release_memory
from fractionate.records import Anatomy
from fractionate.study.rows import WITH
from fractionate.supervision.importance import MEASURED
from fractionate.supervision.options import given


class Importances(NamedTuple):
    """The anatomies with what recipes choose by, sentences on it, and how many tokens the student reads for that."""

    anatomies: Sequence[Anatomy]
    facts: tuple[str, ...] = ()
    tokens: int = 0


Measure = Callable[[StudyConfig, Iterable[str], Sequence[Anatomy], Console], Importances]


def measures_of(names: Iterable[str]) -> set[str]:
    """Which importances that only a student can measure the arms of these names choose by."""
    options = (option for name in names for option in given(name.removesuffix(WITH)))
    return {value for key, value in options if key == "by" and value in MEASURED}


def with_importances(
    config: StudyConfig, names: Iterable[str], anatomies: Sequence[Anatomy], console: Console
) -> Importances:
    """Ask the untouched student, if an arm of these names needs it.

    Raises:
        InputError: the model cannot be loaded, or its family cannot be asked.
    """
    wanted = measures_of(names)
    if not wanted:
        return Importances(anatomies)
    keep_memory()
    model = load_model(config.student.model, seed=config.seeds[0], dtype=torch.bfloat16)
    plan = plan_asking(model, anatomies, effects="effect" in wanted)
    with Progress(console=console, transient=True) as bar:
        read = bar.add_task("asking what steps are worth", total=plan.tokens)
        found = list(ask(model, anatomies, plan, lambda tokens: bar.advance(read, tokens)))
    del model
    release_memory()
    return Importances(found, _told(wanted, plan), plan.tokens)


def with_made_up(
    config: StudyConfig, names: Iterable[str], anatomies: Sequence[Anatomy], console: Console
) -> Importances:
    """For a plan: nobody is asked, what asking would take is counted, and steps are worth something made up: by one
    measure the later ones more and by the other the earlier ones, so that arms stay as many as they are."""
    wanted = measures_of(names)
    if not wanted:
        return Importances(anatomies)
    model = load_model(config.student.model, weights=False)
    plan = plan_asking(model, anatomies, effects="effect" in wanted)
    made_up = [
        replace(a, steps=tuple(replace(s, surprise=float(s.index), effect=-float(s.index)) for s in a.steps))
        for a in anatomies
    ]
    return Importances(made_up, _told(wanted, plan), plan.tokens)


def without_importances(anatomy: Anatomy) -> Anatomy:
    """The anatomy without what a student was asked, so that what is learned from it does not depend on that."""
    steps = tuple(
        replace(s, surprise=None, effect=None, pieces=tuple(p._replace(surprise=None) for p in s.pieces))
        for s in anatomy.steps
    )
    return replace(anatomy, steps=steps)


def _told(wanted: set[str], plan: Plan) -> tuple[str, ...]:
    return (f"{' and '.join(sorted(wanted))} of every step: {plan.says()}, which no cost of an arm counts",)
