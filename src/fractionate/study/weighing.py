"""Importance by the student: what `keep?by=surprise` and `keep?by=effect` choose by, measured before arms are compiled.

    anatomies = weighed(config, names, anatomies, console)      # the same where no recipe chooses by it
    anatomies[0].steps[1].effect

Every usable trace is asked about by the untouched student of the study, so that all arms learn from the same problems;
the effects, which take many times as much reading as the surprise, only where a recipe chooses by them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from rich.console import Console
from rich.progress import Progress

from fractionate.anatomy.asking import ask, plan_asking
from fractionate.config import StudyConfig
from fractionate.models import load_model, release_memory
from fractionate.records import Anatomy
from fractionate.supervision.importance import MEASURED
from fractionate.supervision.options import given


def measures_of(names: Iterable[str]) -> set[str]:
    """Which importances that only a student can measure the recipes of these names choose by."""
    return {value for name in names for key, value in given(name) if key == "by" and value in MEASURED}


def weighed(
    config: StudyConfig, names: Iterable[str], anatomies: Sequence[Anatomy], console: Console
) -> list[Anatomy]:
    """The anatomies with what the recipes of these names choose by."""
    wanted = measures_of(names)
    if not wanted:
        return list(anatomies)
    model = load_model(config.student.model, seed=config.seeds[0], dtype=torch.bfloat16)
    plan = plan_asking(model, anatomies, effects="effect" in wanted)
    console.print(f"{' and '.join(sorted(wanted))} of every step: {plan.says()}", highlight=False)
    with Progress(console=console, transient=True) as bar:
        read = bar.add_task("asking what steps are worth", total=plan.tokens)
        found = list(ask(model, anatomies, plan, lambda tokens: bar.advance(read, tokens)))
    del model
    release_memory()
    return found


def unweighed(anatomy: Anatomy) -> Anatomy:
    """The anatomy without what a student was asked, so that what is learned from it does not depend on that."""
    steps = tuple(
        replace(s, surprise=None, effect=None, pieces=tuple(p._replace(surprise=None) for p in s.pieces))
        for s in anatomy.steps
    )
    return replace(anatomy, steps=steps)
