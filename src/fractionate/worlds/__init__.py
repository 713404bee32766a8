"""Worlds: generators of problems whose anatomy is known exactly, with a symbolic teacher.

from fractionate.worlds import WORLDS, Dials

for anatomy in WORLDS["ledger"].sample(100, seed=0, dials=Dials(depth=(2, 4), verbosity="plain")):
    anatomy.trace.problem   # "Mia has 14 shells. Noah has 3 times as many shells as Mia. How many ..."
    anatomy.steps           # exact spans, roles, results, decision points

Their right answers differ: in `ledger` the computing steps suffice, `chains` need the plan too, and in `mazes` a search
with its dead ends must be learned; `products` ask how much can be computed without saying it. A world is one module
that registers an object with `sample`; `graph`, `grow`, `problem`, `teacher` and `gold` are what worlds of quantities
share.
"""

from fractionate.worlds.base import WORLDS, Dials, Verbosity, World
from fractionate.worlds.graph import TAU, Graph, Quantity, solve

__all__ = ["TAU", "WORLDS", "Dials", "Graph", "Quantity", "Verbosity", "World", "solve"]
