"""Word problems and competition problems: GSM8K, SVAMP, ASDiv, MultiArith, the MAWPS family, MATH-500.

| name | file in the data folder | layout that is read |
| --- | --- | --- |
| `gsm8k_test` | `gsm8k_test.jsonl` | `question`, `answer` ending in `#### 72` |
| `gsm8k_test_socratic` | `gsm8k_test_socratic.jsonl` | the same, each step after its sub-question and ` ** ` |
| `svamp` | `svamp.jsonl` | `Body`, `Question`, `Answer`, `Type` (also all in small letters, or `question_concat`) |
| `asdiv` | `asdiv.jsonl` | `body`, `question`, `answer` such as `9 (apples)`, `solution_type` |
| `mawps_multiarith` | `mawps_multiarith.jsonl` | as `mawps` |
| `mawps` | `mawps.jsonl` | `sQuestion` and `lSolutions`, or `original_text` and `ans`, or `question` and `final_ans` or
  `result`, or `input` and `target`: AddSub, SingleOp, SingleEq, MultiArith as they are published |
| `math500` | `math500.jsonl` | `problem`, `answer`, `subject` or `type` |
"""

import re

from fractionate.traces.socratic import sub_questions, without_questions
from fractionate.transfer.benchmarks.layouts import (
    Draft,
    Row,
    final_answer,
    layout,
    solution_before,
    with_body,
)

_UNIT = re.compile(r"(?<=[\w.)])\s*\([^()\d]*\)\s*$")


@layout("gsm8k_test", "gsm8k_test.jsonl")
def gsm8k(row: Row) -> Draft:
    """The answer is the last line of a solution."""
    answer = row.text("answer")
    return Draft(row.text("question"), final_answer(answer), solution=solution_before(answer))


@layout("gsm8k_test_socratic", "gsm8k_test_socratic.jsonl")
def gsm8k_socratic(row: Row) -> Draft:
    """The same with the sub-questions apart, for layers that ask them."""
    draft, answer = gsm8k(row), row.text("answer")
    return draft._replace(
        solution=without_questions(draft.solution), sub_questions=tuple(sub_questions(answer))
    )


@layout("svamp", "svamp.jsonl")
def svamp(row: Row) -> Draft:
    """The question ends its story."""
    if whole := row.get("question_concat"):
        return Draft(whole, final_answer(row.text("Answer", "answer")), kind=row.get("Type", "type"))
    text = with_body(row.get("Body", "body"), row.text("Question", "question"))
    return Draft(text, final_answer(row.text("Answer", "answer")), kind=row.get("Type", "type"))


@layout("asdiv", "asdiv.jsonl")
def asdiv(row: Row) -> Draft:
    """The answer names its unit in brackets, which is left out; some answers are no numbers."""
    text = with_body(row.get("body", "Body"), row.text("question", "Question"))
    answer = _UNIT.sub("", row.text("answer", "Answer")).strip()
    return Draft(text, final_answer(answer), kind=row.get("solution_type", "Solution-Type"))


@layout("mawps_multiarith", "mawps_multiarith.jsonl")
@layout("mawps", "mawps.jsonl")
def mawps(row: Row) -> Draft:
    """Any of the layouts in which the family is published."""
    solutions = row.fields.get("lSolutions")
    answer = str(solutions[0]) if solutions else row.text("final_ans", "ans", "result", "target", "answer")
    return Draft(row.text("sQuestion", "original_text", "question", "input"), final_answer(answer))


@layout("math500", "math500.jsonl")
def math500(row: Row) -> Draft:
    """Answers are LaTeX."""
    return Draft(row.text("problem"), row.text("answer"), "math", kind=row.get("subject", "type"))
