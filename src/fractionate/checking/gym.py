"""The scorers of reasoning-gym's families, for problems that have many right answers.

    check = gym_checker("countdown?seed=0#17")    # the eighteenth problem of the family under these options
    check("29 - 1", "28 + 0").same                # whether that problem's own scorer gives full marks

The problem is made again from its family, options and index, which fix it. An answer that equals the sample answer is
right whatever the scorer says of its form.
"""

import json
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from fractionate.checking.base import Checker, normal
from fractionate.errors import InputError
from fractionate.records import Verdict


def gym_options(query: str) -> dict[str, Any]:
    """Options written `option=value&…`, their values read as JSON where they are; `seed` is 0 unless it is given."""
    return {"seed": 0, **{key: _value(value) for key, value in parse_qsl(query)}}


@lru_cache(maxsize=4096)
def gym_checker(problem: str) -> Checker:
    """The scorer of the problem `FAMILY?option=value&…#INDEX`.

    Raises:
        InputError: there is no such family, option or problem.
    """
    import reasoning_gym

    name, _, index = problem.rpartition("#")
    family, _, query = name.partition("?")
    try:
        options = {**gym_options(query), "size": int(index) + 1}
        dataset = reasoning_gym.create_dataset(family, **options)
        entry = dataset[int(index)]
    except (AssertionError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"checker gym:{problem}: no such problem of reasoning-gym ({error})") from error

    def check(gold: str, answer: str) -> Verdict:
        if normal(gold) and normal(gold) == normal(answer):
            return Verdict(True, "gym", "the sample answer")
        try:
            return Verdict(any(dataset.score_answer(form, entry) >= 1.0 for form in _forms(answer)), "gym")
        except Exception as error:  # scorers trip over answers of an odd form
            return Verdict(False, "gym", f"not an answer of this family ({type(error).__name__})")

    return check


def _forms(answer: str) -> dict[str, None]:
    """The answer, and the same in plain signs without what an expression is said to come to."""
    plain = answer.partition("=")[0].replace("×", "*").replace("÷", "/").strip()
    return dict.fromkeys((answer, plain))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
