"""Answers: what a language model is asked about a trace, the strict schema of its answer, and how that is taken over.

    {"steps": [{"index": 1, "role": "structure", "kind": "compute", "uses_problem": [0], "uses_steps": [0],
                "results": ["12"], "wrong": false, "repairs": null}, …]}

Links must point back and numbers must name a step or a part of the problem; what does not is dropped and noted.
"""

from collections.abc import Iterator
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from fractionate.anatomy.draft import Draft, StepDraft
from fractionate.anatomy.values import Mention, mentions
from fractionate.records import Kind, Link, Role

MODEL_CONFIDENCE = 0.9
"""Of a link that only the model states."""
LONGEST_STEP = 2_000
"""Characters of a step that are shown to the model."""
_VALUE_LENGTH = 60

SYSTEM = """You take a worked solution apart. The problem is given in numbered parts (P0, P1, …), the solution in
numbered steps (S0, S1, …). Describe every step by its number:
role: what the step does. decomposition = it says how the problem breaks into parts (plans, sub-goals); structure = it
  carries the reasoning (facts, inferences, computations, cases, conclusions); error_signal = doubt, checking, noticing
  or repairing a mistake; language = wording that carries nothing new (restatements, politeness, filler).
kind: what it is, under its role. conclude is a bare statement of the final answer.
uses_problem, uses_steps: numbers of the parts of the problem and of the EARLIER steps without which this step could not
  have been written or verified; the least such set.
results: the values that the step establishes, as plain numbers or expressions ("12", "3/2", "x+1"); none if it
  establishes none.
wrong: true if the step itself makes a mistake; false if it only builds on one.
repairs: the number of the earlier step whose result this one puts right, else null."""


class StepAnswer(BaseModel):
    """What the model says of one step."""

    model_config = ConfigDict(extra="forbid")

    index: int
    role: Literal["decomposition", "structure", "error_signal", "language"]
    kind: Kind
    uses_problem: list[int]
    uses_steps: list[int]
    results: list[str]
    wrong: bool
    repairs: int | None


class Answer(BaseModel):
    """What the model says of a trace."""

    model_config = ConfigDict(extra="forbid")

    steps: list[StepAnswer]


def _schema() -> dict[str, Any]:
    """What the endpoint holds the model to: every field required, no other allowed, nothing by reference."""
    integers = {"type": "array", "items": {"type": "integer"}}
    fields: dict[str, Any] = {
        "index": {"type": "integer"},
        "role": {"type": "string", "enum": [role.value for role in Role]},
        "kind": {"type": "string", "enum": list(get_args(Kind))},
        "uses_problem": integers,
        "uses_steps": integers,
        "results": {"type": "array", "items": {"type": "string"}},
        "wrong": {"type": "boolean"},
        "repairs": {"type": ["integer", "null"]},
    }
    step = _record(fields)
    return _record({"steps": {"type": "array", "items": step}})


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


SCHEMA = _schema()


def question(draft: Draft) -> str:
    """The trace as the model sees it."""
    lines = ["PROBLEM", *(f"P{p.index}: {p.text}" for p in draft.premises), "", "SOLUTION"]
    lines += [f"S{s.index}: {s.text[:LONGEST_STEP]}" for s in draft.steps]
    if draft.trace.answer is not None:
        lines += ["", f"FINAL ANSWER GIVEN: {draft.trace.answer[:LONGEST_STEP]}"]
    return "\n".join(lines)


def read_answer(text: str) -> Answer:
    """The answer. Raises ValueError where it is not of the schema, or describes no step."""
    answer = Answer.model_validate_json(text)
    if not answer.steps:
        raise ValueError("no step is described")
    return answer


def apply(draft: Draft, answer: Answer) -> None:
    """Replace what the built-in rules said of each step that the answer describes."""
    said: dict[int, StepAnswer] = {}
    for step in answer.steps:
        if 0 <= step.index < len(draft.steps):
            said.setdefault(step.index, step)
    strange = len(answer.steps) - len(said)
    silent = len(draft.steps) - len(said)
    given = {(u.user, u.source_is, u.source): u for u in draft.links}
    draft.links = [u for u in draft.links if u.user not in said]
    for index, one in sorted(said.items()):
        links = list(_links(draft, one))
        strange += len(one.uses_steps) + len(one.uses_problem) - len(links)
        draft.links += [given.get((u.user, u.source_is, u.source), u) for u in links]
        strange += not _take(draft.steps[index], one)
    draft.links.sort(key=lambda u: u.user)
    draft.first_wrong = next((s.index for s in draft.steps if s.check == "wrong"), None)
    if strange:
        draft.note(f"the endpoint's answer: {strange} impossible numbers of steps or parts were dropped")
    if silent:
        draft.note(f"the endpoint's answer: {silent} steps are not in it, the built-in rules read them")


def _links(draft: Draft, said: StepAnswer) -> Iterator[Link]:
    """The links that can be: to parts that exist, to earlier steps, each once."""
    for part in dict.fromkeys(said.uses_problem):
        if 0 <= part < len(draft.premises):
            yield Link(said.index, part, "premise", "model", None, MODEL_CONFIDENCE)
    for source in dict.fromkeys(said.uses_steps):
        if 0 <= source < said.index:
            yield Link(said.index, source, "step", "model", None, MODEL_CONFIDENCE)


def _take(step: StepDraft, said: StepAnswer) -> bool:
    """Take over what the step is; whether all of it was possible."""
    step.role, step.kind, step.pieces = Role(said.role), said.kind, ()
    step.results = tuple(_value(r) for r in said.results if 0 < len(r.strip()) <= _VALUE_LENGTH)
    step.check = "wrong" if said.wrong else "unchecked" if step.check == "wrong" else step.check
    possible = said.repairs is None or 0 <= said.repairs < step.index
    step.repairs = said.repairs if possible else None
    return possible


def _value(text: str) -> Mention:
    """A result in canonical form, if it is one value."""
    text = " ".join(text.split())
    found = mentions(text)
    return found[0] if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text)) else Mention(text)
