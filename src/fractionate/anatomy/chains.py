"""Chains: the tokens of a sentence gathered into the sides of equations.

    for sides in chains(tokens("So 9 eggs * $2 = $18 a day, and 18 + 1 = 19.")):
        len(sides)                           # 2 and 2

Words may stand between a number and the operator after it. Two numbers with nothing between them, a comma and
other punctuation end a chain. "is" counts as an equal sign after a computation.
"""

from dataclasses import dataclass, field

from fractionate.anatomy.expression import Token
from fractionate.anatomy.ratios import whole_ratio
from fractionate.anatomy.units import DIMENSIONS, unit

MOST_UNIT_WORDS = 5
"""Words that may stand between a number and the operator or equal sign after it ("9 duck eggs * 2")."""


@dataclass
class Side:
    """One side of an equation.

    `sound` is false where something in it cannot be evaluated, `named` is true where single letters stand in it, `led`
    where words stand between the equal sign and its first number; `measured` holds the unit of measurement right after
    a numeral, by its place. Once it is complete, `operations` is the number of its operators, signs of numbers
    included, `number` the numeral that it is, if it is nothing else, and `fraction` the one number that "1/2" is.
    """

    tokens: list[Token] = field(default_factory=list)
    sound: bool = True
    weak: bool = False
    named: bool = False
    units: set[str] = field(default_factory=set)
    measured: dict[int, str] = field(default_factory=dict)
    led: bool = False
    operations: int = 0
    number: Token | None = None
    fraction: Token | None = None

    @property
    def rounded(self) -> bool:
        """Whether a numeral in it has decimals, so that the side need not be exact."""
        return any("." in t.text for t in self.tokens)


def chains(stream: list[Token]) -> list[list[Side]]:
    """The chains of two and more sides in a stream of tokens."""
    reader = _Reader()
    for token in stream:
        reader.take(token)
    reader.end()
    return reader.found


class _Reader:
    """Gathers tokens into sides and sides into chains."""

    def __init__(self) -> None:
        self.found: list[list[Side]] = []
        self.sides: list[Side] = []
        self.side = Side()
        self.words = 0
        self.depth = 0
        self.dash: Token | None = None
        self.first = -1

    def take(self, token: Token) -> None:
        """Take one token, which may end a chain."""
        kind, side = token.kind, self.side
        last = side.tokens[-1].kind if side.tokens else ""
        self.first = token.start if self.first < 0 else self.first
        if kind in ("=", "is"):
            if kind == "=" or self._states():
                self._close_side()
                self.side.weak = kind == "is"
            else:
                self._word(token)
        elif kind == "word":
            self._word(token)
        elif kind == "break":
            self.end()
        elif kind == "bad" and last in ("num", ")") and self.words:
            self.end()  # "= 10 meters after the 3rd turn"
        elif kind == "bad":
            side.sound, self.words, self.dash = False, 0, None
            side.named = side.named or (len(token.text) == 1 and token.text.isalpha())
        elif kind == ")" and not self.depth:
            self.end()
        elif (kind in ("num", "frac") and last in ("num", ")") and not self.depth) or (
            kind == "(" and last == "num" and (self.words or side.tokens[-1].end < token.start)
        ):
            self.end()
            self._add(token)
        else:
            self._operator(token, last) if kind == "op" else self._add(token)

    def _operator(self, token: Token, last: str) -> None:
        """An operator: binary after an operand, else a sign, a bullet or nonsense."""
        if last == "" and token.text == "-":
            self.dash = token
        elif last == "" and token.start == self.first:
            return  # a bullet
        else:
            if last not in ("num", ")") and token.text not in "-+":
                self.side.sound = False
            if last == "":
                self.side.sound, self.words = False, 0
                return
            self._add(token)

    def _sign(self, token: Token) -> None:
        """Decide what a dash before the first operand was: its sign, a bullet, or a word minus a number."""
        dash, self.dash = self.dash, None
        if dash is None or (dash.start == self.first and dash.end != token.start):
            return
        if dash.end == token.start or (self.sides and not self.words):
            self.side.tokens.append(dash)
        else:
            self.side.sound = False

    def _states(self) -> bool:
        """Whether "is" after the tokens so far is an equal sign: after a computation, but not after "9/7"."""
        held = self.side.tokens
        if self.depth or self.words > 3 or not _operators(held) or held[-1].kind not in ("num", ")"):
            return False
        return not (len(held) == 3 and held[1].text in "/-" and held[0].end + 1 == held[2].start)

    def _add(self, token: Token) -> None:
        if not self.side.tokens:
            self.side.led = self.words > 0 and bool(self.sides)
            if self.words and not self.sides:
                self.side.sound = True  # words part it from whatever came before
            self._sign(token)
        self.depth += (token.kind == "(") - (token.kind == ")")
        self.side.tokens.append(token)
        self.words = 0

    def _word(self, token: Token) -> None:
        side = self.side
        last = side.tokens[-1].kind if side.tokens else ""
        side.named = side.named or token.text == "A"
        self.words += 1
        if last in ("num", ")"):
            named = unit(token.text)
            side.units.add(named)
            if last == "num" and self.words == 1 and named in DIMENSIONS:
                side.measured[len(side.tokens) - 1] = named
            if self.words > MOST_UNIT_WORDS:
                self.end()
        elif last == "op":
            side.sound = False
        elif last == "(":
            side.sound = side.sound and len(side.tokens) == 1
            self._drop_open()
        elif self.sides and self.words > (MOST_UNIT_WORDS if side.weak else 2 * MOST_UNIT_WORDS):
            self.end()
        else:
            self.dash = None

    def _drop_open(self) -> None:
        """ "(so 5 + 3 = 8)": a bracket that opens on a word is no part of an expression."""
        while self.side.tokens and self.side.tokens[-1].kind == "(":
            self.side.tokens.pop()
            self.depth -= 1

    def _close_side(self) -> None:
        self.sides.append(_completed(self.side, self.depth))
        self.side, self.words, self.depth, self.dash = Side(), 0, 0, None

    def end(self) -> None:
        """End the chain here."""
        self._close_side()
        sides, self.sides = self.sides, []
        if len(sides) > 1 and any(s.tokens or not s.sound for s in sides[1:]):
            self.found.append(sides)


def _completed(side: Side, depth: int) -> Side:
    """A side without brackets that were opened before the equation and never closed."""
    if not side.tokens:
        return side
    if depth > 0:
        opened: list[int] = []
        for i, token in enumerate(side.tokens):
            if token.kind == "(":
                opened.append(i)
            elif token.kind == ")" and opened:
                opened.pop()
        if opened:
            side.tokens = side.tokens[opened[-1] + 1 :]
            side.measured = {}
    side.operations = _operators(side.tokens)
    if side.sound and not side.operations:
        numerals = [t for t in side.tokens if t.kind == "num"]
        side.number = numerals[0] if len(numerals) == 1 else None
    elif side.sound:
        side.fraction = whole_ratio(side.tokens)
    return side


def _operators(held: list[Token]) -> int:
    """Operators but a sign in front, and products that are written without one: "2(11)"."""
    count, before = 0, ""
    for token in held:
        kind = token.kind
        count += (kind == "op" and before != "") or kind == "frac" or (kind == "(" and before == "num")
        before = kind
    return count
