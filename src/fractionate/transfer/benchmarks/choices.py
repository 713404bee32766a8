"""Multiple choice and BIG-Bench Hard.

| name | file in the data folder | layout that is read |
| --- | --- | --- |
| `aqua` | `aqua_test.jsonl` | `question`, `options` (`["A)21", "B)21.5", …]`), `correct` (a letter) |
| `bbh` | `bbh/TASK.json` | `{"canary": …, "examples": [{"input", "target"}]}`, a file a subtask |

`bbh?task=navigate` names the subtask; `bbh:FILE` any file of that layout. A target such as `(B)` is an option of the
input's list, `True`, `No` or `invalid` a truth value, words in a row a list; others are numbers or plain text.
"""

import re
from pathlib import Path
from typing import Any

from fractionate.transfer.benchmarks.base import fitting_checker
from fractionate.transfer.benchmarks.layouts import Draft, Row, layout

_OPTION = re.compile(r"^\s*\(([A-Z])\)\s*(.+?)\s*$", re.MULTILINE)
_LETTERED = re.compile(r"\s*\(?([A-Z])\s*[).:]\s*(.*)", re.DOTALL)
_TRUTH = re.compile(r"(?i)yes|no|true|false|valid|invalid")
_WORDS = re.compile(r"[A-Za-z'-]+(?: [A-Za-z'-]+)+")


@layout("aqua", "aqua_test.jsonl")
def aqua(row: Row) -> Draft:
    """The options are listed after the question."""
    options = _options(row.fields.get("options"))
    letter = row.text("correct").upper()
    listed = tuple(f"({name}) {text}" for name, text in options.items())
    gold = f"({letter}) {options[letter]}" if letter in options else f"({letter})"
    return Draft("\n".join((row.text("question"), *listed)), gold, "choice", choices=listed)


@layout("bbh", "bbh/{task}.json")
def bbh(row: Row) -> Draft:
    """One subtask's questions."""
    text, target = row.text("input"), row.text("target")
    kind = Path(row.place.rpartition(":")[0]).stem
    if re.fullmatch(r"\([A-Z]\)", target):
        listed = dict(_OPTION.findall(text))
        gold = f"{target} {listed[target[1]]}" if target[1] in listed else target
        choices = tuple(f"({letter}) {option}" for letter, option in listed.items())
        return Draft(text, gold, "choice", kind=kind, choices=choices)
    return Draft(text, target, _checker(target), kind=kind)


def _checker(target: str) -> str:
    if _TRUTH.fullmatch(target):
        return "boolean"
    return "list" if _WORDS.fullmatch(target) else fitting_checker(target)


def _options(listed: Any) -> dict[str, str]:
    """`["A)21", …]` or `{"A": "21", …}` by letter."""
    if isinstance(listed, dict):
        return {str(letter): str(text) for letter, text in listed.items()}
    lettered = [found for option in listed or () if (found := _LETTERED.fullmatch(str(option)))]
    return {found[1]: found[2].strip() for found in lettered}
