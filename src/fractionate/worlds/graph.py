"""A graph of quantities: exact execution, what the answer needs, and where it could have gone another way.

    mia = Quantity(0, "given", (), 14, 14, "Mia")
    noah = Quantity(1, "times", (0,), 3, 42, "Noah")        # 3 * 14 = 42
    solve(Graph((mia, noah), target=1))                     # Fraction(42, 1)

`Graph.plain()` is the JSON form that a trace carries in `metadata["graph"]`; `Graph.of` reads it back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any, NamedTuple

TAU = 0.5
"""A needed step is a decision point if this share of its plausible alternatives changes the answer."""

SYMBOLS = {
    "more": "+", "fewer": "-", "times": "*", "part": "/", "left": "-", "each": "/", "rate": "*",
    "total": "+", "difference": "-",
}  # fmt: skip
"""The operator of every operation; a quantity whose operation is `given` is stated."""

_EXECUTE = {"+": add, "-": sub, "*": mul, "/": truediv}


class Expression(NamedTuple):
    """`left symbol right`, as the teacher writes it."""

    left: Fraction
    symbol: str
    right: Fraction

    def value(self) -> Fraction | None:
        """What it comes to, exactly; None for a division by zero."""
        if self.symbol == "/" and self.right == 0:
            return None
        return Fraction(_EXECUTE[self.symbol](self.left, self.right))

    def __str__(self) -> str:
        return f"{self.left} {self.symbol} {self.right}"

    def others(self) -> list["Expression"]:
        """The same operands under every other operator that gives a positive integer."""
        swapped = [self._replace(symbol=s) for s in _EXECUTE if s != self.symbol]
        return [e for e in swapped if (v := e.value()) is not None and v > 0 and v.denominator == 1]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: stated (`given`), or made by `op` from `sources` and the stated `literal`.

    `measure` says what is counted (an index into the setting's measures). A total or a difference without
    an owner has no sentence of its own: another sentence, or the question, asks for it.
    """

    index: int
    op: str
    sources: tuple[int, ...]
    literal: int | None
    value: int
    owner: str
    measure: int = 0


@dataclass(frozen=True, slots=True)
class Graph:
    """Quantities in an order in which they can be computed, and the one that is asked for."""

    quantities: tuple[Quantity, ...]
    target: int

    def plain(self) -> dict[str, Any]:
        """The graph as JSON values."""
        rows = [{**asdict(q), "sources": list(q.sources)} for q in self.quantities]
        return {"target": self.target, "quantities": rows}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Graph":
        """The graph that `plain` wrote."""
        rows = ({**row, "sources": tuple(row["sources"])} for row in plain["quantities"])
        return cls(tuple(Quantity(**row) for row in rows), plain["target"])

    def needed(self, index: int | None = None) -> set[int]:
        """The quantities that the target (or the quantity `index`) depends on, itself included."""
        found = {self.target if index is None else index}
        for q in reversed(self.quantities):
            if q.index in found:
                found.update(q.sources)
        return found

    def expression(self, index: int) -> Expression:
        """The computation that gives quantity `index`."""
        q = self.quantities[index]
        return _expression(q, [Fraction(self.quantities[s].value) for s in q.sources])


def solve(
    graph: Graph, instead: Mapping[int, str] | None = None, known: Mapping[int, Fraction] | None = None
) -> Fraction | None:
    """Execute the graph again, from the stated numbers alone, and give the target's value.

    By index, `instead` replaces the operators of some quantities and `known` the values of some. None if that divides
    by zero.
    """
    values: list[Fraction] = []
    for q in graph.quantities[: graph.target + 1]:
        if known and q.index in known:
            values.append(known[q.index])
            continue
        if q.op == "given":
            assert q.literal is not None, f"given quantity {q.index} states no number"
            values.append(Fraction(q.literal))
            continue
        expression = _expression(q, [values[s] for s in q.sources])
        result = expression._replace(symbol=(instead or {}).get(q.index, expression.symbol)).value()
        if result is None:
            return None
        values.append(result)
    return values[graph.target]


def decisions(graph: Graph, tau: float = TAU) -> set[int]:
    """The needed computations whose plausible alternatives change the answer in a share of at least `tau`."""
    answer = solve(graph)
    found = set()
    for index in graph.needed():
        if graph.quantities[index].op == "given":
            continue
        others = graph.expression(index).others()
        changed = sum(solve(graph, {index: other.symbol}) != answer for other in others)
        if others and changed >= tau * len(others):
            found.add(index)
    return found


def _expression(q: Quantity, sources: list[Fraction]) -> Expression:
    operands = sources if q.literal is None else [*sources, Fraction(q.literal)]
    left, right = reversed(operands) if q.op == "times" else operands
    return Expression(left, SYMBOLS[q.op], right)
