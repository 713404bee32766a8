"""Simulated students: answers to two families of questions by a logistic model with known accuracy.

answered(Setting(48, 2, 0.25), 0.25, 0.30, runs=400, rng=rng).style.shape      # (400, 2, 2, 4, 48)
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from benchmarks.false_alarms.settings import Setting
from fractionate.transfer.statistics.intervals import Floats

DIFFICULTY, ARM_ITEM, TRAINING_ITEM = 2.0, 1.0, 1.5
"""Standard deviations in logits of a question's difficulty, and of what an arm and a training find easier."""
STYLE_EFFECTS = (-0.3, -0.1, 0.1, 0.3)
SEED_POINTS = 0.02
"""Standard deviation of an arm's accuracy between seeds, at an accuracy of 25%; in logits the same for all."""


class Answers(NamedTuple):
    """Right or not, (runs, arms, seeds, cells, questions), of both families."""

    style: Floats
    related: Floats


def answered(
    setting: Setting, one: float, other: float, runs: int, rng: np.random.Generator, own: float = ARM_ITEM
) -> Answers:
    """Answers of two arms with these true T; `own` is how much each arm has questions of its own, in logits."""
    seed_sd = seed_logits(setting)
    further = [setting.accuracy * share for share in setting.beside]
    skills = [skill(setting, p, own) for p in (one, other, *further)]
    shape = (runs, len(skills), setting.seeds)

    def normal(sd: float, *size: int) -> Floats:
        drawn: Floats = np.float32(sd) * rng.standard_normal(size, dtype=np.float32)
        return drawn

    half = seed_sd * np.sqrt(0.5)
    trained = normal(half, runs, 1, setting.seeds) + normal(half, *shape)
    families = []
    for k, effects in enumerate((STYLE_EFFECTS[: setting.styles], (0.0,))):
        n = setting.items
        base = np.array([s[k] for s in skills], dtype=np.float32)[None, :, None] + trained
        question = normal(DIFFICULTY, runs, 1, 1, n) + normal(own, *shape[:2], 1, n)
        logits = base[..., None] + question + normal(TRAINING_ITEM, *shape, n)
        cells = logits[:, :, :, None, :] + np.array(effects, dtype=np.float32)[:, None]
        families.append((rng.random(cells.shape, dtype=np.float32) < expit(cells)).astype(np.float32))
    return Answers(*families)


def seed_logits(setting: Setting) -> float:
    """The standard deviation between seeds in logits."""
    step = 1e-3
    slope = (accuracy_of(logit_of(0.25, ()) + step, ()) - 0.25) / step
    return setting.spread * SEED_POINTS / slope


def skill(setting: Setting, accuracy: float, own: float) -> tuple[float, float]:
    """The skills in logits at which an arm's true accuracy is `accuracy` in both families."""
    more = (own, seed_logits(setting))
    styles = STYLE_EFFECTS[: setting.styles]
    return logit_of(accuracy, more, styles), logit_of(accuracy, more)


@cache
def logit_of(accuracy: float, more: tuple[float, ...], effects: tuple[float, ...] = (0.0,)) -> float:
    """The skill that has this accuracy over all questions and seeds."""
    return float(brentq(lambda x: accuracy_of(x, more, effects) - accuracy, -40, 40))


def accuracy_of(logit: float, more: tuple[float, ...], effects: tuple[float, ...] = (0.0,)) -> float:
    """The mean of the logistic model over everything that is normal in it (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    sd = np.sqrt(DIFFICULTY**2 + TRAINING_ITEM**2 + sum(m**2 for m in more))
    means = expit(logit + np.array(effects)[:, None] + sd * nodes) @ weights / weights.sum()
    return float(means.mean())
