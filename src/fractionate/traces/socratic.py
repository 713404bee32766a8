r"""Sub-questions: solutions that ask for each intermediate value before they compute it.

    solution = "How many pens are red? ** 3*4=<<3*4=12>>12 are red.\nHow many in total? ** 12+5=<<12+5=17>>17"
    sub_questions(solution)
    # [SubQuestion("How many pens are red?", "12"), SubQuestion("How many in total?", "17")]

The layout is that of GSM8K's socratic files: one `question ** step` a line, with marks for a calculator.
"""

import re
from typing import NamedTuple

SUB_QUESTIONS = "sub_questions"
"""The key of a trace's metadata under which they stand, as pairs."""
_ASKS = " ** "
_VALUE = re.compile(r"<<[^<>=]*=([^<>=]*)>>(?![\d.,/]*[^\W\d])")
"""What a mark comes to; not in `<<3=3>>3x`, which leaves an unknown in it."""


class SubQuestion(NamedTuple):
    """A question for an intermediate value, and its right answer; the last one often asks for the answer itself."""

    question: str
    answer: str


def sub_questions(solution: str) -> list[SubQuestion]:
    """One for each line that asks, and then computes in marks; what is asked twice has the answer that it ends with.

    Lines that name a step ("Simplify ** …") or state no value of their own are not among them.
    """
    lines = (line.partition(_ASKS) for line in solution.splitlines())
    asked = [(question.strip(), _VALUE.findall(step)) for question, _, step in lines]
    found = {question: values[-1].strip() for question, values in asked if question.endswith("?") and values}
    return [SubQuestion(question, answer) for question, answer in found.items() if answer]


def without_questions(solution: str) -> str:
    """The steps alone."""
    lines = (line.partition(_ASKS) for line in solution.splitlines())
    return "\n".join(step or question for question, _, step in lines)
