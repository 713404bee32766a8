"""Segment: where one step ends and the next begins, in exact character offsets.

A step is a sentence, a line, a list item, a display equation or a table. Nothing is cut inside numbers, abbreviations,
LaTeX, fenced code and calculator marks, nor before a line that goes on with an equation ("= 12"). A marker ("1.", a
bullet, a bare "So,") belongs to what follows, but "So:" before the first item of a list is a step of its own. What lies
between steps is white space, a tag such as `<think>` or JSON's signs.

    [s.of(text) for s in steps_of("Mr. Fox has $3.50. So:\\n1. Add 2.", Span(0, 32))]
    # ["Mr. Fox has $3.50.", "So:", "1. Add 2."]
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from fractionate.anatomy.stretches import Stretch, stretches
from fractionate.anatomy.text import listed
from fractionate.records import Span

MOST_STEPS = 10_000
"""Beyond this many steps the rest of a text is one step."""

_OPENER = re.compile(
    r"```(?!(?:json)?\s*\{\s*\")|<<|\$\$|\\\[|\\\(|\\begin\{([a-zA-Z]{1,20}\*?)\}|(?<![\\\w$])\$(?=[^\s$\d])"
)
_CLOSERS = {"```": "```", "<<": ">>", "$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_REACH = {"<<": 200, "\\(": 2_000, "$": 300}
"""How far the closer may lie from its opener; other openers reach to the end."""
_BREAK = re.compile(r"\n\s*|((?<![.?!])[.?!؟।]+(?:[\"'”’)\]]|\*\*)*(?=\s)|[。！？]+[\"'”’」』）)\]]*)\s*")
_ESCAPED_BREAK = re.compile(
    r"(?:(?<!\\)\\n|\n)(?:\s|\\n)*"
    r"|((?<![.?!])[.?!؟।]+(?:\\?[\"'”’)\]]|\*\*)*(?=\s|\\n)|[。！？]+(?:\\?[\"'”’」』）)\]])*)(?:\s|\\n)*"
)
"""A line break, or the end of a sentence (group 1) and the white space after it, which full-width signs do without."""
_MARKER = re.compile(
    r"(?:[-*•]\s+)?(?:#|\s|\*\*|\()*+\d{1,3}[.)]\)?(?:\*\*)?|[-*•]|#{1,6}|```\w{0,20}|[{\[]+"
    r"|(?i:so|thus|then|therefore|hence|and|or|but|since|because|where)[,:]?"
)
"""What cannot stand alone: bullets, numbers, a lone conjunction, an opening fence or brace."""
_ITEM = re.compile(r"(?:[-*•]\s+)?(?:#|\*\*|\()*+\d{1,3}[.)]\)?(?:\*\*)?\s|[-*•]\s")
"""How an item of a list begins."""
_CONTINUES = re.compile(
    r"[=≈≤≥≡×·&](?!=)|\+\s*[\d$(\\]|={3,}\s*(?:\n|$)|-{3,}\s*(?:\n|$)|\\(?:approx|leq?|geq?|times|cdot|equiv)\b|(?:where|which)\b"
)
"""How a line begins that goes on with the equation or the sentence before it, or underlines it."""
_UNFINISHED = "=≈+×·&"
_LABEL = re.compile(r"(?:\bstep|\bcase|\bequation|\bno|\bfig|\beq|#)\s?\d{1,3}\.\s*$", re.IGNORECASE)
_AMOUNT = re.compile(r"\d\s?[a-z]+\.$")
_LAST_WORD = re.compile(r"[\w.]+$")
_INITIAL = re.compile(r"(?:^|[A-Z][\w.]*)\s*[A-Z]\.$")
"""A capital and a period after a capitalized word, or at the beginning."""
_INITIALS_GO_ON = re.compile(r"(?:[A-Z]\.\s){1,3}[A-Z][a-z]")
_INITIALS_END = re.compile(r"(?<![\w.])[A-Z]\.\s[A-Z]\.$")
"""Two initials, whatever stands before them: "by J. K. Rowling"."""
_ALWAYS_SHORT = frozenset(listed("mr mrs ms dr prof st vs e.g i.e cf approx resp mt sr jr eg ie viz"))
_SHORT_BEFORE_SMALL = frozenset(
    listed("""etc no fig eq eqs sec ch in ft sq lb lbs oz hr hrs min mins km cm mm kg ml a.m p.m inc co ltd u.s dept
    ave jan feb mar apr jun jul aug sep sept oct nov dec""")
)
_SHORT_BEFORE_NUMBER = frozenset(listed("no nos fig figs eq eqs sec secs ch vol thm lem prop cor def ex"))
_LIKELY_INITIALS = frozenset("FGHIJKLMNOPQRSTUVW")
"""Capitals that, after a capitalized word, are a person's initial; the others mostly name things ("Box A.")."""
_GOES_ON = "=+*/×÷,;:)"


