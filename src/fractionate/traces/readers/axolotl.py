"""axolotl's template-free rows (`type: input_output`): segments of text, each learned or only read.

    {"segments": [{"label": false, "text": "<|im_start|>user\\n6*7?<|im_end|>\\n<|im_start|>assistant\\n"},
                  {"label": false, "text": "Six sevens."}, {"label": true, "text": " It is 42.<|im_end|>"}]}

The chat template is part of the text: it is taken off, and the student's own put in its place in training. In a text
without a known template the segments before the first learned one are the problem. Which characters of the response
carry loss goes into the metadata (`fractionate.traces.weights`), for the recipe `imported`.
"""

import re
from pathlib import Path
from typing import Any

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import gold_column, gold_of, metadata_of, teacher_of
from fractionate.traces.templates import BEGIN, END, Spoken, spoken
from fractionate.traces.turns import Turn, lesson
from fractionate.traces.weights import LOSS_SPANS, Part, WeightedText

_PLAIN = re.compile(r"Question: (.*)\nAnswer: ", re.DOTALL)
_CLOSE = re.compile(rf"(?:{END.pattern}|\s)*")


@READERS.register("axolotl")
class Axolotl(Reader):
    """One conversation a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """A list of segments with label and text."""
        return 0.95 if parts_of(row) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft: the last response, with its spans."""
        parts = parts_of(row)
        if not parts:
            return [Unusable("no list of segments with label and text")]
        if not any(part.weight for part in parts):
            return [Unusable("no segment carries loss")]
        return [_draft(parts, row, where)]


def parts_of(row: dict[str, Any]) -> list[Part]:
    """The segments of a row; none where it has another shape."""
    segments = row.get("segments")
    if not isinstance(segments, list):
        return []
    if not all(
        isinstance(s, dict) and isinstance(s.get("label"), bool | int) and isinstance(s.get("text"), str)
        for s in segments
    ):
        return []
    return [Part(s["text"], float(bool(s["label"]))) for s in segments]


def _draft(parts: list[Part], row: dict[str, Any], where: Where) -> Draft | Unusable:
    heard = WeightedText(parts)
    turns = spoken(heard.text) or _untemplated(parts)
    learned = lesson([Turn(turn.role, heard.text[turn.start : turn.end]) for turn in turns])
    if isinstance(learned, Unusable):
        return learned
    last = turns[-1]
    if last.role != "assistant" or not _CLOSE.fullmatch(heard.text, last.end):
        return Unusable("the last response is not the end of the text")
    if heard.learned(0, last.start):
        return Unusable("loss lies on what stands before the last response, which is only read here")
    return Draft(
        problem=learned.problem,
        text=learned.text,
        gold=gold_of(row),
        teacher=teacher_of(row, where.path),
        history=learned.history,
        metadata=metadata_of(row, but={gold_column(row)}) | {LOSS_SPANS: heard.within(last.start, last.end)},
    )


def _untemplated(parts: list[Part]) -> list[Spoken]:
    """The problem up to the first learned segment, the response up to the end of the text or its mark."""
    text = "".join(part.text for part in parts)
    plain = _PLAIN.fullmatch(parts[0].text)
    if plain and not parts[0].weight:
        asked, start = Spoken("user", *plain.span(1)), plain.end()
    else:
        first = next(i for i, part in enumerate(parts) if part.weight)
        start = sum(len(part.text) for part in parts[:first])
        begun = BEGIN.match(text)
        asked = Spoken("user", min(begun.end() if begun else 0, start), start)
    ended = END.search(text, start)
    answered = Spoken("assistant", start, ended.start() if ended else len(text))
    return [asked, answered] if asked.end > asked.start else [answered]
