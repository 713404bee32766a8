"""What is kept of each small question of the general abilities: one row, to be stored and compared."""

from dataclasses import dataclass
from typing import Literal

FAMILY = "general"
"""The family of the cells that are asked here."""

Ability = Literal["text", "instruction", "facts", "commonsense"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item: 1 or 0 for right or wrong; for a passage of text the mean surprise in nats a token."""

    ability: Ability
    item: str
    value: float
