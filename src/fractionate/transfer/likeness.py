"""How alike two texts are in their words: a common subsequence of words, and steps that have a counterpart.

overlap(words_of("So 3 * 4 = 12 pens."), words_of("So 3 * 4 is 12."))      # 0.89
counterparts([["so", "3", "4", "12"]], [["hello"], ["so", "4", "12"]])     # 1.0
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

ALIKE = 0.5
"""From this overlap on, two steps say the same."""
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[-+*/×÷=^%]")


def words_of(text: str) -> list[str]:
    """Words, numbers and operators in small letters, without punctuation."""
    return _WORD.findall(text.lower())


def overlap(teacher: Sequence[str], student: Sequence[str]) -> float:
    """F1 of the longest common subsequence: ROUGE-L with β = 1.

    C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", Text Summarization Branches Out (2004), 74-81.
    """
    return 2 * common(teacher, student) / (len(teacher) + len(student)) if teacher or student else 1.0


def common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest common subsequence, a word of `second` for all of `first` at a time.

    H. Hyyrö, "Bit-parallel LCS-length computation revisited", AWOCA 2004, 16-27.
    """
    places: dict[str, int] = defaultdict(int)
    for i, word in enumerate(first):
        places[word] |= 1 << i
    everywhere = row = (1 << len(first)) - 1
    for word in second:
        found = row & places.get(word, 0)
        row = (row + found | row - found) & everywhere
    return len(first) - row.bit_count()


def counterparts(teacher: Sequence[Sequence[str]], student: Sequence[Sequence[str]]) -> float:
    """The share of the teacher's steps with a step of the student's of their own that says the same."""
    if not teacher:
        return 1.0
    if not student:
        return 0.0
    alike = np.array([[overlap(a, b) >= ALIKE for b in student] for a in teacher], dtype=np.int8)
    matched = maximum_bipartite_matching(csr_array(alike), perm_type="column")
    return float((matched >= 0).mean())
