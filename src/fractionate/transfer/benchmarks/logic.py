"""Deductions in invented words: ProsQA and ProntoQA.

| name | file in the data folder | layout that is read |
| --- | --- | --- |
| `prosqa` | `prosqa_valid.json` | `question` ending in "Is Tom a lempus or scrompus?", `answer` "Tom is a lempus." |
| `prontoqa` | `prontoqa.json` | `{"example1": {…, "test_example": {"question", "query", "answer"}}, …}`, or rows of
  such test examples, or `context`, `question` and `answer` |
"""

from collections.abc import Mapping

from fractionate.transfer.benchmarks.layouts import Draft, Row, layout


@layout("prosqa", "prosqa_valid.json")
def prosqa(row: Row) -> Draft:
    """The answer is one of the two sentences that the question offers."""
    return Draft(row.text("question"), row.text("answer"), "exact")


@layout("prontoqa", "prontoqa.json")
def prontoqa(row: Row) -> Draft:
    """Facts and a statement that is true or false by them."""
    example = row.fields.get("test_example")
    asked = Row(example, row.place) if isinstance(example, Mapping) else row
    facts, query = asked.get("context"), asked.get("query")
    text = f"{asked.text('question')} {query}" if query else f"{facts} {asked.text('question')}".strip()
    answer = asked.text("answer", "label")
    return Draft(text, {"A": "True", "B": "False"}.get(answer, answer), "boolean")
