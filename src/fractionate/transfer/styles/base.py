"""What a style is: from a problem to the prompt that asks it, with the turns of the chat that come before.

    @STYLES.register("polite")
    @of_text
    def polite(text: str, rng: Random) -> str:
        \"\"\"A request in place of a bare question.\"\"\"
        return f"Could you please solve this?\\n\\n{text}"

A style that needs more than the text is a function `(problem, rng, aside) -> Prompted`: `aside` are problems that
nobody is asked, for demonstrations. Styles are found by name, those of another package by the entry-point group
"fractionate.style". The random numbers choose among wordings; one seed, one prompt.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from random import Random
from typing import NamedTuple

from fractionate.records import Message
from fractionate.registry import Registry
from fractionate.transfer.benchmarks import Problem


class Prompted(NamedTuple):
    """A prompt, and the earlier turns of the chat that it ends."""

    text: str
    history: tuple[Message, ...] = ()


Style = Callable[[Problem, Random, Sequence[Problem]], Prompted]
"""From a problem, random numbers and problems that nobody is asked to a prompt of the same meaning."""

STYLES: Registry[Style] = Registry("style", home="fractionate.transfer.styles")


def of_text(change: Callable[[str, Random], str]) -> Style:
    """The style that changes a problem's text alone."""

    @wraps(change)
    def style(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
        return Prompted(change(problem.text, rng), problem.history)

    return style


def prompted(style: str, problem: Problem, *, seed: int, aside: Sequence[Problem] = ()) -> Prompted:
    """The problem in a style; the same seed, style and problem give the same prompt.

    Raises:
        InputError: no such style, or it demonstrates and `aside` holds too few problems.
    """
    return STYLES[style](problem, Random(f"{seed}/{style}/{problem.id}"), aside)


def changed(style: str, problem: Problem, *, seed: int = 0, aside: Sequence[Problem] = ()) -> bool:
    """Whether the style does anything to the problem: one without a name cannot be renamed."""
    return prompted(style, problem, seed=seed, aside=aside) != (problem.text, problem.history)


def share_changed(
    style: str, problems: Sequence[Problem], *, seed: int = 0, aside: Sequence[Problem] = ()
) -> float:
    """The share of the problems to which the style does something.

    Raises:
        ValueError: there are no problems.
    """
    if not problems:
        raise ValueError("a share of no problems")
    return sum(changed(style, p, seed=seed, aside=aside) for p in problems) / len(problems)
