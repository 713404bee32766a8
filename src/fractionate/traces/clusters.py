"""Near-duplicate problems, so that no two versions of one problem lie on both sides of a split.

    near_duplicates(["Tom has 3 pens.  How many …", "tom has 5 pens . how many …", "A train leaves …"])   # [1, 1, 0]

Problems are compared by the word 3-grams of their text in lower case, without punctuation and with numbers
masked: at a Jaccard similarity of 0.6 or more they are near-duplicates, and clusters are what such pairs connect.
The search is exact: of each problem only the rarest 3-grams are indexed, since two problems that are similar
enough must share one of them (prefix filtering, Chaudhuri et al. 2006).

0.6 was chosen on GSM8K, SVAMP, ASDiv, MAWPS and date questions together: pairs at 0.6 are the same story with
another question or one sentence more, which is one seed; at 0.5 chains of date questions begin to grow, and 0.8
splits versions of a short problem that differ by a word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

SIMILAR = 0.6
"""Jaccard similarity from which two problems are near-duplicates."""

WORDS = 3
"""Words in an n-gram."""

FEW_WORDS = 8
"""Below as many words that are not numbers, a problem is known by its numbers and signs only ("23 * 45 = ?")."""


def near_duplicates(problems: Sequence[str]) -> list[int]:
    """The cluster of each problem. Clusters are numbered by their texts, whatever the order of `problems`."""
    words = [normalized(problem) for problem in problems]
    # Copies share one node; sorting makes the outcome independent of the order of the problems.
    texts = sorted(set(words))
    roots = _connected(_ranked([shingles(text) for text in texts]))
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    cluster = {text: numbers[root] for text, root in zip(texts, roots, strict=True)}
    return [cluster[text] for text in words]


def normalized(problem: str) -> tuple[str, ...]:
    """The words of a problem in lower case, numbers masked; with numbers and signs if there are few words."""
    text = problem.lower()
    words = re.findall(r"[^\W_]+", re.sub(r"\d[\d,]*(?:\.\d+)?", " 0 ", text))
    if sum(word != "0" for word in words) < FEW_WORDS:
        return tuple(re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s]", text))
    return tuple(words)


def shingles(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The n-grams of a text; the whole text where it is shorter than one."""
    return {words[i : i + WORDS] for i in range(max(1, len(words) - WORDS + 1))}


def _ranked(sets: Sequence[set[tuple[str, ...]]]) -> list[frozenset[int]]:
    """The same sets with each n-gram as its rank, the rarest first."""
    frequency = Counter(shingle for s in sets for shingle in s)
    rank = {shingle: i for i, shingle in enumerate(sorted(frequency, key=lambda s: (frequency[s], s)))}
    return [frozenset(rank[shingle] for shingle in s) for s in sets]


def _connected(sets: Sequence[frozenset[int]]) -> list[int]:
    """The root of each set of ranks: equal for sets that a chain of similar pairs connects."""
    roots = list(range(len(sets)))
    index: dict[int, list[int]] = defaultdict(list)
    # Smaller sets first: a partner is then never larger than the set that looks for it.
    for i in sorted(range(len(sets)), key=lambda i: len(sets[i])):
        # Similar sets share ceil(0.6 n) of these n, so at least one of the n - ceil(0.6 n) + 1 rarest.
        prefix = sorted(sets[i])[: len(sets[i]) - ceil(SIMILAR * len(sets[i])) + 1]
        for j in {j for shingle in prefix for j in index[shingle]}:
            if similarity(sets[i], sets[j]) >= SIMILAR:
                roots[max(_root(roots, i), _root(roots, j))] = min(_root(roots, i), _root(roots, j))
        for shingle in prefix:
            index[shingle].append(i)
    return [_root(roots, i) for i in range(len(sets))]


def similarity(a: frozenset[int], b: frozenset[int]) -> float:
    """The Jaccard similarity of two sets."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _root(roots: list[int], i: int) -> int:
    while roots[i] != i:
        roots[i] = roots[roots[i]]
        i = roots[i]
    return i
