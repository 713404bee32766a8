"""GSM8K: solutions with calculator marks that end in the right answer.

    {"question": "… How many clips?", "answer": "48/2 = <<48/2=24>>24 clips …\\n#### 72"}

The text is kept byte for byte, marks and last line included; the solution is the gold one, so the answer after
`####` is what it concludes and what is right. Of a socratic file, whose lines are `question ** step`, the sub-questions
go into the metadata too (`fractionate.traces.socratic`).
"""

from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import metadata_of, teacher_of
from fractionate.traces.socratic import SUB_QUESTIONS, sub_questions


@READERS.register("gsm8k")
class Gsm8k(Reader):
    """One question and its human solution a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """Nothing but a question and an answer with `####` in it."""
        answer = row.get("answer")
        if "question" not in row or not isinstance(answer, str) or "####" not in answer:
            return 0.0
        return (
            0.9
            if all(not isinstance(v, str) or k in ("question", "answer", "id") for k, v in row.items())
            else 0.0
        )

    def read(self, row: Any, where: Where) -> Read:
        """One draft, with the answer after `####` as its answer and as the gold one."""
        question, text = row.get("question"), row.get("answer")
        if not isinstance(question, str) or not isinstance(text, str):
            return [Unusable("no text in the columns question and answer")]
        answer = text.rpartition("####")[2].strip()
        if "####" not in text or not answer:
            return [Unusable("the answer has no '#### …' at its end")]
        return [
            Draft(
                problem=question.strip(),
                text=text,
                gold=answer,
                answer=answer,
                answer_stated=True,
                teacher=teacher_of(row, where.path),
                metadata=metadata_of(row, but={"question", "answer"}) | _asked(text),
            )
        ]


def _asked(text: str) -> dict[str, Any]:
    found = [list(pair) for pair in sub_questions(text)]
    return {SUB_QUESTIONS: found} if found else {}
