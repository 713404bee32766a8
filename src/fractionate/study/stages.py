"""The stages of a study's work, with their nominal seconds: what the progress and the time left are made of.

stages_of(config, arms, items, probe)     # [Stage("ask base s0", 4.0), Stage("train full s0", 39.2), …]
"""

from collections.abc import Sequence
from statistics import fmean

from fractionate.config import StudyConfig
from fractionate.records import Item
from fractionate.study.compile import Arm
from fractionate.study.inside import Probe
from fractionate.study.progress import Stage

TRAIN_TOKENS_PER_SECOND = 650.0
ASK_TOKENS_PER_SECOND = 600.0
PROBE_TOKENS_PER_SECOND = 2000.0
"""Nominal rates of two CPU cores; the time left is scaled by how the machine keeps up."""

UNTAUGHT_TOKENS = 120.0
"""What an untouched student writes to a question, on average."""


def stages_of(config: StudyConfig, arms: Sequence[Arm], items: Sequence[Item], probe: Probe) -> list[Stage]:
    """Training, asking and, where the study asks for it, reading the states of every arm, in their order."""
    stages = []
    for arm in arms:
        named = f"{arm.recipe} s{arm.seed}"
        if arm.examples:
            stages.append(Stage(f"train {named}", arm.cost.tokens / TRAIN_TOKENS_PER_SECOND))
        stages.append(Stage(f"ask {named}", _written(config, arm, items) / ASK_TOKENS_PER_SECOND))
        if probe.held_out:
            stages.append(Stage(f"probe {named}", probe.tokens / PROBE_TOKENS_PER_SECOND))
    return stages


def _written(config: StudyConfig, arm: Arm, items: Sequence[Item]) -> float:
    """Tokens that the arm's student may write, about as many to a question as it was taught."""
    each = 20 + fmean(e.at(1.0).supervised for e in arm.examples) if arm.examples else UNTAUGHT_TOKENS
    return sum(min(each, i.max_new_tokens) for i in items) * config.transfer.samples
