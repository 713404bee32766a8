"""How large a text is, without a tokenizer, and how steps fill a budget.

    size("So 3 * 4 = 12 pens.")                # 9: words, digits and signs
    filled([first, second, third], sizes, budget=20)

Digits, words and signs are near to what tokenizers count, so that recipes hold arms equal before a student is known.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from fractionate.supervision.base import Unit

PIECES = re.compile(r"\d|[^\W\d]+|[^\w\s]")

K = TypeVar("K", bound=Hashable)


def size(text: str) -> int:
    """The pieces of a text: digits, words and signs."""
    return len(PIECES.findall(text))


def sizes_of(units: Iterable[Unit]) -> dict[int, int]:
    """The sizes of what stands for each step, by the step's index."""
    return {unit.step.index: size("".join(s.text for s in unit.segments)) for unit in units}


def filled(order: Iterable[K], sizes: Mapping[K, int], budget: float) -> list[K]:
    """Of `order` as many as come nearest to the budget, those that would lead away from it passed over."""
    kept: list[K] = []
    total = 0
    for part in order:
        if abs(total + sizes[part] - budget) < abs(total - budget):
            kept.append(part)
            total += sizes[part]
    return kept
