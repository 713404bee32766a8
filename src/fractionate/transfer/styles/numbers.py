"""Numbers in words: "three" for 3.

prompted("number_words", problem, seed=0).text   # "Tom has three boxes of four pens. How many pens does he have?"

Only whole numbers that stand in prose: formulas, amounts with a currency sign, decimals, fractions, percentages, times
of day, dates, numbered labels and the options of a choice stay as they are.
"""

import re
from random import Random

from fractionate.checking.numerals import spell
from fractionate.transfer.styles.base import STYLES, of_text
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
_REACH = 12
"""Characters before a number in which a month is looked for."""


@STYLES.register("number_words")
@of_text
def number_words(text: str, rng: Random) -> str:
    """Whole numbers in words."""
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
