"""The same sentence in other words, by rules that keep who, what, why, and every value.

    said_otherwise("Noah has 3 times as many, so Noah has 3 * 14 = 42 shells.", draw)
    # "Noah has 3 times 14 = 42 shells, because Noah has 3 times as many."

The rules: another connective at the opening, the other order of two clauses (not where the first computes something),
signs as words and words as signs, "a op b = c" as "c is a op b" where nothing else stands beside it, and a closed list
of synonyms. A sentence that no rule fits stays as it is. Whether one fits does not depend on the draw, only which of
its wordings is taken.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence

Rule = Callable[[str, random.Random], str]

OPENINGS: Sequence[Sequence[str]] = (
    ("So", "Thus", "Therefore", "Hence"),
    ("Then", "After that"),
    ("First", "First of all"),
    ("Finally", "Lastly"),
)
"""Connectives that say the same, as they stand at the beginning of a sentence."""
SYNONYMS: Mapping[str, str] = {
    "in total": "altogether",
    "altogether": "in total",
    "starts with": "begins with",
    "start with": "begin with",
    "begins with": "starts with",
    "begin with": "start with",
    "buys": "purchases",
    "bought": "purchased",
    "purchased": "bought",
    "need to": "have to",
    "needs to": "has to",
    "calculate": "compute",
    "compute": "calculate",
    "each day": "every day",
    "each week": "every week",
    "each month": "every month",
    "each year": "every year",
    "does not matter": "is of no importance",
    "We are told that": "It is given that",
}
"""What a word can always be exchanged for; some only in this direction."""
SIGNS: Mapping[str, str] = {
    "+": "plus", "-": "minus", "*": "times", "/": "divided by", "×": "times", "÷": "divided by",
}  # fmt: skip

_NUMBER = r"\$?\d+(?:,\d{3})*(?:\.\d+)?%?"
_SIGNED = re.compile(
    rf"(?<![-+*/×÷=^(<.,\w$])(?<![-+*/×÷=^(] )({_NUMBER}(?: ?[-+*/×÷] ?{_NUMBER})+) ?= ?({_NUMBER})"
    r"(?! ?[-+*/×÷=^<\d])(?![.,]\d)"
)
_SPOKEN = re.compile(
    rf"(?<![\w.,$])({_NUMBER}) (plus|minus|times|divided by) ({_NUMBER}) (?:is|equals|makes|gives) ({_NUMBER})"
    r"(?! ?[-+*/×÷=^<\d])(?![.,]\d)"
)
_SIGN = re.compile(r" ?([-+*/×÷]) ?")
_SYMBOL = {word: sign for sign, word in SIGNS.items() if sign in "+-*/"}

_OPENING = re.compile(
    r"(So|Thus|Therefore|Hence|Then|After that|First of all|First|Finally|Lastly)(, | )"
    r"(?!(?:far|that|much|many|long|as|of|if)\b)(?=\S)"
)
_STARTS = frozenset("I we We you You he He she She they They it It let Let".split())
"""What "First" and "Finally" without a comma must stand before: a "first box" is no connective."""

_CLAUSE = r"[^,;:?!\n]+"
_REASON_FIRST = re.compile(rf"({_CLAUSE}), so ({_CLAUSE}?)([.!]?)")
_REASON_LAST = re.compile(rf"({_CLAUSE}), because ({_CLAUSE}?)([.!]?)")
_TIME_FIRST = re.compile(
    rf"(After|Before|When|If|Because|Since|While|Once) ({_CLAUSE}), (?!then |so )({_CLAUSE}?)([.!]?)"
)
_SEVERAL = re.compile(r"\b(?:and|but|or|because|so|after|before|when|if|while)\b|\. ")
_PRONOUNS = frozenset("he she it they him her them his its their this that these those there".split())
_LOWERED = frozenset(
    "A An The There Each Every Both All He She It They We You This That These Those His Her Its Their Our "
    "One Two Three Four Five Six Seven Eight Nine Ten Half".split()
)
"""Words that only the beginning of a sentence writes with a capital."""


def said_otherwise(sentence: str, draw: random.Random) -> str:
    """The sentence in other words; as it is where no rule fits."""
    for rule in RULES:
        sentence = rule(sentence, draw)
    return sentence


def _other_opening(sentence: str, draw: random.Random) -> str:
    found = _OPENING.match(sentence)
    if not found:
        return sentence
    word, gap = found.groups()
    rest = sentence[found.end() :]
    if word in ("First", "Finally") and gap == " " and rest.split()[0] not in _STARTS:
        return sentence
    alike = next(group for group in OPENINGS if word in group)
    other = draw.choice([w for w in alike if w != word])
    return f"{other}{', ' if ' ' in other else gap}{rest}"


def _other_order(sentence: str, draw: random.Random) -> str:
    """What follows from it first and then the reason, or the time; and the other way around."""
    if found := _REASON_FIRST.fullmatch(sentence):
        reason, result, end = found.groups()
        turned = f"{_begin(result)}, because {_within(reason)}{end}"
    elif found := _REASON_LAST.fullmatch(sentence):
        result, reason, end = found.groups()
        turned = f"{_begin(reason)}, so {_within(result)}{end}"
    elif found := _TIME_FIRST.fullmatch(sentence):
        word, reason, result, end = found.groups()
        turned = f"{_begin(result)} {word.lower()} {reason}{end}"
    else:
        return sentence
    return turned if "=" not in reason and _turns(reason, result) else sentence


def _turns(one: str, other: str) -> bool:
    """Whether two clauses can change places: each is one, and neither has a pronoun that needs the other before it."""
    if _OPENING.match(one) or _OPENING.match(other) or _SEVERAL.search(one) or _SEVERAL.search(other):
        return False
    if not (one.strip() and other.strip()):
        return False
    subject, pronouns = one.split()[0].lower(), [_PRONOUNS & {*c.lower().split()} for c in (one, other)]
    return not any(pronouns) or (subject in _PRONOUNS and subject == other.split()[0].lower())


def _begin(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _within(clause: str) -> str:
    word, gap, rest = clause.partition(" ")
    return f"{word.lower() if word in _LOWERED else word}{gap}{rest}"


def _other_signs(sentence: str, draw: random.Random) -> str:
    """Signs as words, words as signs; an equation by itself may begin with what it comes to."""
    if _SIGNED.search(sentence):
        return _SIGNED.sub(lambda m: _told(sentence, m, draw), sentence)
    return _SPOKEN.sub(lambda m: f"{m[1]} {_SYMBOL[m[2]]} {m[3]} = {m[4]}", sentence)


def _told(sentence: str, found: re.Match[str], draw: random.Random) -> str:
    left, right = found.groups()
    words = _SIGN.sub(lambda m: f" {SIGNS[m[1]]} ", left)
    before, after = sentence[: found.start()].rstrip(), sentence[found.end() :].strip()
    if before[-1:] in ("", ":") and after in ("", ".", "!"):
        return draw.choice([f"{right} is {left}", f"{words} is {right}"])
    return f"{words} = {right}"


def _synonyms(sentence: str, draw: random.Random) -> str:
    return _SYNONYM.sub(lambda m: SYNONYMS[m[0]], sentence)


_SYNONYM = re.compile(rf"\b(?:{'|'.join(sorted(SYNONYMS, key=len, reverse=True))})\b")
RULES: Sequence[Rule] = (_other_opening, _other_order, _other_signs, _synonyms)
"""In the order in which they are applied, each at most once."""
