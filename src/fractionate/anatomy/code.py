"""Code: program text inside a trace is not taken for arithmetic.

    "```python\\nx = x + 1\\n```"        # a step without equations and values, and a note on the anatomy

A block between two fences is code, and one step. So is each line that only a program has ("return total",
"for i in range(3):"); other lines of a program without fences are read as prose.
"""

import re

from fractionate.anatomy.draft import READ_LIMIT, Draft

_SIGNS = ("```", "def ", "import ", "return ", "print(", "in range(", "#include", ">>> ")
_FENCE = re.compile(r"```(?!(?:json)?\s*\{\s*\")\w{0,20}\s*\n")
_LINE = re.compile(
    r"(?:(?:async\s+)?def\s+\w+\(|class\s+\w+\s*[(:]|import\s+[\w.]+(?:\s+as\s+\w+)?$|from\s+[\w.]+\s+import\s"
    r"|for\s+\w+(?:,\s*\w+)*\s+in\s+\w+\(.*:$|return\s+[\w([{'\"-][^.!?]*$|print\(|\#\s?include\b|>>>\s)"
)


def set_code_aside(draft: Draft) -> None:
    """Take back what was read in code as values and equations."""
    if not any(sign in draft.trace.text for sign in _SIGNS):
        return
    for step in draft.steps:
        text = step.text[:READ_LIMIT]
        if _fenced(step.text) or _LINE.match(text):
            step.code = True
            step.equations, step.mentions, step.asides = (), (), ()
            draft.note("code was not read: its steps have no values, and links to them are guesses")


def _fenced(text: str) -> bool:
    """Whether a text has a block of code; a fence alone closes one, or opens what is never closed."""
    opening = _FENCE.search(text, 0, READ_LIMIT)
    return opening is not None and text.find("```", opening.end()) >= 0
