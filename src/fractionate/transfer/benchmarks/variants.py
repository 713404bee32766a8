"""Variants of GSM8K's questions: GSM-Hard, GSM-Plus and GSM-Symbolic. Variants of one question are one cluster.

| name | file in the data folder | layout that is read |
| --- | --- | --- |
| `gsm_hard` | `gsm_hard.jsonl` | `input`, `target` (a number, not always whole) |
| `gsm_plus` | `gsm_plus.jsonl` | `question`, `answer`, `perturbation_type`, `seed_question` |
| `gsm_symbolic` | `gsm_symbolic.jsonl` | `id` (of the template), `instance`, `question`, `answer` ending in `#### 72` |

`gsm_plus?type=digit_expansion` takes one of its eight perturbations, `?type=numerical_variation` and
`?type=arithmetic_variation` those of a perspective. Where the seed question misses a premise (critical thinking), the
right answer is `None`: that the question cannot be answered.
"""

import hashlib

from fractionate.transfer.benchmarks.layouts import Draft, Row, final_answer, layout, solution_before

PERSPECTIVES = {
    "numerical_variation": (
        "numerical_substitution",
        "digit_expansion",
        "integer_decimal_fraction_conversion",
    ),
    "arithmetic_variation": ("adding_operation", "reversing_operation"),
}


@layout("gsm_hard", "gsm_hard.jsonl")
def gsm_hard(row: Row) -> Draft:
    """GSM8K's test questions with larger numbers."""
    return Draft(row.text("input", "question"), final_answer(row.text("target", "answer")), "math")


@layout("gsm_plus", "gsm_plus.jsonl", PERSPECTIVES)
def gsm_plus(row: Row) -> Draft:
    """Eight perturbations of each test question."""
    answer = final_answer(row.text("answer"))
    seed = hashlib.sha256(" ".join(row.text("seed_question").split()).encode()).hexdigest()[:12]
    return Draft(
        row.text("question"),
        answer,
        "unanswerable" if answer.lower() == "none" else "",
        f"gsm_plus/{seed}",
        row.text("perturbation_type"),
    )


@layout("gsm_symbolic", "gsm_symbolic.jsonl")
def gsm_symbolic(row: Row) -> Draft:
    """Questions made from templates, many from each."""
    answer, cluster = row.text("answer"), f"gsm_symbolic/{row.text('id')}"
    return Draft(
        row.text("question"), final_answer(answer), cluster=cluster, solution=solution_before(answer)
    )
