"""What each role does, and each pair of roles together: effects of a factorial on any measure of its students.

    found = effects_of(arms, {("full", 0): 0.31, ("full", 1): 0.28, …})
    found[0]          # Effect(term="structure", value=Interval(0.12, 0.06, 0.18), mixed_with=())

Every student is one observation. An effect is the mean of the measure with the factor on minus the mean with it off;
an interaction is half the difference of one factor's effect with the other on and off. They are estimated together by
least squares; Student's interval rests on how much students vary that these terms do not explain, seeds among it. That
is about the questions that were asked, which all students share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite

import numpy as np
from scipy.stats import t

from fractionate.study.search.factors import FactorialArm
from fractionate.transfer.statistics import Interval
from fractionate.transfer.statistics.intervals import Floats

LEAST_DF = 3
"""Degrees of freedom that are to be left for the error; with fewer, interactions are given up for them."""
JOINED = " × "


@dataclass(frozen=True, slots=True)
class Effect:
    """One term. `mixed_with` are terms that this design cannot tell from it; the value is then of their sum."""

    term: str
    value: Interval
    mixed_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Effects by measure, of students that learned from so many `problems`; roles that were `always` learned there, or
    `never`, are not switched.
    """

    problems: int
    effects: Mapping[str, Sequence[Effect]]
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def effects_of(arms: Sequence[FactorialArm], measured: Mapping[tuple[str, int], float]) -> list[Effect]:
    """Main effects and two-way interactions, in that order; interactions only where enough is left for the error.

    `measured` holds the measure by recipe and seed; students whose measure is not a number do not count. Nothing where
    there are no more students than factors and one, where those that were measured do not show each factor alone, or
    where all measure the same: no spread was seen then, so that an interval would have no width for want of a measure.
    """
    observed = [
        (arm.on, measured[key])
        for arm in arms
        for key in sorted(measured)
        if key[0] == arm.recipe and isfinite(measured[key])
    ]
    if len({value for _, value in observed}) < 2:
        return []
    factors = list(dict.fromkeys(f for arm in arms for f in sorted(arm.on)))
    columns = _columns(factors, [on for on, _ in observed])
    mains = {term: column for term, column in columns.items() if JOINED not in term}
    for terms in (columns, mains):
        groups = _told_apart(terms)
        design = np.column_stack([np.ones(len(observed)), *(terms[group[0]] for group in groups)])
        alone = all(sum(JOINED not in term for term in group) < 2 for group in groups)
        whole = alone and int(np.linalg.matrix_rank(design)) == design.shape[1]
        if whole and (len(observed) - design.shape[1] >= LEAST_DF or terms is mains):
            return _fitted(groups, design, np.array([value for _, value in observed]))
    return []


def _columns(factors: Sequence[str], on: Sequence[frozenset[str]]) -> dict[str, Floats]:
    """Of each term a column of ±1/2, so that a coefficient is a difference of means."""
    signs = {f: np.array([1.0 if f in levels else -1.0 for levels in on]) for f in factors}
    pairs = {f"{a}{JOINED}{b}": signs[a] * signs[b] / 2 for a, b in combinations(factors, 2)}
    return {f: sign / 2 for f, sign in signs.items()} | pairs


def _told_apart(columns: Mapping[str, Floats]) -> list[list[str]]:
    """Terms in groups of one column (up to sign): the design cannot tell them apart."""
    groups: list[list[str]] = []
    for term, column in columns.items():
        for group in groups:
            if abs(abs(float(columns[group[0]] @ column)) - float(column @ column)) < 1e-9:
                group.append(term)
                break
        else:
            groups.append([term])
    return groups


def _fitted(groups: Sequence[Sequence[str]], design: Floats, values: Floats) -> list[Effect]:
    """The columns of `design` are the mean and one of each group."""
    df = len(values) - design.shape[1]
    if df < 1:
        return []
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    error = float(((values - design @ fitted) ** 2).sum()) / df
    spread = np.sqrt(np.clip(np.diag(np.linalg.pinv(design.T @ design)), 0.0, None) * error)
    reach = float(t.ppf(0.975, df))
    return [
        Effect(group[0], Interval(float(b), float(b - reach * s), float(b + reach * s)), tuple(group[1:]))
        for group, b, s in zip(groups, fitted[1:], spread[1:], strict=True)
    ]
