"""A problem's sub-questions as items, and whether an answer to the whole follows from the answers to them.

    sub_questions(item, anatomy)
    # {1: Item(prompt="Mia has 14 shells. Noah has 3 times as many. … How many shells does Noah have?", gold="42"), …}
    follows(given, anatomy, told)       # True, False, or None where it cannot be told

A world's problem has one for each intermediate quantity of its graph. Others have those that come with them in the
metadata of their trace (`fractionate.traces.socratic`), each with its right answer.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from fractionate.anatomy.operations import Operation, operations
from fractionate.anatomy.values import canonical
from fractionate.checking import same_answer
from fractionate.checking.numbers import plain_number
from fractionate.records import Anatomy, Item, Trace
from fractionate.traces.socratic import SUB_QUESTIONS, SubQuestion
from fractionate.transfer.benchmarks import fitting_checker
from fractionate.transfer.layers.base import FAMILY, cell_of
from fractionate.transfer.layers.matching import graph_of, operations_of
from fractionate.transfer.own import Answered
from fractionate.worlds.graph import Graph, solve

NAME = "decomposition"
_CONDITION = re.compile(r"(?i)\b(?:if|when|once|after|before|assuming|supposing|given|unless)\b")


def has_parts(anatomy: Anatomy) -> bool:
    """Whether it is known what leads to the answer: by a graph, or by sub-questions."""
    return graph_of(anatomy) is not None or SUB_QUESTIONS in anatomy.trace.metadata


def sub_questions(item: Item, anatomy: Anatomy) -> dict[int, Item]:
    """The same problem, asked for each intermediate value, by the quantity of its graph or the place in its list."""
    trace, graph = anatomy.trace, graph_of(anatomy)
    told = trace.problem[: anatomy.premises[-1].span.start] if anatomy.premises else ""
    if graph is None:
        told = told if _only_asks(anatomy) else f"{trace.problem} "
        asked = _coming_with(trace)
    else:
        asked = _of_graph(trace, graph)
    return {
        place: replace(
            item,
            id=f"{cell_of(NAME)}/{item.pair}?{place}",
            cell=cell_of(NAME),
            family=FAMILY,
            prompt=told + question,
            gold=answer,
            checker=item.checker if graph is not None else fitting_checker(answer),
        )
        for place, (question, answer) in asked.items()
    }


def follows(given: Answered, anatomy: Anatomy, told: Mapping[int, Answered]) -> bool | None:
    """Whether the answer to the whole is what the student's own answers to the parts give.

    None where it cannot be told: of a problem without a graph, where the operations of the last step use no part, or a
    value that two parts have or that the problem states.
    """
    values = {place: plain_number(a.score.answer or "") for place, a in told.items()}
    graph = graph_of(anatomy)
    if graph is None:
        return _by_last_step(given, anatomy, values)
    known = {q: value for q, value in values.items() if value is not None}
    whole = solve(graph, known=known) if len(known) == len(values) else None
    return whole is not None and plain_number(given.score.answer or "") == whole


def _of_graph(trace: Trace, graph: Graph) -> dict[int, SubQuestion]:
    """A question for each needed quantity that has one value throughout; of some that go later there are two."""
    questions = trace.metadata.get("questions", {})
    used_up = {s for q in graph.quantities if q.op in ("left", "each") for s in q.sources}
    wanted = operations_of(graph) - {graph.target} - used_up
    return {
        q: SubQuestion(questions[str(q)], str(graph.quantities[q].value))
        for q in sorted(wanted)
        if str(q) in questions
    }


def _coming_with(trace: Trace) -> dict[int, SubQuestion]:
    """Those of the trace; a last one that asks for the answer itself is left out."""
    listed = dict(enumerate(SubQuestion(*pair) for pair in trace.metadata.get(SUB_QUESTIONS, ())))
    last = len(listed) - 1
    if listed and plain_number(listed[last].answer) == plain_number(trace.gold or ""):
        del listed[last]
    return listed


def _only_asks(anatomy: Anatomy) -> bool:
    """Whether the last sentence of the problem asks and states nothing that a part could need."""
    if not anatomy.premises:
        return False
    last = anatomy.premises[-1]
    text = last.span.of(anatomy.trace.problem)
    return text.rstrip().endswith("?") and not last.values and not _CONDITION.search(text)


def _by_last_step(given: Answered, anatomy: Anatomy, values: Mapping[int, Fraction | None]) -> bool | None:
    """Carry out the last step again, with the student's own answers for the right ones."""
    listed = _coming_with(anatomy.trace)
    own = {plain_number(listed[place].answer): value for place, value in values.items()}
    doubtful = _doubtful(anatomy, [plain_number(asked.answer) for asked in listed.values()])
    done = _last_operations(anatomy)
    used = {value for o in done for value in (o.left, o.right)} & own.keys()
    if not used or used & doubtful:
        return None
    whole = _again(done, own)
    return whole is not None and same_answer(whole, given.score.answer, given.item.checker).same is True


def _again(done: Sequence[Operation], own: Mapping[Fraction | None, Fraction | None]) -> str | None:
    """What the operations give of the student's own values; None if one that is used is no number."""
    now, result = dict(own), None
    for operation in done:
        left, right = (now.get(value, value) for value in (operation.left, operation.right))
        result = None if left is None or right is None else operation.again(left, right)
        if result is None:
            return None
        now[operation.result] = result
    return None if result is None else canonical(result)


def _last_operations(anatomy: Anatomy) -> list[Operation]:
    """Those of the last step that comes to the right answer; none where no step does."""
    gold = plain_number(anatomy.trace.gold or "")
    for step in reversed(anatomy.steps):
        done = [o for formula in step.formulas for o in operations(formula)]
        if done and done[-1].result == gold:
            return done
    return []


def _doubtful(anatomy: Anatomy, answers: Sequence[Fraction | None]) -> set[Fraction | None]:
    """Answers of parts that may stand for something else: two parts have them, or the problem states them."""
    stated = {plain_number(value) for premise in anatomy.premises for value in premise.values}
    return {value for value, times in Counter(answers).items() if times > 1 or value in stated}
