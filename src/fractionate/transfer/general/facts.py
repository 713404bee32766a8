"""Short questions of fact: capitals (from the package countryinfo) and chemical symbols (from periodictable).

    facts()[0].question     # "What is the capital of Bulgaria?"
    facts()[0].options      # ("Riga", "Sofia", "Zagreb", …): of the same part of the world

Eight options each, so that guessing gets an eighth right. The right answers are the packages', not ours.
"""

import random
from collections.abc import Sequence
from functools import cache

import periodictable
from countryinfo import CountryInfo

from fractionate.transfer.general.choices import Choice

OPTIONS = 8
COUNTRIES = (
    "Bulgaria Serbia Albania Latvia Estonia Slovenia Iceland Croatia Slovakia Lithuania Hungary Finland Mongolia Laos "
    "Nepal Bhutan Kyrgyzstan Uzbekistan Azerbaijan Georgia Armenia Bangladesh Cambodia Senegal Mali Angola Zambia "
    "Zimbabwe Uganda Rwanda Somalia Sudan Ghana Mozambique Honduras Paraguay Ecuador Nicaragua Uruguay Cuba Peru Chile"
).split()
ELEMENTS = "He Na Mg K Cr Mn Fe Co Cu As Sr Ag Sn Sb W Pt Au Hg Pb Bi".split()


@cache
def facts() -> tuple[Choice, ...]:
    """The questions, the same ones each time."""
    return (*_capitals(), *_symbols())


def _capitals() -> list[Choice]:
    known = {name: CountryInfo(name) for name in COUNTRIES}
    capitals = {name: str(country.capital()) for name, country in known.items()}
    questions = []
    for name, country in known.items():
        others = [capitals[o] for o, c in known.items() if o != name and c.region() == country.region()]
        options, right = shuffled(capitals[name], others, name)
        asked, stem = f"What is the capital of {name}?", f"The capital of {name} is"
        questions.append(Choice("facts", f"capital of {name}", asked, stem, options, right))
    return questions


def _symbols() -> list[Choice]:
    questions = []
    for symbol in ELEMENTS:
        name = periodictable.elements.symbol(symbol).name
        options, right = shuffled(symbol, [s for s in ELEMENTS if s != symbol], name)
        asked, stem = f"What is the chemical symbol of {name}?", f"The chemical symbol of {name} is"
        questions.append(Choice("facts", f"symbol of {name}", asked, stem, options, right))
    return questions


def shuffled(right: str, others: Sequence[str], seed: str) -> tuple[tuple[str, ...], int]:
    """The right option among others, and its place; the same for the same `seed`."""
    draw = random.Random(seed)
    options = [right, *draw.sample(others, min(OPTIONS - 1, len(others)))]
    draw.shuffle(options)
    return tuple(options), options.index(right)
