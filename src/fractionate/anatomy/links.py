"""Links: which earlier steps and premises each step uses.

By value: an operand is looked up among the results of earlier steps, else among the problem's premises. By
reference: "(by #2 #4)", "from step 2". By discourse, with little confidence: a structural step without any link
follows from the structural step before it.

    Link(user=2, source=1, source_is="step", via="value", value="24", confidence=0.9)
"""

import re

from fractionate.anatomy.draft import Draft, PartDraft, StepDraft
from fractionate.anatomy.text import overlap
from fractionate.anatomy.values import Mention, canonical_answer
from fractionate.records import Link, Role, Via

QUOTED, QUOTED_WORDS = 0.9, 3
"""The share of a premise's content words that a step takes up, and how many there must be, for a link."""
NEAR = 6
"""Steps back among which a computation that is done again is looked for."""
ALGEBRA = 0.6
"""Confidence that a step which solves for a variable follows from the equation before it."""
CONFIDENCE: dict[Via, float] = {"reference": 0.95, "value": 0.9, "discourse": 0.3}
MOST_SOURCES = 20
"""Links of one step; a longer list of operands is a table, not a computation."""

_NAMED = r"(?:steps?|equations?|eqs?\.?|statements?|cases?)"
_LABEL = re.compile(r"^[\s*(>-]*(?:#(\d{1,3})\b|\(?(\d{1,3})[.)]\)?\s)?")
_OWN_NAME = re.compile(
    rf"^[\s*#(>-]*(?:#?\d{{1,3}}[.)]\)?\s*)?(?:\(by[^)]*\)\s*)?\**({_NAMED})\s*\(?(\d{{1,3}})\)?\s*[:.)*-]",
    re.IGNORECASE,
)
_CITES_BY = re.compile(r"\(by ([^)]{1,100})\)", re.IGNORECASE)
_CITES_NAME = re.compile(
    rf"\b({_NAMED})\s*\(?(\d{{1,3}})\)?(?:(?:\s*(?:,|and|&)\s*)\(?(\d{{1,3}})\)?)?", re.IGNORECASE
)
_NUMERAL = re.compile(r"\d{1,3}")


class _Sources:
    """What can be used so far: the latest step with each result, premises by value, steps by label."""

    def __init__(self, premises: list[PartDraft]) -> None:
        self.steps: dict[str, StepDraft] = {}
        self.used: set[int] = set()
        self.labels: dict[str, int] = {}
        self.premises: dict[str, list[PartDraft]] = {}
        for premise in premises:
            for mention in premise.mentions:
                for reading in mention.readings:
                    stating = self.premises.setdefault(reading, [])
                    if len(stating) < MOST_SOURCES:
                        stating.append(premise)

    def find(self, operand: Mention, step: StepDraft) -> tuple[str, int, bool] | None:
        """The value, the index and whether it is a premise, of what states or establishes the operand."""
        for reading in operand.readings:
            source = self.steps.get(reading)
            premise = self._nearest(self.premises.get(reading, []), step)
            if source is not None and (premise is None or not self._given_again(source, premise, step)):
                self.used.add(source.index)
                return reading, source.index, False
            if premise is not None:
                return reading, premise.index, True
        return None

    def _given_again(self, source: StepDraft, premise: PartDraft, step: StepDraft) -> bool:
        """Whether a number that was computed and used before is, this time, rather the one that is given."""
        return source.index in self.used and overlap(step.words, premise.words) > overlap(
            step.words, source.words
        )

    @staticmethod
    def _nearest(premises: list[PartDraft], step: StepDraft) -> PartDraft | None:
        if len(premises) < 2:
            return premises[0] if premises else None
        return max(premises, key=lambda p: (overlap(step.words, p.words), -p.index))

    def replace(self, step: StepDraft, since: list[StepDraft]) -> None:
        """If `step` computes again what one of the steps `since` got differently, that one is used no more."""
        values = {m.value for m in step.results}
        for earlier in since:
            again = step.operations and earlier.operations and _operands(step) == _operands(earlier)
            if again and values.isdisjoint(m.value for m in earlier.results):
                self.steps = {v: s for v, s in self.steps.items() if s is not earlier}
                self.used.clear()

    def add(self, step: StepDraft, blocks: list[str]) -> None:
        """From here on, `step` can be used."""
        for label in (*step.labels, *blocks):
            self.labels[label] = step.index
        if step.kind in ("conclude", "restate", "filler", "plan", "subgoal"):
            return
        for result in step.results:
            for reading in result.readings:
                if step.structural:
                    self.steps[reading] = step
                else:  # a check repeats a value; it does not establish it
                    self.steps.setdefault(reading, step)


