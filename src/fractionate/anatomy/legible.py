"""Legible: what in a text the rules cannot read, said as notes on the anatomy.

    analyze(trace_of("\\\\[ x = (3")).notes     # "a formula or a block is opened and not closed: read as plain lines"

The analysis goes as far as it can in every case; a note says where it stops.
"""

import re

from fractionate.anatomy.draft import Draft

MOSTLY = 0.5
"""Share of a text's letters outside the Latin script from which on its wordings cannot be known."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_FOREIGN = re.compile(r"[^\W\d_\x00-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_PAIRS = (("\\[", "\\]"), ("\\(", "\\)"), ("\\begin{", "\\end{"))
_TWICE = ("$$", "```")
_DEEP = re.compile(r"(?:[(\[{][^()\[\]{}\n]{0,20}){50}")
_TOWER = re.compile(r"\d\s?(?:\*\*|\^)\s?\d+\s?(?:\*\*|\^)\s?\d")


def note_unread(draft: Draft) -> None:
    """Notes on control characters, foreign scripts, unbalanced LaTeX, deep brackets and towers of powers."""
    text = draft.trace.text
    if _CONTROL.search(text):
        draft.note("control characters: parts of the text are not prose")
    if not text.isascii() and len(_FOREIGN.findall(text)) > MOSTLY * len(_LETTER.findall(text)):
        draft.note("mostly not in Latin script: wordings are known in English only, values everywhere")
    if _unbalanced(text):
        draft.note("a formula or a block is opened and not closed: it was read as plain lines")
    if text.count("(") + text.count("[") + text.count("{") >= 50 and _DEEP.search(text):
        draft.note("brackets are nested too deeply: what they hold was not computed")
    if ("**" in text or "^" in text) and _TOWER.search(text):
        draft.note("a tower of powers is too large: it was not computed")


def _unbalanced(text: str) -> bool:
    if "\\" in text and any(text.count(opener) != text.count(closer) for opener, closer in _PAIRS):
        return True
    return any(text.count(sign) % 2 for sign in _TWICE)
