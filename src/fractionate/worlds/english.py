"""The ledger's grammar: quantities and graphs as English clauses.

    english = English(graph, setting)
    english.relation(noah, rng)            # "Noah has 3 times as many shells as Mia"
    english.fact(noah, "3 * 14 = 42")      # "Noah has 3 * 14 = 42 shells"
    english.asked(noah)                    # "how many shells Noah has"

Clauses begin in lower case (but for names) and carry no full stop: `sentence` makes them whole.
"""

import random
from typing import NamedTuple

from fractionate.worlds.graph import Graph, Quantity
from fractionate.worlds.grow import Setting
from fractionate.worlds.scenes import Measure, Noun

PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}

COMPARISONS = {
    "more": ("{S} {v} {k} more {u_k} than {R}", "{S} {v} {k} {u_k} more than {R}"),
    "fewer": ("{S} {v} {k} fewer {u_k} than {R}", "{S} {v} {k} {u_k} fewer than {R}"),
    "times": ("{S} {v} {times} as many {u} as {R}",),
    "part": ("{S} {v} {part} as many {u} as {R}",),
    "total": ("{S} {v} as many {u} as {parts} together", "{S} {v} as many {u} as {parts} combined"),
}
MONEY_COMPARISONS = {
    "more": ("{S} {v} {k} {u_k} more than {R}", "{S} {v} {k} more {u_k} than {R}"),
    "fewer": ("{S} {v} {k} {u_k} less than {R}",),
    "times": ("{S} {v} {times} as much money as {R}",),
    "part": ("{S} {v} {part} as much money as {R}",),
    "total": ("{S} {v} as much money as {parts} together", "{S} {v} as much money as {parts} combined"),
}
FACT = "{S} {v} {k} {u_k}"
LOSS = "{S} {loss}"
SHARING = "{S} shares all of the {all} equally among {k} friends"
HOW_MANY, HOW_MUCH = "how many {more}{u}", "how much {more}money"
DIRECT = "{how_many} {do} {S} {base}{after}{than}"
ASKED = "{how_many} {S} {v}{after}{than}"
QUESTIONS = {"direct": "{direct}", "find": "find out {asked}", "can": "can you work out {asked}"}
FRIEND, LEFT, IN_TOTAL, THAN = "each friend of {S}", " left", " in total", " than {R}"
"""What problems are written with; `grammar` compiles the same templates to read them."""


class Subject(NamedTuple):
    """Who a clause is about, and its verb with what follows the amount: "Mia" "has" ... "left"."""

    name: str
    verb: str
    base: str
    after: str = ""


def sentence(clause: str, end: str = ".") -> str:
    """The clause with a capital and a full stop."""
    return clause[0].upper() + clause[1:] + end


