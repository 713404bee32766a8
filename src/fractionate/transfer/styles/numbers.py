"""Numbers in words: "three" for 3.

prompted("number_words", problem, seed=0).text   # "Tom has three boxes of four pens. How many pens does he have?"

Only whole numbers that stand in prose: formulas, amounts with a currency sign, decimals, fractions, percentages, times
of day, dates, numbered labels and the options of a choice stay as they are. A problem whose answer names things by
their numbers, as the way through a maze of numbered doors, stays as it is.
"""

import re
from collections.abc import Sequence
from random import Random

from fractionate.checking.numerals import spell
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted
from fractionate.transfer.styles.text import formulas

_WHOLE = re.compile(
    r"""(?x)
    (?<! [\w.,:/$€£%^=+*_#\\({\[-] ) (?<! [-−+*/=<>÷×] \s ) (?<! [$€£] \s )
    (?: [1-9]\d{0,2} (?: ,\d{3} )? | [1-9]\d{3,5} | 0 )
    (?= \s+[a-z] | -[a-z]{2} | [.?!;,] (?: \s | $ ) | $ )
    (?! \s (?: [ap]\.?m\b | [xyz]\b ) )
    """
)
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\s$"
)
_OPTIONS = re.compile(r"(?:^|\s)\(?A\)\s*\S|Answer Choices", re.MULTILINE)
NAMES = "exact"
"""The checker of answers that are no quantities."""
_REACH = 12
"""Characters before a number in which a month is looked for."""


@STYLES.register("number_words")
def number_words(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """Whole numbers in words."""
    named = problem.checker == NAMES and any(map(str.isdecimal, problem.gold))
    return Prompted(problem.text if named else in_words(problem.text), problem.history)


def in_words(text: str) -> str:
    """The text with its whole numbers in words."""
    options = _OPTIONS.search(text)
    end = options.start() if options else len(text)
    kept = [*formulas(text), (end, len(text))]

    def word(found: re.Match[str]) -> str:
        start = found.start()
        before = text[max(0, start - _REACH) : start]
        if any(a <= start < b for a, b in kept) or _MONTH.search(before):
            return found[0]
        spelled = spell(int(found[0].replace(",", "")))
        return spelled.capitalize() if before.rstrip()[-1:] in ("", ".", "?", "!") else spelled

    return _WHOLE.sub(word, text)