def steps_of(text: str, part: Span) -> list[Span]:
    """The steps of `text` within `part`, in order, without surrounding white space; none for white space."""
    steps: list[Span] = []
    for stretch in stretches(text, part):
        steps.extend(islice(_steps(text, stretch), MOST_STEPS - len(steps)))
        if len(steps) == MOST_STEPS:
            steps[-1] = _trimmed(text, steps[-1].start, part.end) or steps[-1]
            break
    return steps


def _steps(text: str, stretch: Stretch) -> Iterator[Span]:
    """The steps of a stretch."""
    marker: Span | None = None
    for piece in _pieces(text, stretch):
        alone = _MARKER.fullmatch(text, piece.start, piece.end) is not None
        if marker and (alone or (text[marker.start].isalpha() and _ITEM.match(text, piece.start))):
            yield marker
            marker = None
        if alone:
            marker = piece
        else:
            yield Span(marker.start, piece.end) if marker else piece
            marker = None
    if marker:
        yield marker


def _pieces(text: str, stretch: Stretch) -> Iterator[Span]:
    """What lies between the breaks of a stretch."""
    (at, end), escaped = stretch
    for cut in _cuts(text, at, end, _ESCAPED_BREAK if escaped else _BREAK):
        piece = _trimmed(text, at, cut.end(1) if cut[1] else cut.start())
        if piece is not None:
            yield piece
        at = cut.end()
    rest = _trimmed(text, at, end)
    if rest is not None:
        yield rest


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    return Span(start + left, start + left + size) if size else None


def _cuts(text: str, start: int, end: int, breaks: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The breaks between steps: a line break, or the end of a sentence (group 1) and what follows it."""
    whole = list(_uncuttable(text, start, end))
    starts = [s for s, _ in whole]
    for match in breaks.finditer(text, start, end):
        at = match.start()
        near = bisect_right(starts, at) - 1
        if near >= 0 and at < whole[near].end:
            continue
        if match.end() < end and _is_cut(text, start, match):
            yield match


def _uncuttable(text: str, start: int, end: int) -> Iterator[Span]:
    """Code, formulas and calculator marks. Each closer is searched for once where it is missing."""
    missing: set[str] = set()
    at = start
    while (opener := _OPENER.search(text, at, end)) is not None:
        name = opener[0]
        closer = _CLOSERS.get(name) or f"\\end{{{opener[1]}}}"
        at = opener.end()
        if closer in missing:
            continue
        reach = min(end, at + _REACH[name]) if name in _REACH else end
        close = text.find(closer, at, reach)
        if close < 0:
            if reach == end:
                missing.add(closer)
        elif name not in ("$", "<<") or "\n" not in text[at:close]:
            at = close + len(closer)
            yield Span(opener.start(), at)


def _is_cut(text: str, start: int, match: re.Match[str]) -> bool:
    before, after = match.start(), text[match.end()]
    if match[1] is None:
        return not _goes_on(text, start, match)
    if "\n" in match[0] or "\\n" in match[0]:
        return not _LABEL.search(text, max(start, before - 12), before + 1)
    if after in _GOES_ON:
        return False
    return text[before] != "." or _full_stop(text, start, match, after)


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether what follows a line break belongs to the line before it: a wrapped line, an equation, a table."""
    before, after = match.start(), match.end()
    if before <= start:
        return False
    if text[after] == "|" and match[0].count("\n") == 1:
        return text[text.rfind("\n", start, before) + 1 : before].lstrip().startswith("|")
    if _CONTINUES.match(text, after):
        return True
    if text[before - 1] in _UNFINISHED:
        return text[before - 2 : before - 1] != text[before - 1]
    return match[0] == "\n" and text[after].islower() and text[before - 1].islower()


def _full_stop(text: str, start: int, match: re.Match[str], after: str) -> bool:
    """Whether a period and white space end a sentence."""
    window = text[max(start, match.start() - 20) : match.start() + 1]
    if window[-2:-1].isdigit() and _LABEL.search(window):
        return False
    last = _LAST_WORD.search(window[:-1])
    word = last[0].lower() if last else ""
    if word in _ALWAYS_SHORT:
        return False
    if word in _SHORT_BEFORE_NUMBER and after.isdigit():
        return _AMOUNT.search(window) is not None
    if after.islower():
        return (
            len(match[0].strip()) == 1
            and (word.isdigit() or len(word) > 2)
            and word not in _SHORT_BEFORE_SMALL
        )
    return not (len(word) == 1 and after.isupper() and _is_initial(text, window, match.end()))


def _is_initial(text: str, window: str, after: int) -> bool:
    """Whether the capital at the end of the window is a person's initial."""
    if not window[-2].isupper():
        return False
    if window[-2] in _LIKELY_INITIALS and _INITIAL.search(window):
        return True
    return _INITIALS_END.search(window) is not None or _INITIALS_GO_ON.match(text, after) is not None
