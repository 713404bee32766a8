"""Procedural task families of reasoning-gym as benchmarks: endless fresh questions of a chosen difficulty.

    load_benchmark("gym:leg_counting?min_animals=2&max_animals=2&max_instances=5", limit=100)
    # "How many legs are there in total if you have 3 chickens, 2 cats?"  → "14"

Options are those of the family, and `seed` (0); the identifier of a problem holds all that are given,
"gym:chain_sum?max_terms=3&min_terms=2&seed=0#17". Problems made from one template of text (gsm_symbolic has a hundred)
are one cluster. Orders about the form of the answer are left out of the
question, so that prompt styles can give their own; repeated questions are left out too. Where a problem has other right
answers than the one given, the family's own scorer judges (`fractionate.checking.gym`).
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from fractionate.checking.gym import gym_options
from fractionate.errors import InputError, unknown_name
from fractionate.transfer.benchmarks import BENCHMARKS, Problem, fitting_checker

DEFAULT_SIZE = 200
_TRIES = 5
"""Questions drawn for each one wanted: easy families repeat themselves."""

ANY = "any answer that the scorer accepts"
"""The right answer of a problem that states none."""

_FORM = re.compile(
    r"\s*(?:Give (?:only )?the (?:result|\w+) as your final answer\.|Do not include units\."
    r"|Do not give the units in your answer\.|Return only the \w+ as your answer\."
    r"|(?:\d+\. )?Do not include any other text or formatting\.)|^Your task is to [^\n]*\n\s*Now, "
)


@BENCHMARKS.register("gym")
def gym(argument: str, limit: int | None) -> list[Problem]:
    """Problems of the family `argument`, written `family?option=value&…`.

    Raises:
        InputError: reasoning-gym has no such family, or the family no such option or value.
    """
    import reasoning_gym
    from reasoning_gym.factory import DATASETS

    family, _, query = argument.partition("?")
    if family not in DATASETS:
        raise unknown_name("reasoning-gym family", family, DATASETS)
    options = gym_options(query)
    wanted = limit or DEFAULT_SIZE
    _, settings = DATASETS[family]
    known = {field.name for field in dataclasses.fields(settings)}
    for option in options.keys() - known:
        raise unknown_name(f"option of gym:{family}", option, known)
    try:
        entries = reasoning_gym.create_dataset(family, size=wanted * _TRIES, **options)
    except (AssertionError, TypeError, ValueError) as error:
        raise InputError(f"gym:{argument}: reasoning-gym refuses these options ({error})") from error
    return _problems(argument, entries, wanted)


def _problems(argument: str, entries: Sequence[Mapping[str, object]], wanted: int) -> list[Problem]:
    """The first questions that differ, each with the checker of its answer."""
    family, _, query = argument.partition("?")
    given = urlencode(sorted(({"seed": "0"} | dict(parse_qsl(query))).items()))
    templates: Sequence[int] | None = getattr(entries, "task_indices", None)
    scored = "score_answer" in vars(type(entries))
    problems: dict[str, Problem] = {}
    for i in range(len(entries)):
        if len(problems) == wanted:
            break
        text = _natural(str(entries[i]["question"]))
        gold = entries[i]["answer"]
        if gold is None and not scored:
            raise InputError(f"gym:{family} states no right answer and has no scorer; choose another family")
        answer = ANY if gold is None else str(gold)
        checker = fitting_checker(answer)
        if scored and checker == "exact":
            checker = f"gym:{argument}#{i}"
        cluster = f"gym:{family}, template {templates[i]}" if templates else ""
        problem = Problem(f"gym:{family}?{given}#{i}", text, answer, checker, cluster=cluster, kind=family)
        problems.setdefault(text, problem)
    return list(problems.values())


def _natural(question: str) -> str:
    text = _FORM.sub("", question).strip()
    return text[:1].upper() + text[1:]
