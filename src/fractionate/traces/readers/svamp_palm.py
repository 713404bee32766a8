"""Few-shot rationales in one folder, their questions beside it: matched by position.

    svamp_train.json            {"input": "Luke scored 84 points …", "label": "( 84.0 / 2.0 )"}   (JSON lines)
    palm/train_CoT_0.json       ["Luke scored 84 … The answer is (84 / 2).\\n\\nQ: There are …", …]
    palm/train_CoT_1.json       goes on where train_CoT_0 ended

A rationale runs on into the next question of its prompt: it ends before the first blank line and `Q:`. Answers
and labels are expressions, and their values are the answer and the gold answer; an answer that is no arithmetic
("some - 8") is unknown. The files of questions are companions: they complete the rationales, hold no traces of
their own, and are not read when a folder is.
"""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from fractionate.errors import InputError
from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.expressions import evaluated
from fractionate.traces.rows import read_rows

NAME = re.compile(r"(?P<split>[A-Za-z]+)_CoT_(?P<part>\d+)")
NEXT_QUESTION = re.compile(r"\n[ \t]*\n(?:Q:|Q?$)")
ANSWER = re.compile(r"the answer is\s*(.*?)\.(?:\s|$)", re.IGNORECASE | re.DOTALL)
TEACHER = "PaLM-540B"


@READERS.register("svamp_palm")
class SvampPalm(Reader):
    """A list of rationales; one instance reads one file and holds its questions."""

    takes = str

    def __init__(self) -> None:
        self.path: Path | None = None

    def sniff(self, row: Any, path: Path) -> float:
        """Texts in a file whose questions lie beside its folder."""
        return 1.0 if questions_file(path) else 0.0

    def companion(self, path: Path) -> bool:
        """Questions beside a folder of rationales."""
        return any(questions_file(part) == path for part in path.parent.glob("palm/*_CoT_*.json"))

    def read(self, row: Any, where: Where) -> Read:
        """One draft: the rationale up to the next question."""
        self.path = where.path
        if where.line > len(self.questions):
            return [Unusable(f"{questions_file(where.path)} has no question for this rationale")]
        question = self.questions[where.line - 1]
        if not isinstance(question, dict) or not isinstance(question.get("input"), str):
            return [
                Unusable(f"{questions_file(where.path)} has no text in the column input for this rationale")
            ]
        end = NEXT_QUESTION.search(row)
        text = row[: end.start()] if end else row
        stated = ANSWER.search(text)
        return [
            Draft(
                problem=question["input"].strip(),
                text=text.rstrip(),
                gold=evaluated(str(question.get("label", ""))),
                answer=evaluated(stated[1]) if stated else None,
                answer_stated=True,
                teacher=TEACHER,
            )
        ]

    @cached_property
    def questions(self) -> list[Any]:
        """The questions of this file's rationales, in order."""
        assert self.path is not None, "a file is read before its questions are"
        source = questions_file(self.path)
        if source is None:
            raise InputError(
                f"{self.path}: no questions lie beside its folder; put <name>_<split>.json there, "
                "with the rationales in palm/<split>_CoT_<n>.json"
            )
        rows = [row.value for row in read_rows(source)]
        return rows[sum(len(json.loads(p.read_text("utf-8"))) for p in _earlier(self.path)) :]


def questions_file(path: Path) -> Path | None:
    """The questions of a file of rationales; None where it is no such file, or they are missing."""
    name = NAME.fullmatch(path.stem)
    if name is None or path.parent.name != "palm":
        return None
    return next(iter(sorted(path.parent.parent.glob(f"*_{name['split']}.json"))), None)


def _earlier(path: Path) -> list[Path]:
    """The files of the same split whose rationales come before those of `path`."""
    own = NAME.fullmatch(path.stem)
    assert own is not None, "only files of rationales have parts before them"
    parts = ((NAME.fullmatch(other.stem), other) for other in path.parent.glob("*.json"))
    return [o for m, o in parts if m and m["split"] == own["split"] and int(m["part"]) < int(own["part"])]