def listed(names: list[str]) -> str:
    """Names as "Mia", "Mia and Noah", "Mia, Noah and Ava"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


class English:
    """Says the quantities of one graph."""

    def __init__(self, graph: Graph, setting: Setting) -> None:
        self.graph = graph
        self.setting = setting

    def measure(self, q: Quantity) -> Measure:
        """What the quantity counts."""
        return self.setting.measures[q.measure]

    def parts(self, q: Quantity) -> list[str]:
        """The owners whose quantities a total adds, or the owner itself."""
        if q.owner and q.op != "total":
            return [q.owner]
        inner = (self.graph.quantities[s] for s in q.sources)
        return [name for s in inner for name in ([s.owner] if s.owner else self.parts(s))]

    def subject(self, q: Quantity) -> Subject:
        """Who the quantity belongs to, with the verb that agrees."""
        verb, base, _ = self.measure(q)
        if q.op == "left":
            return Subject(q.owner, "has", "have", LEFT)
        if q.op == "each":
            return Subject(FRIEND.format(S=q.owner), "gets", "get")
        if not q.owner:
            return Subject(listed(self.parts(q)), base, base, IN_TOTAL)
        return Subject(q.owner, verb, base)

    def reference(self, q: Quantity) -> str:
        """The quantity after "than" or "as"."""
        who = self.subject(q)
        return f"{who.name} {who.verb}{who.after}" if q.op in ("left", "each") else who.name

    def fact(self, q: Quantity, amount: str | None = None) -> str:
        """The quantity stated as a number, or as `amount`, an equation that ends in that number."""
        number = str(q.value) if amount is None else amount
        value = int(number.rpartition(" ")[2])
        noun = counted(self.measure(q).noun, value)
        if q.op == "difference":
            larger, smaller = (self.graph.quantities[s] for s in q.sources)
            who = self.subject(larger)
            return f"{who.name} {who.verb} {number} {noun} more than {smaller.owner}"
        who = self.subject(q)
        return FACT.format(S=who.name, v=who.verb, k=number, u_k=noun) + who.after

    def relation(self, q: Quantity, rng: random.Random) -> str:
        """The clause of the problem that states the quantity or says how it follows from others."""
        noun = self.measure(q).noun
        if q.op == "given":
            return self.fact(q)
        if q.op in ("left", "each", "rate"):
            return self._event(q, rng)
        wordings = (MONEY_COMPARISONS if noun.money else COMPARISONS)[q.op]
        who, k = self.subject(q), q.literal or 0
        return rng.choice(wordings).format(
            S=who.name, v=who.verb, k=k, u=noun.many, u_k=counted(noun, k),
            times="twice" if k == 2 else f"{k} times", part=PARTS.get(k, ""),
            R=self.reference(self.graph.quantities[q.sources[0]]), parts=listed(self.parts(q)),
        )  # fmt: skip

    def _event(self, q: Quantity, rng: random.Random) -> str:
        """What happens to the source: some of it goes, it is shared, or each of it brings something."""
        source = self.measure(self.graph.quantities[q.sources[0]]).noun
        k = q.literal or 0
        if q.op == "left":
            loss = rng.choice(self.setting.scene.losses).format(n=f"{k} {counted(source, k)}")
            return LOSS.format(S=q.owner, loss=loss)
        if q.op == "each":
            everything = "money" if source.money else source.many
            return SHARING.format(S=q.owner, all=everything, k=k)
        rate = self.setting.scene.rate
        assert rate is not None, "a rate was grown in a scene without one"
        return rate.sentence.format(S=q.owner, k=k, one=source.one, many=source.many)

    def asked(self, q: Quantity) -> str:
        """The indirect question for the quantity."""
        how_many, who, _ = self._question_parts(q)
        return ASKED.format(how_many=how_many, S=who.name, v=who.verb, after=who.after, than=self._than(q))

    def question(self, q: Quantity, rng: random.Random) -> str:
        """The question that ends the problem, whole."""
        how_many, who, auxiliary = self._question_parts(q)
        direct = DIRECT.format(
            how_many=how_many, do=auxiliary, S=who.name, base=who.base, after=who.after, than=self._than(q)
        )
        wording = rng.choices(tuple(QUESTIONS), (6, 1, 1))[0]
        clause = QUESTIONS[wording].format(direct=direct, asked=self.asked(q))
        return sentence(clause, "." if wording == "find" else "?")

    def _question_parts(self, q: Quantity) -> tuple[str, Subject, str]:
        noun, more = self.measure(q).noun, "more " if q.op == "difference" else ""
        how_many = (HOW_MUCH if noun.money else HOW_MANY).format(more=more, u=noun.many)
        who = self.subject(self.graph.quantities[q.sources[0]] if q.op == "difference" else q)
        return how_many, who, "does" if q.owner or q.op == "difference" else "do"

    def _than(self, q: Quantity) -> str:
        return THAN.format(R=self.graph.quantities[q.sources[1]].owner) if q.op == "difference" else ""

    def label(self, q: Quantity) -> str:
        """The quantity's name in a terse line."""
        if q.op == "difference":
            return "difference"
        if q.op == "left":
            return f"{q.owner}, left"
        if q.op == "rate":
            return f"{q.owner}, {self.measure(q).noun.many}"
        return self.subject(q).name


def counted(noun: Noun, count: int) -> str:
    """The noun as it agrees with the number."""
    return noun.one if count == 1 else noun.many
