"""The gold anatomy of what the teacher said about a graph of quantities: exact spans, roles, links and results.

    anatomy_of(problem, said, "ledger-0#3", domain="ledger", gap=" ", aside=random.Random(0))

Links follow the graph, and a decision point is a needed computation whose answer changes under at least TAU of its
plausible other operators, by re-execution. A needed computation is on all paths to the answer: without it, the answer
cannot be derived. A plan says which quantity another one takes: the answer can be derived without it.
"""

import random
from collections.abc import Sequence

from fractionate.records import Anatomy, Link, Span, Step, Trace
from fractionate.worlds.graph import decisions
from fractionate.worlds.problem import Problem
from fractionate.worlds.teacher import Said


def anatomy_of(
    problem: Problem, said: Sequence[Said], identity: str, *, domain: str, gap: str, aside: random.Random
) -> Anatomy:
    """The teacher's sentences, joined by `gap`, taken apart; `aside` chooses the wording of sub-questions."""
    text, spans = joined([sentence.text for sentence in said], gap)
    graph = problem.graph
    needed = graph.needed()
    answer = said[-1].result
    trace = Trace(
        identity, problem.text, text, Span(0, len(text)),
        answer=str(answer), gold=str(answer), teacher="symbolic", domain=domain,
        metadata={
            "depth": sum(graph.quantities[i].op != "given" for i in needed),
            "distractors": len(graph.quantities) - len(needed),
            "graph": graph.plain(),
            "questions": _questions(problem, aside),
        },
    )  # fmt: skip
    chosen = decisions(graph)
    steps = [_step(i, said, span, problem, chosen) for i, span in enumerate(spans)]
    wrong = next((s.index for s in steps if s.check == "wrong"), None)
    links = tuple(_links(problem, said))
    return Anatomy(
        trace, problem.premises, tuple(steps), links, first_wrong=wrong, coverage=1.0, annotator="world"
    )


def joined(texts: Sequence[str], gap: str) -> tuple[str, list[Span]]:
    """The sentences as one text, and where each of them stands."""
    spans, start = [], 0
    for text in texts:
        spans.append(Span(start, start + len(text)))
        start += len(text) + len(gap)
    return gap.join(texts), spans


def _questions(problem: Problem, rng: random.Random) -> dict[str, str]:
    """What would ask for each computed quantity, by its index."""
    computed = (q for q in problem.graph.quantities if q.op != "given")
    return {str(q.index): problem.english.question(q, rng) for q in computed}


def _step(index: int, all_said: Sequence[Said], span: Span, problem: Problem, chosen: set[int]) -> Step:
    said = all_said[index]
    computes = said.kind in ("compute", "correction")
    wanted = said.kind == "conclude" or (computes and said.quantity in problem.graph.needed())
    mistakes = [i for i, s in enumerate(all_said[:index]) if s.kind == "mistake"]
    return Step(
        index, span, said.role, said.kind,
        results=() if said.result is None else (str(said.result),),
        check=said.check,
        paths="all" if wanted else "none",
        decision=computes and said.quantity in chosen,
        repairs=mistakes[-1] if said.kind == "correction" else None,
        formulas=_formulas(said, problem) if computes or said.kind == "mistake" else (),
    )  # fmt: skip


def _formulas(said: Said, problem: Problem) -> tuple[str, ...]:
    assert said.quantity is not None, "a computing step computes a quantity"
    return (f"{problem.graph.expression(said.quantity)} = {said.result}",)


def _links(problem: Problem, said: Sequence[Said]) -> list[Link]:
    """What each sentence uses: premises that state its operands, and the steps that computed them.

    A sentence that restates or plans uses the premise alone.
    """
    links: list[Link] = []
    computed: dict[int, int] = {}
    quantities = problem.graph.quantities
    for index, sentence in enumerate(said):
        if sentence.kind == "conclude":
            links.append(
                _to_step(index, computed[problem.graph.target], quantities[problem.graph.target].value)
            )
        if sentence.quantity is None:
            continue
        q = quantities[sentence.quantity]
        if sentence.kind in ("check", "backtrack"):
            spoken_of = computed[q.index]
            stated = said[spoken_of].result
            assert stated is not None, f"step {spoken_of} computes without a result"
            links.append(_to_step(index, spoken_of, stated))
            continue
        value = None if q.literal is None or sentence.kind == "plan" else str(q.literal)
        links.append(Link(index, problem.states[q.index], "premise", "gold", value))
        if sentence.kind in ("restate", "plan"):
            continue
        for source in q.sources:
            operand = quantities[source]
            if source in computed:
                links.append(_to_step(index, computed[source], operand.value))
            else:
                links.append(Link(index, problem.states[source], "premise", "gold", str(operand.value)))
        computed[q.index] = index
    return links


def _to_step(user: int, source: int, value: int) -> Link:
    return Link(user, source, "step", "gold", str(value))
