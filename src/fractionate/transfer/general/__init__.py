"""What was paid elsewhere: a small set of general abilities, before and after training.

Held-out prose (perplexity), instructions that a program can check, and short questions of fact and of common knowledge,
about 150 prompts in all. Few items see large losses only: the intervals say how large.

    responses = ...                                  # of the student to `instruction_items()`
    after = scored_outcomes(model) + instruction_outcomes(responses)
    paid(before, after)                              # differences to the base, item by item
"""

from fractionate.transfer.general.choices import Choice, chance, choice_outcomes
from fractionate.transfer.general.commonsense import commonsense
from fractionate.transfer.general.facts import facts
from fractionate.transfer.general.instructions import INSTRUCTIONS, instruction_items, instruction_outcomes
from fractionate.transfer.general.measure import General, Paid, general, paid, scored_outcomes
from fractionate.transfer.general.outcome import Outcome
from fractionate.transfer.general.text import passages, text_outcomes

__all__ = [
    "INSTRUCTIONS",
    "Choice",
    "General",
    "Outcome",
    "Paid",
    "chance",
    "choice_outcomes",
    "commonsense",
    "facts",
    "general",
    "instruction_items",
    "instruction_outcomes",
    "paid",
    "passages",
    "scored_outcomes",
    "text_outcomes",
]
