"""Another instruction around the problem, or another place for its question.

prompted("reworded", problem, seed=0).text        # "Please solve this. Show how you get there.\\n\\nTom has …"
prompted("question_first", problem, seed=0).text  # "Question: How many pens? Given: Tom has 3 boxes of 4 pens."
"""

from random import Random

from fractionate.transfer.styles.base import STYLES, of_text
from fractionate.transfer.styles.text import asking, split_sentences

BEFORE = (
    "Work out the following step by step and state the result.",
    "Here is a problem. Reason carefully, then give the answer.",
    "Please solve this. Show how you get there.",
    "Think through the task below and tell me what comes out.",
)
AFTER = (
    "Work it out step by step, then give the final answer.",
    "Explain your reasoning before you answer.",
    "What is the result? Show your work.",
    "Solve the problem above; reason first, answer last.",
)


@STYLES.register("plain")
@of_text
def plain(text: str, rng: Random) -> str:
    """The text of the problem, nothing added: what the student was trained on."""
    return text


@STYLES.register("reworded")
@of_text
def reworded(text: str, rng: Random) -> str:
    """An instruction before the problem."""
    return f"{rng.choice(BEFORE)}\n\n{text}"


@STYLES.register("question_last")
@of_text
def question_last(text: str, rng: Random) -> str:
    """An instruction after the problem."""
    return f"{text}\n\n{rng.choice(AFTER)}"


@STYLES.register("question_first")
@of_text
def question_first(text: str, rng: Random) -> str:
    """The sentence that asks goes to the front; where none can be told, the whole text is the question."""
    sentences = split_sentences(text)
    question = asking(sentences)
    if question is None or len(sentences) == 1:
        return f"Question: {text}"
    return f"Question: {sentences.pop(question)}\nGiven: {' '.join(sentences)}"
