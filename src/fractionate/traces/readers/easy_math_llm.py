"""Few-shot completions that begin where the question's prompt ended, so with `A:`.

    {"question": "…", "chain-of-thought": "\\nA: Joan found 70 … The answer is 43.", "pred": 43.0, "answer": 43.0}

`pred` is what the trace concludes, `answer` what is right.
"""

import re
from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import metadata_of, plain, teacher_of

COLUMN = "chain-of-thought"
# Where a question had lost its last words, the model completes it on the same line before it answers.
PREFIX = re.compile(r"[^\n]*\nA:\s*")


@READERS.register("easy_math_llm")
class EasyMath(Reader):
    """One question and its completion a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A chain of thought that begins with `A:`."""
        text = row.get(COLUMN)
        return 0.9 if "question" in row and isinstance(text, str) and PREFIX.match(text) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft, its text without the prefix."""
        question, text = row.get("question"), row.get(COLUMN)
        if not isinstance(question, str) or not isinstance(text, str):
            return [Unusable(f"no text in the columns question and {COLUMN}")]
        prefix = PREFIX.match(text)
        return [
            Draft(
                problem=question.strip(),
                text=text[prefix.end() :] if prefix else text,
                gold=plain(row.get("answer")),
                answer=plain(row.get("pred")),
                answer_stated="pred" in row,
                teacher=teacher_of(row, where.path),
                metadata=metadata_of(row, but={"question", COLUMN, "pred", "answer"}),
            )
        ]
