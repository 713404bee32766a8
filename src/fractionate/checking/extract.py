"""Find the final answer in what somebody wrote.

    extract_answer("So 16 - 7 = 9.\\n#### 9")                  # "9"
    extract_answer("Thus \\\\boxed{\\\\frac{1}{2}}.")            # "\\\\frac{1}{2}"
    extract_answer("The answer is Tom is a lempus.", "exact")  # "Tom is a lempus"
    extract_answer("No, so it is true, not false.", "boolean") # "false": the last word of its kind

The last marker in the text counts, and boxes that follow each other directly (`\\\\boxed{1} and \\\\boxed{-2}`) are
one answer. Without a marker, mathematics takes the last number (in words where there are no figures), but none that a
comparison adds (", 8 more than before"); `choice` the last option that is named and not rejected, `boolean` the last
yes, no, true or false, `unanswerable` the words that say so unless a number is concluded after them; other checkers
take a text of one short line. What repeats the prompt, and what follows a new question, is not read (`quotes`). The
answer is returned as written, without the markup and punctuation around it.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from fractionate.checking.numbers import plain_number, without_asides
from fractionate.checking.numerals import spelled_in
from fractionate.checking.quotes import own_words

_MARKED = re.compile(
    r"""(?mix)
      (?P<json> "(?:final[_ ])?answer" \s*:\s* )
    | (?P<hash> \#{4} [ \t]* )
    | (?P<letter> ^ [ \t]* A: [ \t]* (?= [^\sa-z]* \d [^\sa-z]* \s* $ ) )
    | (?P<option> \b correct \s (?:option|choice) [*_\s]* (?:\bis\b|:) [*_\s:]* )
    | (?P<phrase> \b answer (?:\s+(?:to|for)\s[^.\n]{0,60}?)? [*_\s]* (?:\bis\b|:|=) [*_\s:]* )
    """
)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_BRACE = re.compile(r"(?<!\\)[{}]")
_BETWEEN_BOXES = re.compile(
    r"(?i)(?!.*(?:\b(?:answer|so|then|thus|hence|therefore|finally)\b|[.!?]\s|\n))"
    r"(?:(?:\\q?quad|\\text|[^\w\n])*|.{0,40}\band\b.{0,40})"
)
"""Nothing but signs, or a few words around "and"."""
_JSON_BARE = re.compile(r"[^,}\n]*")
_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[ap]\.m)[.!?](?=[\s*\"”')]|$)|\n"
)
_NUMBER = re.compile(
    r"""(?x)
      \\[dt]?frac\{\d+\}\{\d+\}
    | (?<![\d:]) \d{1,3}(?::\d{1,3})+                         # clock time or ratio
    | (?<![\w.)]) [-−]? \$? (?: \d{1,3}(?:,\d{3})+ | \d+ | (?=\.\d) ) (?:\.\d+)? (?:/\d+)? %?
    | (?<=[\w)]) (?: \d{1,3}(?:,\d{3})+ | \d+ ) (?:\.\d+)? (?:/\d+)? %?
    """
)
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(
    r"""(?x)
      \([A-Za-z]\) | \b(?:[Oo]ption|[Cc]hoice)\s+[A-Z]\b
    | (?:(?<=\bis\s)|(?<=\bbe\s)|(?<=\bchoose\s)|(?<=\bpick\s)|(?<=\bselect\s))[A-Z](?=\s*(?:[.,;!\n]|\Z))
    """
)
_REJECTS = re.compile(
    r"(?i)[\s)*,]*(?:(?:is|are|was|would be|can(?=not|'t))\s*"
    r"(?:too|not|n't|wrong|incorrect|false|invalid|impossible|ruled)|isn't)\b"
)
_REJECTED = re.compile(
    r"(?i)\b(?:not|rejects?|excludes?|rules? out|eliminates?|rather than|instead of)[\s*]*\Z"
)
_TRUTH = re.compile(r"(?i)\b(?:yes|no|true|false|invalid|valid)\b")
_UNANSWERABLE = re.compile(
    r"""(?ix) \b (?:
        unknown | impossible | insufficient | undetermined | unanswerable
      | not\ (?:enough|possible|given|stated|specified|provided|mentioned|known)
      | (?:cannot|can't|can\ not|unable\ to)\s(?:\w+ly\s)?(?:be\s)?(?:\w+ly\s)?
        (?:determine|calculate|compute|know|sa(?:y|id)|te?ol?l[dl]?|answer|solve|f[io]u?nd|infer|deduce|figure)\w*
    )\b | \A\W* (?:none|cannot|can't|can\ not) \W*\Z
    """
)
"""Words that say that a question lacks what its answer needs."""
_CLAIMED = re.compile(r"(?i)(?:=|\b(?:so|then|thus|hence|therefore|assum\w+)\b)[^.!?\n]{0,200}\d")
"""A number that is concluded."""
_CONFIRMS = re.compile(r"\banswer is (?:correct|right)\b")
_PROSE = re.compile(r"[A-Za-z' ,]{4,}")
_PLACEHOLDER = re.compile(r"[.…_\s?]*|<[^<>]*>")
_FORMULA = re.compile(r"\$([^$]{1,200})\$|\\\((.{1,200}?)\\\)")
_POINT_OR_SET = re.compile(r"\s*\\?[(\[{].*[)\]}]\s*", re.DOTALL)
_SHORT_LINE = 60
_LONGEST = 1000
"""Characters of a stated answer."""


class _Found(NamedTuple):
    start: int
    text: str
    end: int = 0


def extract_answer(text: str, checker: str = "math", asked: str = "") -> str | None:
    """The final answer stated in `text`, or None if it states none.

    A closed `</think>` block is read only if nothing after it states an answer. `asked` is the prompt: its numbers,
    and the answers of its examples, are not taken where the response repeats them.
    """
    parts = text.rpartition("</think>")
    for part in (parts[2], parts[0]):
        own = own_words(part, asked)
        if own.strip() and (found := _extract(own, checker)) is not None:
            return found
    return None


def first_answer(text: str, checker: str = "math") -> str | None:
    """The answer that `text` begins with: what follows "The answer is" in a forced response.

    Of an equation in the first sentence, its right side: "3 + 4 = 7." answers 7.
    """
    if checker == "math":
        first = _sentence(text.lstrip())
        if not _DIGIT.search(first) and plain_number(first) is not None:
            return _clean(first)
        text = first.rpartition("=")[2] if "=" in first else text
        number, boxed = _NUMBER.search(text), next(_boxed(text), None)
        if boxed is not None and (number is None or boxed.start < number.start()):
            return boxed.text
        return number[0] if number else None
    return _clean(_sentence(text.lstrip(" \t\n*:"))) or None


def marked_answer(text: str) -> str | None:
    """What the last marker or box of `text` states; None without one."""
    own = own_words(text)
    found = sorted(_stated(own))
    return (_without_prose(found) or found)[-1].text if found else None


def _extract(text: str, checker: str) -> str | None:
    found = sorted(_stated(text))
    if checker == "math":  # "…, so the answer is correct." states nothing if something else is stated
        found = _without_prose(found) or found
    if found:
        return found[-1].text
    if checker == "math":
        return _last_value(text)
    if checker == "unanswerable":
        return says_unanswerable(text) or _last_value(text)
    if checker == "boolean":
        truths = _TRUTH.findall(text)
        return truths[-1] if truths else None
    if checker == "choice" and (letter := _chosen(text)):
        return letter
    line = text.strip()
    if checker.startswith(
        "gym:"
    ):  # its families want nothing but an answer, which comes last if there is more
        line = line.rpartition("\n")[2]
    return _clean(line) or None if len(line) <= _SHORT_LINE and "\n" not in line else None


def _stated(text: str) -> Iterator[_Found]:
    for found in (*_joined(list(_boxed(text)), text), *_marked(text)):
        if not _PLACEHOLDER.fullmatch(found.text):
            yield found


def _without_prose(found: list[_Found]) -> list[_Found]:
    return [f for f in found if not _PROSE.fullmatch(f.text) and not _CONFIRMS.search(f.text)]


def says_unanswerable(text: str) -> str | None:
    """The words that say that a question cannot be answered, unless a number is concluded afterwards."""
    found = _UNANSWERABLE.search(text)
    return found[0] if found and not _CLAIMED.search(text, found.end()) else None


def _chosen(text: str) -> str | None:
    """The last option that is named, one that is not rejected if there is any."""
    named = list(_LETTER.finditer(text))
    kept = [
        letter
        for letter in named
        if not _REJECTS.match(text, letter.end()) and not _REJECTED.search(text[: letter.start()][-20:])
    ]
    return (kept or named)[-1][0] if named else None


def _last_value(text: str) -> str | None:
    """The last number, or the point, interval or set that holds it; one in words where there are no figures."""
    text = without_asides(text)
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        spelled = spelled_in(text)
        return spelled[-1] if spelled else None
    number = numbers[-1]
    for formula in _FORMULA.finditer(text):
        inside = formula[1] or formula[2]
        holds = formula.start() <= number.start() and number.end() <= formula.end()
        if holds and _POINT_OR_SET.fullmatch(inside):
            return inside.strip()
    return number[0]


def _boxed(text: str) -> Iterator[_Found]:
    """Contents of every `\\boxed{…}` whose braces balance."""
    for opening in _BOXED.finditer(text):
        depth = 1
        for brace in _BRACE.finditer(text, opening.end(), opening.end() + _LONGEST):
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                inside, nested = _BOXED.subn("", text[opening.end() : brace.start()])
                inside = inside[: len(inside) - nested] if inside.endswith("}" * nested) else inside
                yield _Found(opening.start(), inside.strip(), brace.end())
                break


def _joined(boxes: list[_Found], text: str) -> Iterator[_Found]:
    """Boxes with nothing but "and" or signs between them as one list; a box inside another is part of it."""
    last: _Found | None = None
    for box in boxes:
        if last is None:
            last = box
        elif box.start < last.end:
            continue
        elif _BETWEEN_BOXES.fullmatch(text, last.end, box.start):
            same = box.text == last.text
            last = _Found(last.start, last.text if same else f"{last.text}, {box.text}", box.end)
        else:
            yield last
            last = box
    if last is not None:
        yield last


def _marked(text: str) -> Iterator[_Found]:
    """What follows every marker, up to the end of its line, sentence or JSON value."""
    for marker in _MARKED.finditer(text):
        rest = text[marker.end() : marker.end() + _LONGEST]
        if marker.lastgroup == "json":
            yield _Found(marker.start(), _clean(_json_value(rest)))
        elif marker.lastgroup in ("phrase", "option"):
            yield _Found(marker.start(), _clean(_sentence(rest)))
        else:
            yield _Found(marker.start(), _clean(rest.partition("\n")[0]))


def _json_value(rest: str) -> str:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(rest)
    except json.JSONDecodeError:
        bare = _JSON_BARE.match(rest)
        return bare[0].strip().strip('"') if bare else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value).lstrip("# ")
    return "" if value is None else json.dumps(value)


def _sentence(text: str) -> str:
    end = _SENTENCE_END.search(text)
    return text[: end.start()] if end else text


def _clean(answer: str) -> str:
    """Without the markup, dollar pair and full stop around it."""
    answer = answer.strip().strip("*`_").strip().rstrip(".").strip()
    for left, right in (("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ('"', '"')):
        inside = answer[len(left) : -len(right)]
        if len(answer) > len(left + right) and answer.startswith(left) and answer.endswith(right):
            answer = inside.strip() if left not in inside else answer
    return answer
