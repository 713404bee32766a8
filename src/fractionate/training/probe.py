"""What a hidden state gives away of the next intermediate result: fresh heads on a student that no longer learns.

    read_out(model, taught, held_out, layer=2 / 3)
    # ReadOut(loss=0.31, right=0.62, commonest=0.08, readings=(Reading("t7", value="56", said="54"), …))

The numbers are of the targets of `held_out`. The heads are fitted to the targets of `taught` alone, so a student with
the auxiliary objective and one without it are asked in the same way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from fractionate.models.load import Model
from fractionate.supervision.encode import Example
from fractionate.supervision.targets import spelled
from fractionate.training.representation import Representation, digit_logits, digit_loss
from fractionate.training.states import Known, read_states

ITERATIONS = 200
DECAY = 1e-3
"""Times the squared weights, added to the heads' loss, so that few states do not make them infinite."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One held-out target: the trace it is of, the value that the state should know, and what was read."""

    trace_id: str
    value: str
    said: str


@dataclass(frozen=True, slots=True)
class ReadOut:
    """On held-out targets: nats a digit, the share of values read right, and what saying the commonest would give."""

    loss: float
    right: float
    commonest: float
    readings: tuple[Reading, ...]


def read_out(
    model: Model, taught: Sequence[Example], held_out: Sequence[Example], layer: float = 2 / 3
) -> ReadOut:
    """How well the next results can be read from the states of the layer at a share of the depth."""
    objective = Representation(model.network, layer)
    learned, asked = (read_states(model, examples, [layer]) for examples in (taught, held_out))
    return _read(objective, learned, asked)


def _read(objective: Representation, learned: Known, asked: Known) -> ReadOut:
    """Fit the heads to what is known of some states, and read others."""
    _fit(objective, learned)
    with torch.no_grad():
        loss = digit_loss(asked.states[0], objective.weight, objective.bias, asked.values)
        said = digit_logits(asked.states[0], objective.weight, objective.bias).argmax(-1).tolist()
    rows = zip(asked.traces, asked.values, map(spelled, said), strict=True)
    readings = tuple(Reading(*row) for row in rows)
    right = sum(reading.said == reading.value for reading in readings)
    guess = Counter(learned.values).most_common(1)[0][0]
    count = len(readings)
    return ReadOut(float(loss) / count, right / count, asked.values.count(guess) / count, readings)


def _fit(objective: Representation, known: Known) -> None:
    optimizer = torch.optim.LBFGS(objective.heads, max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        mean = digit_loss(known.states[0], objective.weight, objective.bias, known.values) / len(known.values)
        total = mean + DECAY * objective.weight.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
