r"""Prompt styles: the same problem asked in another way, with the same meaning and the same answer.

    prompted("question_first", problem, seed=0).text   # "Question: How many pens? Given: Tom has 3 boxes of 4 pens."
    prompted("system_prompt", problem, seed=0).history  # (Message("system", "You solve problems with care. …"),)
    share_changed("renamed", problems)                  # 0.83: the others hold no name that can be replaced

One module a kind of change: `wording`, `roles`, `format`, `shots`, `surface`, `numbers`, `names`, `context`,
`order` and `wrapping`. Numbers, relations and the question stay what they are: `worlds.reparse` reads styled problems
of the ledger back and solves them again.
"""

from fractionate.transfer.styles.base import (
    STYLES,
    Prompted,
    Style,
    changed,
    of_text,
    prompted,
    share_changed,
)

__all__ = ["STYLES", "Prompted", "Style", "changed", "of_text", "prompted", "share_changed"]
