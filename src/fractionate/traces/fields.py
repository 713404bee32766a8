"""What columns are called, and how their values become text.

    find({"Question": "2+2?", "cot": "4"}, PROBLEM)     # "Question"
    plain(43.0), plain("  7 "), plain("No answer!")      # "43", "7", None

Names compare without case, and with `-` and spaces as `_`. The first name of a list that a row has is the one:
an empty cell is never filled from another column, which would mix what different people wrote.
"""

import math
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from fractionate.traces.parts import joined

PROBLEM = ("problem", "question", "query", "instruction", "input", "prompt")
RESPONSE = (
    "full_response", "response", "model_response", "generation", "model_output", "output", "completion",
    "chain_of_thought", "cot", "rationale", "explanation", "attempt", "solution",
)  # fmt: skip
RESPONSES = ("generations", "responses", "model_outputs", "outputs", "completions", "solutions", "samples")
THINKING = ("reasoning_content", "thinking", "reasoning", "reasoning_trace", "thinking_trajectory")
GOLD = (
    "gold", "gold_answer", "ground_truth", "correct_answer", "expected_answer", "reference_answer",
    "final_answer", "answer", "target", "label",
)  # fmt: skip
# `extracted_answer` is left out: where a file has it, it was cut out by a rule, often wrongly.
ANSWER = ("pred", "prediction", "predicted_answer", "pred_answer", "pred_answers", "model_answer")
TEACHER = ("teacher", "generator", "model_short_name", "model_name", "model", "model_id")

NO_ANSWERS = {"", "no answer!", "no answer", "[invalid]"}
LONGEST_METADATA = 200
"""Characters of the longest text that is kept as metadata: labels are, prompts are not."""

TEACHER_IN_NAME = re.compile(
    r"(?:meta-)?(?:chatgpt|gpt|claude|llama|gemma|gemini|qwen|qwq|deepseek|mistral|mixtral|phi|palm|grok|human)"
    r"(?:[-.\d].*)?",
    re.IGNORECASE,
)


def find(row: Mapping[str, Any], names: Collection[str]) -> str | None:
    """The key of `row` that bears the first of `names` that any key bears."""
    keys = {re.sub(r"[-\s]+", "_", key.strip().lower()): key for key in reversed(list(row))}
    return next((keys[name] for name in names if name in keys), None)


def plain(value: Any) -> str | None:
    """A short value as plain text: 43.0 is "43", a list of one is its item, nothing readable is None."""
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        text = value.rpartition("####")[2].strip()
        return None if text.lower() in NO_ANSWERS else text
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float | Decimal) and math.isfinite(value):
        return str(int(value)) if value == int(value) else format(Decimal(f"{value:.12g}"), "f")
    return None


def text_of(value: Any) -> str | None:
    """The text of a response cell: text itself, or an object that holds it beside its thinking."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return None
    text = next((value[k] for k in ("content", "text", *RESPONSE) if isinstance(value.get(k), str)), None)
    thinking = next((value[k] for k in THINKING if isinstance(value.get(k), str)), "")
    return joined(thinking, text or "") if text or thinking else text


def problem_of(row: Mapping[str, Any]) -> str | None:
    """The problem that a row states; an `instruction` with an `input` beside it is one problem of both."""
    key = find(row, PROBLEM)
    if key is None or not isinstance(row[key], str):
        return None
    beside = row.get("input")
    if key.lower() == "instruction" and isinstance(beside, str) and beside.strip():
        return f"{row[key].strip()}\n\n{beside.strip()}"
    return str(row[key]).strip()


def gold_column(row: Mapping[str, Any], *, but: str | None = None) -> str | None:
    """The column of the right answer: any that states one, but the one that is the response."""
    return find({key: value for key, value in row.items() if key != but and plain(value) is not None}, GOLD)


def gold_of(row: Mapping[str, Any], *, but: str | None = None) -> str | None:
    """The right answer that a row states."""
    column = gold_column(row, but=but)
    return None if column is None else plain(row[column])


def teacher_of(row: Mapping[str, Any], path: Path) -> str:
    """Who wrote the row, by its columns, its file's name or its folder's; "" where none of them says it."""
    named = {key: value for key, value in row.items() if isinstance(value, str) and value}
    key = find(named, TEACHER)
    if key is not None:
        return str(named[key])
    words = (word for name in (path.stem, path.parent.name) for word in re.split(r"[_@\s]+", name))
    return next((word for word in words if TEACHER_IN_NAME.fullmatch(word)), "")


def metadata_of(row: Mapping[str, Any], *, but: Collection[str | None]) -> dict[str, Any]:
    """The small scalars of a row, those of its own `metadata` too: level, subject, identifiers, verdicts.

    Columns of the problem are left out, and so are those that the draft has used (`but`).
    """
    nested = {
        key: value for key, value in row.items() if isinstance(value, dict) and find({key: 0}, ["metadata"])
    }
    flat = {**row, **{k: v for inner in nested.values() for k, v in inner.items()}}
    return {
        key: value
        for key, value in flat.items()
        if key not in but and small(value) and not find({key: 0}, PROBLEM)
    }


def small(value: Any) -> bool:
    """Whether a value is worth keeping as metadata: a finite number, a truth value or a short text."""
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST_METADATA
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))
