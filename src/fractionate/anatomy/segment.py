"""Segment: where one step ends and the next begins, in exact character offsets.

A step is a sentence, a line, a list item or a display equation. Nothing is cut inside numbers, abbreviations,
LaTeX, fenced code and calculator marks; what lies between steps is white space or a tag such as `<think>`.

    [s.of(text) for s in steps_of("Mr. Fox has $3.50. So:\\n1. Add 2.", Span(0, 32))]
    # ["Mr. Fox has $3.50.", "So:", "1. Add 2."]
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from fractionate.anatomy.text import listed
from fractionate.records import Span

MOST_STEPS = 10_000
"""Beyond this many steps the rest of a text is one step."""

_TAG = re.compile(
    r"</?(?:think|thinking|thought|thoughts|reasoning|reflection|answer|solution|output|scratchpad|step)>"
    r"|<\|[a-z_]{1,30}\|>",
    re.IGNORECASE,
)
_OPENER = re.compile(r"```|<<|\$\$|\\\[|\\\(|\\begin\{([a-zA-Z]{1,20}\*?)\}|(?<![\\\w$])\$(?=[^\s$\d])")
_CLOSERS = {"```": "```", "<<": ">>", "$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_REACH = {"<<": 200, "\\(": 2_000, "$": 300}
"""How far the closer may lie from its opener; other openers reach to the end."""
_BREAK = re.compile(r"\n\s*|[.?!][.?!]*(?:[\"'”’)\]]|\*\*)*\s+")
_MARKER = re.compile(r"(?:[-*•]\s+)?(?:#{1,6}\s*|\*\*|\()*\d{1,3}[.)]\)?(?:\*\*)?\s*|[-*•]\s*|#{1,6}\s*")
_LABEL = re.compile(r"(?:\bstep|\bcase|\bequation|\bno|\bfig|\beq|#)\s?\d{1,3}\.\s*$", re.IGNORECASE)
_LAST_WORD = re.compile(r"[\w.]+$")
_ALWAYS_SHORT = frozenset(listed("mr mrs ms dr prof st vs e.g i.e cf approx resp mt sr jr eg ie viz"))
_SHORT_BEFORE_SMALL = frozenset(
    listed("""etc no fig eq eqs sec ch in ft sq lb lbs oz hr hrs min mins km cm mm kg ml a.m p.m inc co ltd u.s dept
    ave jan feb mar apr jun jul aug sep sept oct nov dec""")
)
_INITIALS = frozenset("FGHIJKLMNOPQRSTUVW")
"""Capitals that, after a capitalized word, are a person's initial; the others mostly name things ("Box A.")."""
_GOES_ON = "=+*/×÷,;:)"


def steps_of(text: str, part: Span) -> list[Span]:
    """The steps of `text` within `part`, in order, without surrounding white space; none for white space."""
    steps: list[Span] = []
    at = part.start
    for tag in _TAG.finditer(text, part.start, part.end):
        steps.extend(_steps(text, at, tag.start()))
        at = tag.end()
    steps.extend(_steps(text, at, part.end))
    if len(steps) > MOST_STEPS:
        steps[MOST_STEPS - 1 :] = [Span(steps[MOST_STEPS - 1].start, _last_untagged(steps, text))]
    return steps


def _last_untagged(steps: list[Span], text: str) -> int:
    """Where an over-long text's last step ends: at its end, or before the tag that follows it."""
    tag = _TAG.search(text, steps[MOST_STEPS - 1].start, steps[-1].end)
    if tag is None:
        return steps[-1].end
    return max(s.end for s in steps[MOST_STEPS - 1 :] if s.end <= tag.start())


def _steps(text: str, start: int, end: int) -> Iterator[Span]:
    """The steps of a stretch without tags."""
    at = start
    for cut in _cuts(text, start, end):
        span = _trimmed(text, at, cut)
        if span is None or _MARKER.fullmatch(text, span.start, span.end):
            continue  # a marker belongs to what follows
        yield span
        at = cut
    rest = _trimmed(text, at, end)
    if rest is not None:
        yield rest


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    return Span(start + left, start + left + size) if size else None


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets just after a step's last character."""
    whole = list(_uncuttable(text, start, end))
    starts = [s for s, _ in whole]
    for match in _BREAK.finditer(text, start, end):
        at = match.start()
        near = bisect_right(starts, at) - 1
        if near >= 0 and at < whole[near].end:
            continue
        if match.end() < end and _is_cut(text, start, match):
            yield match.end()


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
    if match[0][0] == "\n":
        soft = match[0] == "\n" and after.islower() and text[before - 1 : before].islower()
        return not (soft and before > start)
    if "\n" in match[0]:
        return not _LABEL.search(text, max(start, before - 12), before + 1)
    if after in _GOES_ON:
        return False
    return text[before] != "." or _full_stop(text, start, match, after)


def _full_stop(text: str, start: int, match: re.Match[str], after: str) -> bool:
    """Whether a period and white space end a sentence."""
    window = text[max(start, match.start() - 20) : match.start() + 1]
    if _LABEL.search(window):
        return False
    last = _LAST_WORD.search(window[:-1])
    word = last[0].lower() if last else ""
    if word in _ALWAYS_SHORT or (word in ("no", "fig", "eq", "eqs") and after.isdigit()):
        return False
    if after.islower():
        return (
            len(match[0].strip()) == 1
            and (word.isdigit() or len(word) > 2)
            and word not in _SHORT_BEFORE_SMALL
        )
    initial = len(word) == 1 and word.isalpha() and window[-2] in _INITIALS and after.isupper()
    return not (initial and re.search(r"(?:^|[A-Z][\w.]*)\s*[A-Z]\.$", window))
