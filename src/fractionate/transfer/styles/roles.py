"""Who asks and who is asked: a system prompt, or a part to play.

prompted("system_prompt", problem, seed=0).history   # (Message("system", "You solve problems with care. …"),)
prompted("persona", problem, seed=0).text             # "You are a patient teacher. A pupil shows you … \\n\\nTom has …"
"""

from collections.abc import Sequence
from random import Random

from fractionate.records import Message
from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted, of_text

SYSTEM = (
    "You are a helpful assistant. Reason step by step before you answer.",
    "You solve problems with care. Show your work and end with the answer.",
    "You are an assistant for homework. Explain each step, then state the result.",
    "Answer truthfully and exactly. Think before you answer.",
)
PERSONAS = (
    "You are a patient teacher. A pupil shows you the problem below; work it out so that the pupil can follow.",
    "You are an accountant who is known never to slip. A colleague needs your help with this:",
    "Pretend that we sit in an exam and you are the best student in the room. This is the question:",
    "You are a scientist explaining your reasoning to a friend, who asks:",
)


@STYLES.register("system_prompt")
def system_prompt(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """A system prompt; where the chat has one already, it is added in front of that.

    A student whose chat template knows no system prompt reads it before the question (`fractionate.models.Chat`).
    """
    system, history = rng.choice(SYSTEM), problem.history
    if history and history[0].role == "system":
        system, history = f"{system}\n\n{history[0].content}", history[1:]
    return Prompted(problem.text, (Message("system", system), *history))


@STYLES.register("persona")
@of_text
def persona(text: str, rng: Random) -> str:
    """The student is given a part to play."""
    return f"{rng.choice(PERSONAS)}\n\n{text}"