def read_references(draft: Draft) -> None:
    """The labels that steps bear and cite."""
    for step in draft.steps:
        head = step.text[:120]
        if not any(c in head for c in "#123456789"):
            continue
        step.labels, own = _labels(head)
        cited = [f"#{n}" for found in _CITES_BY.findall(head) for n in _NUMERAL.findall(found)]
        for match in _CITES_NAME.finditer(step.text[:500]):
            cited.extend(f"{_name(match[1])} {n}" for n in match.groups()[1:] if n)
        step.cites = tuple(c for c in dict.fromkeys(cited) if c != own)


def link_steps(draft: Draft) -> None:
    """Every step's links, backwards only."""
    sources = _Sources(draft.premises)
    answer = canonical_answer(draft.trace.answer)
    before: StepDraft | None = None
    silent = [p for p in draft.premises if _is_silent(p)][:MOST_SOURCES]
    blocks: list[str] = []
    pending: tuple[str, ...] = ()
    for step in draft.steps:
        if step.labels:
            blocks, pending = list(step.labels), ()
        cited = step.cites or pending
        # "#5. (by #2) Step 1: Find the month." states a sub-goal; what is cited is used by the sentences after it.
        pending = cited if step.role in (Role.DECOMPOSITION, Role.LANGUAGE) and blocks else ()
        sources.replace(step, draft.steps[max(0, step.index - NEAR) : step.index])
        links = _links(step, sources, cited, answer)
        links.extend(_quoted(step, silent))
        if before is not None and not links and step.role is Role.ERROR_SIGNAL:
            links.append(Link(step.index, before.index, "step", "discourse", None, CONFIDENCE["discourse"]))
        if before is not None and step.role is Role.STRUCTURE:
            solving = (
                before.algebraic and (step.algebraic or step.operations == 0) and step.kind != "conclude"
            )
            confidence = ALGEBRA if solving else CONFIDENCE["discourse"]
            if not links or (
                solving and not any(u.source == before.index and u.source_is == "step" for u in links)
            ):
                links.append(Link(step.index, before.index, "step", "discourse", None, confidence))
        draft.links.extend(links)
        sources.add(step, blocks if step.structural else [])
        if step.structural and step.kind != "conclude":
            before = step


def measure_coverage(draft: Draft) -> None:
    """The share of computing steps that are linked by value or reference."""
    linked = {link.user for link in draft.links if link.via in ("value", "reference")}
    computing = [s.index for s in draft.steps if s.kind == "compute"]
    draft.coverage = len(linked.intersection(computing)) / len(computing) if computing else 0.0


def _links(step: StepDraft, sources: _Sources, cited: tuple[str, ...], answer: str | None) -> list[Link]:
    found: dict[tuple[str, int], Link] = {}
    for label in cited:
        source = sources.labels.get(label)
        if source is not None and source < step.index:
            link = Link(step.index, source, "step", "reference", None, CONFIDENCE["reference"])
            found.setdefault(("step", source), link)
    operands = step.operands
    if step.kind == "conclude":
        given = answer is not None and answer in sources.steps
        operands = (Mention(answer),) if given and answer is not None else (*step.operands, *step.results)
    for operand in operands[:MOST_SOURCES]:
        hit = sources.find(operand, step)
        if hit is None:
            continue
        value, index, premise = hit
        where = "premise" if premise else "step"
        link = Link(step.index, index, "premise" if premise else "step", "value", value, CONFIDENCE["value"])
        found.setdefault((where, index), link)
    return list(found.values())


def _quoted(step: StepDraft, premises: list[PartDraft]) -> list[Link]:
    """Links of a computing step to the premises without numbers whose words it takes up: "as many as both"."""
    if step.kind != "compute":
        return []
    found = (p for p in premises if overlap(p.words, step.words) >= QUOTED)
    return [Link(step.index, p.index, "premise", "reference", None, CONFIDENCE["value"]) for p in found]


def _is_silent(premise: PartDraft) -> bool:
    """Whether a premise relates things without a number; the plain question does not."""
    return not premise.mentions and len(premise.words) >= QUOTED_WORDS and not premise.text.endswith("?")


def _operands(step: StepDraft) -> list[str]:
    return sorted(m.value for m in step.operands)


def _labels(head: str) -> tuple[tuple[str, ...], str | None]:
    """The labels at the beginning of a step, and its own name ("step 2") among them."""
    labels, own = [], None
    match = _LABEL.match(head)
    if match and (match[1] or match[2]):
        labels.append(f"#{match[1]}" if match[1] else f"step {match[2]}")
    named = _OWN_NAME.match(head)
    if named:
        own = f"{_name(named[1])} {named[2]}"
        labels.append(own)
    return tuple(labels), own


def _name(word: str) -> str:
    """ "Steps" → "step", "eq." → "equation"."""
    word = word.lower().rstrip(".").removesuffix("s")
    return "equation" if word == "eq" else "#" if word == "statement" else word
