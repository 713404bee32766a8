"""Find the final answer in what somebody wrote.

    extract_answer("So 16 - 7 = 9.\\n#### 9")                  # "9"
    extract_answer("Thus \\\\boxed{\\\\frac{1}{2}}.")            # "\\\\frac{1}{2}"
    extract_answer("The answer is Tom is a lempus.", "exact")  # "Tom is a lempus"

The last marker in the text counts; without one, mathematics takes the last number, other checkers take a
text of one short line. The answer is returned as written, without the markup and punctuation around it.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_MARKED = re.compile(
    r"""(?mix)
      (?P<json> "(?:final[_ ])?answer" \s*:\s* )
    | (?P<hash> \#{4} [ \t]* )
    | (?P<letter> ^ [ \t]* A: [ \t]* (?= [^\sa-z]* \d [^\sa-z]* \s* $ ) )
    | (?P<phrase> \b answer (?:\s+(?:to|for)\s[^.\n]{0,60}?)? [*_\s]* (?:\bis\b|:|=) [*_\s:]* )
    """
)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_JSON_BARE = re.compile(r"[^,}\n]*")
_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[ap]\.m)[.!?](?=[\s*\"”')]|$)|\n"
)
_NUMBER = re.compile(
    r"""(?x)
      \\[dt]?frac\{\d+\}\{\d+\}
    | \d{1,2}(?::\d{2})+                                     # clock time
    | (?<![\w.)]) [-−]? \$? (?: \d{1,3}(?:,\d{3})+ | \d+ | (?=\.\d) ) (?:\.\d+)? (?:/\d+)? %?
    | (?<=[\w)]) (?: \d{1,3}(?:,\d{3})+ | \d+ ) (?:\.\d+)? (?:/\d+)? %?
    """
)
_PROSE = re.compile(r"[A-Za-z' ,]{4,}")
_SHORT_LINE = 60
_LONGEST = 1000
"""Characters of a boxed answer."""


class _Found(NamedTuple):
    start: int
    text: str


def extract_answer(text: str, checker: str = "math") -> str | None:
    """The final answer stated in `text`, or None if it states none.

    A closed `</think>` block is read only if nothing after it states an answer.
    """
    parts = text.rpartition("</think>")
    for part in (parts[2], parts[0]):
        if part.strip() and (found := _extract(part, checker)) is not None:
            return found
    return None


def first_answer(text: str, checker: str = "math") -> str | None:
    """The answer that `text` begins with: what follows "The answer is" in a forced response.

    Of an equation in the first sentence, its right side: "3 + 4 = 7." answers 7.
    """
    if checker == "math":
        first = _sentence(text.lstrip())
        text = first.rpartition("=")[2] if "=" in first else text
        number, boxed = _NUMBER.search(text), next(_boxed(text), None)
        if boxed is not None and (number is None or boxed.start < number.start()):
            return boxed.text
        return number[0] if number else None
    return _clean(_sentence(text.lstrip(" \t\n*:"))) or None


def _extract(text: str, checker: str) -> str | None:
    found = sorted(f for f in (*_boxed(text), *_marked(text)) if f.text)
    if checker == "math":  # "…, so the answer is correct." states nothing if something else is stated
        found = [f for f in found if not _PROSE.fullmatch(f.text)] or found
    if found:
        return found[-1].text
    if checker == "math":
        numbers = _NUMBER.findall(text)
        return numbers[-1] if numbers else None
    line = text.strip()
    return _clean(line) or None if len(line) <= _SHORT_LINE and "\n" not in line else None


def _boxed(text: str) -> Iterator[_Found]:
    """Contents of every `\\boxed{…}` whose braces balance."""
    for opening in _BOXED.finditer(text):
        depth = 1
        for i in range(opening.end(), min(len(text), opening.end() + _LONGEST)):
            escaped = text[i - 1] == "\\"
            depth += 0 if escaped else (text[i] == "{") - (text[i] == "}")
            if depth == 0:
                yield _Found(opening.start(), text[opening.end() : i].strip())
                break


def _marked(text: str) -> Iterator[_Found]:
    """What follows every marker, up to the end of its line, sentence or JSON value."""
    for marker in _MARKED.finditer(text):
        rest = text[marker.end() :]
        if marker.lastgroup == "json":
            yield _Found(marker.start(), _clean(_json_value(rest)))
        elif marker.lastgroup == "phrase":
            yield _Found(marker.start(), _clean(_sentence(rest)))
        else:
            yield _Found(marker.start(), _clean(rest.partition("\n")[0]))


def _json_value(rest: str) -> str:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(rest)
    except json.JSONDecodeError:
        bare = _JSON_BARE.match(rest)
        return bare[0].strip().strip('"') if bare else ""
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
