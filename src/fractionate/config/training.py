"""`[student]` and `[training]`: which model learns, and how."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from fractionate.config.base import Section, Unique


class StudentConfig(Section):
    """Which model learns, and how: full weights or LoRA. `context` lowers the model's own limit, in tokens."""

    model: str = "smollm2-135m"
    adapter: Literal["none", "lora"] = "none"
    lora_rank: int = Field(default=16, gt=0)
    context: int | None = Field(default=None, gt=0)


class RepresentationConfig(Section):
    """The auxiliary objective: a hidden state that knows the next intermediate result.

    Each of `recipes` (they may be schedules) gets a second arm, `NAME+representation`, which is trained with the
    objective too. It is read at the layer at the share `layer` of the network's depth, at the end of the prompt
    (`problem`) or before each step of the response (`steps`); `weight` stands against 1 for the loss on the text.
    There every arm, the untouched one too, is probed after training: the report says what is known inside beside T.
    """

    recipes: Unique[str] = ()
    weight: float = Field(default=0.5, ge=0)
    layer: float = Field(default=2 / 3, gt=0, le=1)
    at: Literal["problem", "steps"] = "problem"


class TrainingConfig(Section):
    """The same for every arm, except the learning rate of those that `learning_rates` names (they were tuned).

    `batch_size` is in examples, `micro_tokens` bounds memory.
    """

    epochs: Annotated[int | float, Field(gt=0)] = 1
    learning_rate: float = Field(default=2e-4, gt=0)
    batch_size: int = Field(default=16, gt=0)
    micro_tokens: int = Field(default=2048, gt=0)
    learning_rates: Mapping[str, Annotated[float, Field(gt=0)]] = {}
    representation: RepresentationConfig = RepresentationConfig()
