"""The checkers of texts, options, truth values and lists, and `same_answer`, which calls any checker by its name.

    same_answer("(B) 12 pens", "B", "choice")     # True
    same_answer("Yes", "It is true.", "boolean")  # True
    same_answer("a, b", "b, a", "set")            # True; as "list" False
    same_answer("Yes", "yes.", "exact")           # True

`same=None` means that it cannot be told; such answers are counted apart, never as wrong.
"""

import re

from fractionate.checking.base import CHECKERS, MAX_LENGTH, normal
from fractionate.checking.extract import extract_answer, marked_answer, says_unanswerable
from fractionate.checking.gym import gym_checker
from fractionate.checking.numbers import plain_number, undress
from fractionate.records import Verdict

_LETTER = re.compile(
    r"\s*(?:option\s+|choice\s+)?(?:\(\s*([A-Za-z])\s*\)|([A-Za-z])(?:[).:]|\s*$))\s*(.*)", re.DOTALL | re.I
)
_WORD = re.compile(r"(?<![\\\w])[A-Za-z]{2,}")
_RESPONSE_WORDS = 12
"""A text of so many words is a response, not an answer."""
_TRUE = frozenset(("yes", "true", "valid", "correct", "plausible"))
_FALSE = frozenset(("no", "false", "invalid", "incorrect", "implausible"))
_NEGATION = re.compile(r"\bnot (?:true|valid|correct|plausible)\b")
_BRACKETS = re.compile(r"\A\s*[\[({]|[\])}]\s?\.?\s*\Z")
_SEPARATOR = re.compile(r"[,;\n]\s*(?:and\s+)?|\sand\s")


def same_answer(gold: str, answer: str | None, checker: str = "math") -> Verdict:
    """Whether `answer` is the same as `gold`, by the named checker.

    A whole response in place of an answer is searched for the answer that it states. `gym:FAMILY?…#INDEX` names the
    scorer of a reasoning-gym family.

    Raises:
        InputError: there is no checker of that name.
    """
    kind, _, argument = checker.partition(":")
    check = gym_checker(argument) if kind == "gym" else CHECKERS[checker]
    if answer is None or not answer.strip():
        return Verdict(False, kind, "no answer")
    if not gold.strip():
        return Verdict(None, kind, "no right answer is given")
    gold, answer = _answer_in(gold, kind), _answer_in(answer, kind)
    if any(len(text) > MAX_LENGTH and plain_number(text) is None for text in (gold, answer)):
        return Verdict(None, kind, f"longer than {MAX_LENGTH} characters")
    return check(gold, answer)


def _answer_in(text: str, checker: str) -> str:
    """The answer that a whole response states; any other text as it is."""
    if stated := marked_answer(text):
        return stated
    if checker == "math" and len(_WORD.findall(text)) >= _RESPONSE_WORDS:
        return extract_answer(text) or text
    return text


@CHECKERS.register("exact")
def exact(gold: str, answer: str) -> Verdict:
    """The same text, but for case, punctuation and spaces."""
    right, given = normal(gold), normal(answer)
    if not right:  # an answer of signs alone, such as brackets to be closed
        right, given = ("".join(text.split()) for text in (gold, answer))
    return Verdict(right == given, "exact")


@CHECKERS.register("choice")
def choice(gold: str, answer: str) -> Verdict:
    """The same option of a list, named by its letter, its text, or both."""
    (gold_letter, gold_text), (letter, text) = _option(gold), _option(answer)
    if gold_letter and letter:
        return Verdict(gold_letter == letter, "choice")
    if gold_text and text:
        return Verdict(normal(gold_text) == normal(text), "choice")
    return Verdict(None, "choice", "one names a letter, the other a text")


@CHECKERS.register("boolean")
def boolean(gold: str, answer: str) -> Verdict:
    """Yes, true and valid, or no, false and invalid; an answer that says both cannot be told."""
    right, given = _truths(gold), _truths(answer)
    if normal(gold) == normal(answer):
        return Verdict(True, "boolean")
    if len(right) == 1 and not given:
        return Verdict(False, "boolean", "neither yes nor no")
    if len(right) != 1 or len(given) != 1:
        return Verdict(None, "boolean", "not one of yes and no")
    return Verdict(right == given, "boolean")


@CHECKERS.register("list")
def ordered(gold: str, answer: str) -> Verdict:
    """The same elements in the same order, whatever separates them."""
    return Verdict(_elements(gold) == _elements(answer), "list")


@CHECKERS.register("set")
def unordered(gold: str, answer: str) -> Verdict:
    """The same elements in any order, each as often."""
    return Verdict(sorted(_elements(gold)) == sorted(_elements(answer)), "set")


@CHECKERS.register("unanswerable")
def unanswerable(gold: str, answer: str) -> Verdict:
    """Whether the answer says that the question cannot be answered, which is what the right answer says."""
    return Verdict(says_unanswerable(answer) is not None, "unanswerable")


def _option(text: str) -> tuple[str, str]:
    """The letter and the text of an option, each empty if it is not given."""
    found = _LETTER.fullmatch(undress(text))
    if found is None:
        return "", text
    return (found[1] or found[2]).upper(), found[3]


def _truths(text: str) -> set[bool]:
    words = _NEGATION.sub("false", normal(text)).split()
    return {word in _TRUE for word in words if word in _TRUE or word in _FALSE}


def _elements(text: str) -> list[str]:
    """What commas, semicolons, lines or "and" separate; without any of these, what spaces separate."""
    bare = _BRACKETS.sub("", text.strip())
    parts = _SEPARATOR.split(bare)
    return [found for part in (parts if len(parts) > 1 else bare.split()) if (found := normal(part))]
