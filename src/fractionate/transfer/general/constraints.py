"""What a text can be asked to satisfy, checked by a program: length, form, words, letters, JSON.

    both(mentions("rain"), words(at_most=10))("Rain fell on the tin roof.")      # True

Each function here gives a check, from a text to whether it holds. An empty text satisfies none. The kinds are those of
IFEval (J. Zhou et al., "Instruction-Following Evaluation for Large Language Models", arXiv 2311.07911); the prompts
are our own.
"""

import json
import re
from collections.abc import Callable, Sequence

Check = Callable[[str], bool]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?\s][^.!?]*[.!?]+")
_BULLET = re.compile(r"^[ \t]*[-*•][ \t]+\S", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]*(\d+)[.)][ \t]+\S", re.MULTILINE)
_FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")


def both(*checks: Check) -> Check:
    """All of them hold."""
    return lambda text: all(check(text) for check in checks)


def mentions(*wanted: str) -> Check:
    """Each of these words stands in it, in any case."""
    return lambda text: {w.lower() for w in wanted} <= {w.lower() for w in _WORD.findall(text)}


def words(at_least: int = 1, at_most: int = 10_000) -> Check:
    """It has so many words."""
    return lambda text: at_least <= len(_WORD.findall(text)) <= at_most


def times(word: str, count: int) -> Check:
    """The word stands in it exactly so often, in any case."""
    return lambda text: [w.lower() for w in _WORD.findall(text)].count(word.lower()) == count


def sentences(count: int) -> Check:
    """It has so many sentences, and nothing after the last."""
    return lambda text: (
        len(_SENTENCE.findall(text)) == count and _SENTENCE.sub("", text).strip(" \n\t\"'”’)") == ""
    )


def lines(count: int) -> Check:
    """It has so many lines that are not empty."""
    return lambda text: sum(bool(line.strip()) for line in text.splitlines()) == count


def paragraphs(count: int) -> Check:
    """It has so many blocks with an empty line between them."""
    return lambda text: sum(bool(block.strip()) for block in re.split(r"\n[ \t]*\n", text)) == count


def bullets(count: int) -> Check:
    """It has a list of so many entries with bullets."""
    return lambda text: len(_BULLET.findall(text)) == count


def numbered(count: int) -> Check:
    """It has a list numbered from 1 to `count`."""
    return lambda text: _NUMBERED.findall(text) == [str(i) for i in range(1, count + 1)]


def begins(start: str) -> Check:
    """It begins with these characters."""
    return lambda text: text.strip().startswith(start)


def ends(end: str) -> Check:
    """It ends with these characters."""
    return lambda text: text.strip().endswith(end)


def lower() -> Check:
    """It has no capital letter."""
    return lambda text: text == text.lower() and any(c.isalpha() for c in text)


def upper() -> Check:
    """It has no small letter."""
    return lambda text: text == text.upper() and any(c.isalpha() for c in text)


def without(*unwanted: str) -> Check:
    """None of these characters stands in it, in any case."""
    return lambda text: bool(text.strip()) and not any(u.lower() in text.lower() for u in unwanted)


def has(characters: str, count: int = 1) -> Check:
    """These characters stand in it at least so often."""
    return lambda text: text.count(characters) >= count


def only(*allowed: str) -> Check:
    """It is one of these, whatever the case and the mark at its end."""
    return lambda text: text.strip().rstrip(".!").lower() in {a.lower() for a in allowed}


def listed(count: int) -> Check:
    """It is so many entries with commas between them, on one line."""
    return lambda text: (
        "\n" not in text.strip() and len([e for e in text.split(",") if e.strip(" .")]) == count
    )


def rising() -> Check:
    """Its words are in the order of the alphabet."""

    def check(text: str) -> bool:
        found = [w.lower() for w in _WORD.findall(text)]
        return len(found) > 1 and found == sorted(found)

    return check


def json_object(keys: Sequence[str]) -> Check:
    """It is a JSON object with exactly these keys, fenced or not."""

    def check(text: str) -> bool:
        try:
            value = json.loads(_FENCE.sub("", text.strip()))
        except ValueError:
            return False
        return isinstance(value, dict) and set(value) == set(keys)

    return check


def json_list(count: int) -> Check:
    """It is a JSON list of so many entries, fenced or not."""

    def check(text: str) -> bool:
        try:
            value = json.loads(_FENCE.sub("", text.strip()))
        except ValueError:
            return False
        return isinstance(value, list) and len(value) == count

    return check
