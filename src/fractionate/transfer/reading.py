"""What is read off a student's weights: hidden states, likelihoods of the teacher's text, general questions.

    reading = read_weights("runs/x/checkpoint", suite, home, Path("runs/eval/full"), base="smollm2-135m")
    reading.inside.student.explained            # how much of the next results can be read before they are spoken

Weights are read in the precision in which students answer. Readings are kept in the student's folder under a name that
holds whatever they depend on: the model, the base, the recipe and the texts that are read.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from fractionate.models import Model, identity, load_model, release_memory
from fractionate.records import Anatomy
from fractionate.storage import from_json, to_json, write_text
from fractionate.training.sizes import Sizes
from fractionate.transfer.general import scored_outcomes
from fractionate.transfer.general.outcome import Outcome
from fractionate.transfer.home import Home
from fractionate.transfer.imitation import TAUGHT, likelihoods
from fractionate.transfer.layers import LAYERS, Inside
from fractionate.transfer.layers.representation import examples, look_inside
from fractionate.transfer.suite import Suite

PRECISION = torch.bfloat16
"""A mean log-probability is off by less than 0.005 nats, at a third of the time and half of the memory of float32."""
LEAST = 20
"""Solved problems that heads are fitted to; of fewer nothing is said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`taught` and `own` are the likelihoods of the home traces, in the order of `home.anatomies`, under `full` and
    under the arm's own recipe; `abilities` are outcomes of general questions.
    """

    taught: tuple[float | None, ...] = ()
    own: tuple[float | None, ...] = ()
    abilities: tuple[Outcome, ...] = ()
    inside: Inside | None = None


def read_weights(
    name: str,
    suite: Suite,
    home: Home,
    folder: Path,
    *,
    base: str,
    recipe: str = TAUGHT,
    told: Callable[[str], None] = lambda what: None,
) -> Reading:
    """The reading of the model `name`; what an earlier run has read stands. `told` hears what is read next.

    The untouched `base` is read once for all students of an evaluation, and kept beside their folders.
    """
    asked = list(home.anatomies.values())[: suite.follow_ups.items]
    read = f"{recipe} {suite.layers} {suite.general} {PRECISION}"
    file = folder / f"reading-{_key(identity(name), identity(base), read, asked, home.solved)}.json"
    if file.is_file():
        return from_json(Reading, file.read_bytes())
    model = load_model(name, dtype=PRECISION)
    told("the teacher's text")
    taught = likelihoods(model, asked)
    own = taught if recipe == TAUGHT else likelihoods(model, asked, recipe)
    told("general abilities")
    abilities = scored_outcomes(model) if suite.general else []
    told("hidden states")
    inside = _inside(model, suite, home, folder.parent, base)
    del model
    release_memory()
    reading = Reading(tuple(taught), tuple(own), tuple(abilities), inside)
    write_text(file, to_json(reading))
    return reading


def _inside(model: Model, suite: Suite, home: Home, folder: Path, base: str) -> Inside | None:
    """Only where a layer needs it, and there are enough solved problems with results to be read; what `folder` holds of
    this base on these problems stands."""
    if not any(LAYERS[name].needs_states for name in suite.layers):
        return None
    read = examples(model.chat, home.solved)
    if len({example.trace_id for example in read}) < LEAST:
        return None
    base_file = folder / f"base_inside-{_key(identity(base), home.solved, str(PRECISION))}.json"
    if base_file.is_file():
        return look_inside(model, from_json(Sizes, base_file.read_bytes()), read)
    untouched = model if model.name == base else load_model(base, dtype=PRECISION)
    found = look_inside(model, untouched, read)
    write_text(base_file, to_json(found.base))
    return found


def _key(*of: str | Sequence[Anatomy]) -> str:
    """Different for whatever is read otherwise; of traces their texts count."""
    told = [part if isinstance(part, str) else [(a.trace.problem, a.trace.text) for a in part] for part in of]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
