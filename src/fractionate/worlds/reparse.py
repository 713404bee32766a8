"""Read the text of a ledger problem back into a graph, whatever style it is asked in, and solve it again.

    reparse("HOW MANY PENS DOES NOAH BUY?\\nGiven: MIA BUYS FOUR PENS. NOAH BUYS TWICE AS MANY PENS AS MIA.")
    # Fraction(8, 1)
    reparse("Mia has some shells. How many shells does Mia have?")      # None: not understood

Nothing is read but the text. Each scene has a grammar (`grammar`), compiled from the templates that write the
problems. A sentence that no pattern matches is passed over, so a premise that a style has broken leaves its quantity
unknown and the problem without an answer. All quantities of the ledger are positive integers: anything else is no
ledger problem.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from fractionate.worlds.grammar import Grammar, Key, Relation, grammars
from fractionate.worlds.graph import Graph, Quantity, solve
from fractionate.worlds.plaintext import sentences


class _Contradiction(Exception):  # noqa: N818 - no error: this reading is given up
    """Two sentences say different things of one quantity, or a quantity depends on itself or on an unknown one."""


def reparse(prompt: str) -> Fraction | None:
    """The answer of the ledger problem in `prompt`; None if it is not understood or can be read in two ways."""
    answers = {solve(graph) for graph in read(prompt)}
    return answers.pop() if len(answers) == 1 else None


def read(prompt: str) -> list[Graph]:
    """What the question of `prompt` needs, as graphs: one for each scene that makes sense of it."""
    texts = sentences(prompt)
    concerned = [g for g in grammars() if g.concerns(texts)]
    return [graph for grammar in concerned if (graph := _read(texts, grammar)) is not None]


def _read(texts: Sequence[str], grammar: Grammar) -> Graph | None:
    questions = {q for text in texts if (q := grammar.question(text)) is not None}
    if len(questions) != 1:
        return None
    relations = [r for text in texts if (r := grammar.relation(text)) is not None]
    try:
        return _graph(questions.pop(), _told(relations))
    except _Contradiction:
        return None


def _told(relations: Iterable[Relation]) -> dict[Key, Relation]:
    told: dict[Key, Relation] = {}
    for relation in relations:
        if told.setdefault(relation.makes, relation) != relation:
            raise _Contradiction
    return told


def _graph(question: Relation, told: Mapping[Key, Relation]) -> Graph:
    """The graph of what `question` needs, in an order in which it can be computed."""
    builder = _Builder({**told, question.makes: question} if question.op != "same" else told)
    target = builder.add(question.sources[0] if question.op == "same" else question.makes, ())
    return Graph(tuple(builder.quantities), target)


class _Builder:
    """Adds quantities after their sources."""

    def __init__(self, told: Mapping[Key, Relation]) -> None:
        self.told = told
        self.quantities: list[Quantity] = []
        self.index: dict[Key, int] = {}

    def add(self, key: Key, above: tuple[Key, ...]) -> int:
        """The index of quantity `key`; `above` are those that need it."""
        if key in self.index:
            return self.index[key]
        if key not in self.told or key in above:
            raise _Contradiction
        op, _, sources, literal = self.told[key]
        inner = [self.add(source, (*above, key)) for source in sources]
        while len(inner) > 2:  # a total of three goes by way of the sum of the first two
            inner[:2] = [self.quantity("total", tuple(inner[:2]), None, "")]
        self.index[key] = self.quantity(op, tuple(inner), literal, key.owner)
        return self.index[key]

    def quantity(self, op: str, sources: tuple[int, ...], literal: int | None, owner: str) -> int:
        new = Quantity(len(self.quantities), op, sources, literal, 0, owner)
        value = solve(Graph((*self.quantities, new), new.index))
        if value is None or value.denominator != 1 or value <= 0:
            raise _Contradiction
        self.quantities.append(Quantity(new.index, op, sources, literal, int(value), owner))
        return new.index
