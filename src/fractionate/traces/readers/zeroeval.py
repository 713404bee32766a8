"""ZeroEval results: a model's answer as JSON inside its text, fenced or not, often not quite JSON.

    {"question": "…", "answer": "# 18", "generator": "openai/gpt-4o",
     "output": ["```json\\n{\\"reasoning\\": \\"16 - 3 - 4 = 9 …\\", \\"answer\\": \\"18\\"}\\n```"]}

Decoding begins at the first brace, allows raw line ends inside strings, and ignores what follows. The trace's
text is the decoded reasoning; an output that breaks off, or that no decoder can follow, is rejected.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where
from fractionate.traces.fields import metadata_of, plain, problem_of, teacher_of

DECODER = json.JSONDecoder(strict=False)


class Output(NamedTuple):
    """What an output says, decoded."""

    reasoning: str
    answer: str | None


@READERS.register("zeroeval")
class ZeroEval(Reader):
    """A list of outputs a row, as a rule one."""

    def sniff(self, row: Any, path: Path) -> float:
        """A problem, and outputs that speak of reasoning and answer."""
        output = row.get("output")
        fenced = isinstance(output, list) and any(isinstance(o, str) and '"reasoning"' in o for o in output)
        return 0.9 if fenced and problem_of(row) else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft an output."""
        problem, outputs = problem_of(row), row.get("output")
        if problem is None or not isinstance(outputs, list) or not outputs:
            return [Unusable("no problem, or no list of outputs in the column output")]
        return [_draft(problem, decoded(output), row, where) for output in outputs]


def _draft(problem: str, output: Output | Unusable, row: dict[str, Any], where: Where) -> Draft | Unusable:
    if isinstance(output, Unusable):
        return output
    gold = row.get("answer")
    return Draft(
        problem=problem,
        text=output.reasoning,
        gold=plain(gold.lstrip("# ") if isinstance(gold, str) else gold),
        answer=output.answer,
        answer_stated=True,
        teacher=teacher_of(row, where.path),
        metadata=metadata_of(row, but={"question", "answer", "generator"}),
    )


def decoded(output: Any) -> Output | Unusable:
    """The reasoning and the answer inside an output."""
    if not isinstance(output, str):
        return Unusable("the output is not text")
    brace = output.find("{")
    if brace < 0:
        return Unusable("the output holds no JSON object")
    try:
        value, _ = DECODER.raw_decode(output, brace)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return Unusable(f"the JSON inside the output cannot be decoded ({reason})")
    reasoning = value.get("reasoning")
    if not isinstance(reasoning, str):
        return Unusable("the JSON inside the output has no text under 'reasoning'")
    return Output(reasoning, plain(value.get("answer")))
