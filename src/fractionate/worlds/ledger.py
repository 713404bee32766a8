"""The world `ledger`: word problems over a random graph of quantities, with the teacher's exact anatomy.

    WORLDS["ledger"].sample(1, seed=0, dials=Dials(depth=(2, 2), verbosity="plain"))[0]
    # problem: "Mia has 14 shells. Noah has 3 times as many shells as Mia. How many shells does Noah have?"
    # text:    "Noah has 3 times as many shells as Mia, so Noah has 3 * 14 = 42 shells. The answer is 42."

Every number of the anatomy is exact: links follow the graph, and a decision point is a needed computation whose
answer changes under at least TAU of its plausible other operators, by re-execution. A needed computation is on all
paths to the answer: without it, the answer cannot be derived.
"""

import random

from fractionate.records import Anatomy, Link, Span, Step, Trace
from fractionate.worlds.base import WORLDS, Dials
from fractionate.worlds.graph import decisions
from fractionate.worlds.grow import grow
from fractionate.worlds.problem import Problem, remarked, tell
from fractionate.worlds.teacher import Said, say


class Ledger:
    """Problems of one series; the same seed gives the same problems in every wording."""

    def sample(self, count: int, *, seed: int, dials: Dials) -> list[Anatomy]:
        """The first `count` problems of the series.

        Raises:
            InputError: the dials leave no room for such problems.
        """
        return [self._one(f"{seed}:{i}", f"ledger-{seed}#{i}", dials) for i in range(count)]

    def _one(self, key: str, identity: str, dials: Dials) -> Anatomy:
        world, voice = random.Random(f"{key}:world"), random.Random(f"{key}:voice")
        problem, aside = tell(grow(world, dials), world), random.Random(f"{key}:remarks")
        problem = remarked(problem, aside.randint(*dials.remarks), aside)
        said = say(problem, dials.verbosity, voice.random() < dials.mistakes, voice)
        text, spans = _joined(said, "\n" if dials.verbosity == "terse" else " ")
        graph = problem.graph
        needed = graph.needed()
        answer = said[-1].result
        trace = Trace(
            identity, problem.text, text, Span(0, len(text)),
            answer=str(answer), gold=str(answer), teacher="symbolic", domain="ledger",
            metadata={
                "depth": sum(graph.quantities[i].op != "given" for i in needed),
                "distractors": len(graph.quantities) - len(needed),
                "graph": graph.plain(),
            },
        )  # fmt: skip
        chosen = decisions(graph)
        steps = [_step(i, said, span, problem, chosen) for i, span in enumerate(spans)]
        wrong = next((s.index for s in steps if s.check == "wrong"), None)
        links = tuple(_links(problem, said))
        return Anatomy(
            trace, problem.premises, tuple(steps), links, first_wrong=wrong, coverage=1.0, annotator="world"
        )


WORLDS.register("ledger")(Ledger())


def _joined(said: list[Said], gap: str) -> tuple[str, list[Span]]:
    spans, start = [], 0
    for sentence in said:
        spans.append(Span(start, start + len(sentence.text)))
        start += len(sentence.text) + len(gap)
    return gap.join(s.text for s in said), spans


def _step(index: int, all_said: list[Said], span: Span, problem: Problem, chosen: set[int]) -> Step:
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


def _links(problem: Problem, said: list[Said]) -> list[Link]:
    """What each sentence uses: premises that state its operands, and the steps that computed them."""
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
        value = None if q.literal is None else str(q.literal)
        links.append(Link(index, problem.states[q.index], "premise", "gold", value))
        if sentence.kind == "restate":
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
