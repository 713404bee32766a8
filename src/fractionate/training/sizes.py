"""How large the next intermediate result will be, as hidden states give it away before it is spoken.

    read_sizes(read_states(model, examples, DEPTHS))
    # Sizes(readings=(SizeReading("t7", size=4.04, read=3.61, blind=2.87), …)); its .explained is 0.5

The size of a value is the logarithm of one more than it, so that a head can speak of values that it was never fitted
to: a head that says values or digits has seen too few of each. Every problem is read by heads that were fitted without
it; layer and penalty are chosen by the error on problems of the fitted part, never by what is read.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

import torch

from fractionate.training.states import Known

DEPTHS = (0.5, 0.6, 2 / 3)
"""The layers among which a head chooses, as shares of the depth. Measured on SmolLM2-135M, those above know less."""
FOLDS = 5
PENALTIES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Times the squared weights, on states of variance 1."""


@dataclass(frozen=True, slots=True)
class SizeReading:
    """One target: the trace it is of, the size of its value, the size that was read, and the mean of all others."""

    trace_id: str
    size: float
    read: float
    blind: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """What was read of every target, in the order of the examples as they went through the network."""

    readings: tuple[SizeReading, ...]

    @property
    def explained(self) -> float:
        """The share of the variance of sizes that is read; below 0 where the mean would have been nearer."""
        return fmean(self.shares())

    def shares(self) -> list[float]:
        """What each reading adds to the share explained, which is their mean."""
        spread = fmean((r.size - r.blind) ** 2 for r in self.readings) or 1.0
        return [((r.size - r.blind) ** 2 - (r.size - r.read) ** 2) / spread for r in self.readings]


class Controlled(NamedTuple):
    """What heads read, and what heads read in the same states where the values are shuffled."""

    read: Sizes
    shuffled: Sizes


def read_with_control(known: Known, seed: int = 0) -> Controlled:
    """`read_sizes`, and the same with values that say nothing: what heads find in such states by chance.

    (Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", arXiv 1909.03368.)
    """
    folds = _folds(known)
    values = random.Random(seed).sample(known.values, len(known.values))
    return Controlled(_read(known, known.values, folds), _read(known, values, folds))


def read_sizes(known: Known) -> Sizes:
    """Ridge regression of the size on the states, cross-fitted by problem."""
    return _read(known, known.values, _folds(known))


class _Fold(NamedTuple):
    """Which targets heads are fitted to, and each layer's states of those and of the others."""

    inside_P: torch.Tensor
    layers: list["_Layer"]


class _Layer(NamedTuple):
    """States of variance 1 in the axes in which those that heads are fitted to do not covary."""

    inside_PD: torch.Tensor
    outside_PD: torch.Tensor
    squares_D: torch.Tensor


class _Head(NamedTuple):
    """What a head reads of the others, and its mean squared error where one that it is fitted to is left out."""

    error: float
    read_P: torch.Tensor


def _folds(known: Known) -> list[_Fold]:
    place = {trace: i for i, trace in enumerate(dict.fromkeys(known.traces))}
    folds_P = torch.tensor([place[trace] % FOLDS for trace in known.traces])
    found = []
    for fold in range(min(FOLDS, len(place))):
        inside_P = folds_P != fold
        layers = [_layer(states[inside_P], states[~inside_P]) for states in map(_even, known.states)]
        found.append(_Fold(inside_P, layers))
    return found


def _layer(inside_PD: torch.Tensor, outside_PD: torch.Tensor) -> _Layer:
    middle_D, scale_D = inside_PD.mean(0), inside_PD.std(0) + 1e-6
    inside_PD, outside_PD = ((states - middle_D) / scale_D for states in (inside_PD, outside_PD))
    squares_D, axes_DD = torch.linalg.eigh(inside_PD.T @ inside_PD)
    return _Layer(inside_PD @ axes_DD, outside_PD @ axes_DD, squares_D.clamp(min=0.0))


def _even(states_PD: torch.Tensor) -> torch.Tensor:
    """Brought to a length of their own, as a layer would."""
    states = states_PD.cpu().double()
    return states * torch.rsqrt(states.square().mean(-1, keepdim=True) + 1e-6)


def _read(known: Known, values: Sequence[str], folds: Sequence[_Fold]) -> Sizes:
    sizes_P = torch.tensor([math.log1p(float(value)) for value in values], dtype=torch.float64)
    read_P, blind_P = torch.zeros_like(sizes_P), torch.zeros_like(sizes_P)
    for inside_P, layers in folds:
        heads = [head for layer in layers for head in _heads(layer, sizes_P[inside_P])]
        read_P[~inside_P] = min(heads, key=lambda head: head.error).read_P
        blind_P[~inside_P] = sizes_P[inside_P].mean()
    rows = zip(known.traces, sizes_P.tolist(), read_P.tolist(), blind_P.tolist(), strict=True)
    return Sizes(tuple(SizeReading(*row) for row in rows))


def _heads(layer: _Layer, sizes_P: torch.Tensor) -> Iterator[_Head]:
    """Ridge regression with each penalty; errors by D. M. Allen's PRESS statistic, Technometrics 16 (1974), 125-127."""
    offset = sizes_P.mean()
    inner_D = layer.inside_PD.T @ (sizes_P - offset)
    for penalty in PENALTIES:
        weight_D = inner_D / (layer.squares_D + penalty)
        leverage_P = layer.inside_PD**2 @ (1 / (layer.squares_D + penalty)) + 1 / len(sizes_P)
        missed_P = (sizes_P - offset - layer.inside_PD @ weight_D) / (1 - leverage_P)
        yield _Head(float(missed_P.square().mean()), layer.outside_PD @ weight_D + offset)
