"""How a student is trained, and what an update works on."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import torch

from fractionate.training.processes import Processes
from fractionate.training.representation import Representation


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How a student is trained. `batch_size` counts examples an update, `micro_tokens` tokens in memory at once.

    `representation` is the weight of the auxiliary objective on the examples' targets (0: there is none), read at the
    layer at the share `layer` of the network's depth.
    """

    epochs: float = 1
    learning_rate: float = 2e-4
    batch_size: int = 16
    micro_tokens: int = 2048
    warmup: float = 0.05
    adapter: Literal["none", "lora"] = "none"
    lora_rank: int = 16
    save_every_seconds: float = 180.0
    seed: int = 0
    representation: float = 0.0
    layer: float = 2 / 3


class Run(NamedTuple):
    """What an update works on."""

    network: Any
    optimizer: Any
    schedule: Any
    settings: TrainSettings
    device: torch.device
    processes: Processes
    objective: Representation | None = None

    @property
    def trained(self) -> list[torch.Tensor]:
        """The student's parameters that learn."""
        return [p for p in self.network.parameters() if p.requires_grad]

    @property
    def heads(self) -> list[torch.Tensor]:
        """What learns beside the student and is dropped."""
        return self.objective.heads if self.objective is not None else []
