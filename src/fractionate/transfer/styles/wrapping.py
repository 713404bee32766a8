r"""The problem inside a container: a JSON object, a Markdown document.

prompted("json_wrapped", problem, seed=0).text   # '{"task": "Solve the problem.", "problem": "Tom has 3 boxes …"}'
prompted("markdown", problem, seed=0).text       # "## Problem\n\n- Tom has 3 boxes of 4 pens.\n\n**How many pens?**"
"""

import json
from random import Random

from fractionate.transfer.styles.base import STYLES, of_text
from fractionate.transfer.styles.text import asking, formulas, split_sentences

TASKS = ("Solve the problem.", "Work this out and answer.", "Read the problem and find the answer.")
HEADINGS = ("Problem", "Task", "Exercise")


@STYLES.register("json_wrapped")
@of_text
def json_wrapped(text: str, rng: Random) -> str:
    """The problem is a field of a JSON object."""
    indent = rng.choice((None, 2))
    return json.dumps({"task": rng.choice(TASKS), "problem": text}, ensure_ascii=False, indent=indent)


@STYLES.register("markdown")
@of_text
def markdown(text: str, rng: Random) -> str:
    """A heading, the sentences as a list and the question in bold; text that is laid out already gets a heading."""
    heading, sentences = f"## {rng.choice(HEADINGS)}\n\n", split_sentences(text)
    question = asking(sentences)
    if question is None or len(sentences) == 1 or "\n" in text or formulas(text):
        return heading + text
    asked = sentences.pop(question)
    return heading + "".join(f"- {s}\n" for s in sentences) + f"\n**{asked}**"
