"""The ledger's grammar turned round: the templates of `english` and `scenes` compiled into patterns that read.

    grammar = grammars()[1]                                   # of the second scene, where people collect things
    grammar.relation("noah collects twice as many shells as mia")
    # Relation("times", Key("noah", "shell"), (Key("mia", "shell"),), 2)
    grammar.question("how many shells does noah collect")     # Relation("same", …, (Key("noah", "shell"),), None)

Sentences come in lower case without their ends, as `plaintext.sentences` gives them. A sentence that no pattern
matches is read again with slips in the grammar's own words mended.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from string import Formatter
from typing import NamedTuple

from fractionate.worlds import english
from fractionate.worlds.plaintext import mendable
from fractionate.worlds.scenes import DOLLARS, SCENES, Measure, Noun, Scene

_NAME = r"[^\W\d_]+(?: [^\W\d_]+)?"
_NAMES = rf"{_NAME}(?:, {_NAME})*,? and {_NAME}"
_PART_OF = {words: k for k, words in english.PARTS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_SEPARATE = re.compile(r",? and |, ")
_LATER = "later, "


class Key(NamedTuple):
    """A quantity by what it is called: whose, of what, and whether it is what is `left` or what `each` friend gets."""

    owner: str
    noun: str
    state: str = ""


class Relation(NamedTuple):
    """What a sentence says: quantity `makes` comes of `sources` and `literal` by `op` (see `graph.SYMBOLS`).

    A question for a quantity that has a sentence of its own is the operation `same`.
    """

    op: str
    makes: Key
    sources: tuple[Key, ...] = ()
    literal: int | None = None


Groups = Mapping[str, str]
Reader = Callable[[Groups], Relation]


class Grammar:
    """Reads sentences of one scene."""

    def __init__(self, scene: Scene) -> None:
        self.nouns = dict(_forms(scene))
        self.literal_words: set[str] = set()
        measures = [(Measure(scene.verb, scene.base, noun), scene.things) for noun in scene.things[:1]]
        if scene.rate:
            measures.append((Measure(*scene.rate[:3]), (scene.rate.noun,)))
        self.statements: list[tuple[re.Pattern[str], Reader]] = []
        self.questions: list[tuple[re.Pattern[str], Reader]] = []
        for measure, nouns in measures:
            self._state(measure, nouns)
            self._ask(measure, nouns)
        self._happen(scene)
        self._mended = mendable(self.literal_words)

    def concerns(self, texts: Iterable[str]) -> bool:
        """Whether the sentences speak of any of the scene's things; the others need not be read."""
        return any(noun in text for text in texts for noun in self.nouns)

    def relation(self, text: str) -> Relation | None:
        """What a sentence says; None if it says nothing about the scene's quantities."""
        return self._match(self.statements, text.removeprefix(_LATER))

    def question(self, text: str) -> Relation | None:
        """What a sentence asks for; None if it is no question of this scene."""
        return self._match(self.questions, text)

    def _match(self, patterns: list[tuple[re.Pattern[str], Reader]], text: str) -> Relation | None:
        mended = _WORD.sub(lambda word: self._mended.get(word[0], word[0]), text)
        for version in dict.fromkeys((text, mended)):
            for pattern, reader in patterns:
                if found := pattern.fullmatch(version):
                    return reader({k: v for k, v in found.groupdict().items() if v is not None})
        return None

    def _state(self, measure: Measure, nouns: tuple[Noun, ...]) -> None:
        fields = self._fields(nouns) | {"v": measure.verb}
        self._add(
            self.statements, english.FACT, fields, lambda g: Relation("given", self._key(g), (), int(g["k"]))
        )
        wordings = english.MONEY_COMPARISONS if measure.noun.money else english.COMPARISONS
        for op, templates in wordings.items():
            for template in templates:
                self._add(self.statements, template, fields, self._compared(op))

    def _happen(self, scene: Scene) -> None:
        things = self._fields(scene.things)
        for loss in scene.losses:
            template = english.LOSS.format(S="{S}", loss=loss.format(n="{k} {u}"))
            self._add(self.statements, template, things, self._changes("left"))
        if scene.shares:
            self._add(self.statements, english.SHARING, things, self._changes("each"))
        if scene.rate:
            self._add(self.statements, scene.rate.sentence, things, self._rated(scene.rate.noun))

    def _ask(self, measure: Measure, nouns: tuple[Noun, ...]) -> None:
        """Patterns of the questions for one quantity, for what is left, for a share, a total and a difference."""
        how_many = english.HOW_MUCH if measure.noun.money else english.HOW_MANY
        friend = english.FRIEND
        asked: list[tuple[str, str, str, str, str, str, str, Reader]] = [
            ("", "{S}", measure.verb, measure.base, "", "does", "", self._same("")),
            ("", "{S}", "has", "have", english.LEFT, "does", "", self._same("left")),
            ("", friend, "gets", "get", "", "does", "", self._same("each")),
            ("", "{parts}", measure.base, measure.base, english.IN_TOTAL, "do", "", self._total("")),
            ("more ", "{S}", measure.verb, measure.base, "", "does", english.THAN, self._difference),
        ]
        for more, who, verb, base, after, do, than, reader in asked:
            what = how_many.format(more=more, u="{u}")
            whole = {"how_many": what, "S": who, "after": after, "than": than}
            direct = english.DIRECT.format(do=do, base=base, **whole)
            indirect = english.ASKED.format(v=verb, **whole)
            for wording in english.QUESTIONS.values():
                template = wording.format(direct=direct, asked=indirect)
                self._add(self.questions, template, self._fields(nouns), reader)

    def _add(
        self,
        to: list[tuple[re.Pattern[str], Reader]],
        template: str,
        fields: Mapping[str, str],
        reader: Reader,
    ) -> None:
        """Compile a template: its fields become groups, "the" may be missing."""
        pattern = ""
        for words, field, _, _ in Formatter().parse(template):
            self.literal_words.update(_WORD.findall(words))
            pattern += re.escape(words.lower()).replace(r"the\ ", r"(?:the\ )?")
            pattern += fields[field] if field else ""
        to.append((re.compile(pattern), reader))

    def _fields(self, nouns: tuple[Noun, ...]) -> dict[str, str]:
        forms = "|".join(sorted({f for n in nouns for f in (n.one, n.many)}, key=len, reverse=True))
        noun = rf"(?P<u>{forms})"
        return {
            "S": rf"(?P<S>{_NAME})", "k": r"(?P<k>\d+)", "u": noun, "u_k": noun, "one": noun, "many": noun,
            "all": rf"(?P<u>{forms}|money)", "times": r"(?P<times>twice|\d+ times)",
            "part": rf"(?P<part>{'|'.join(_PART_OF)})", "parts": rf"(?P<parts>{_NAMES})",
            "R": rf"(?P<R>(?:{_NAME}(?: has{english.LEFT})?|{english.FRIEND.format(S=_NAME)} gets))",
        }  # fmt: skip

    def _key(self, groups: Groups, state: str = "") -> Key:
        return Key(groups["S"], self._noun(groups), state)

    def _noun(self, groups: Groups) -> str:
        return self.nouns[groups["u"]] if "u" in groups else DOLLARS.one

    def _compared(self, op: str) -> Reader:
        if op == "total":
            return lambda g: self._total(g["S"])(g)

        def read(groups: Groups) -> Relation:
            return Relation(op, self._key(groups), (self._referred(groups),), _factor(groups))

        return read

    def _referred(self, groups: Groups) -> Key:
        """The quantity after "than" or "as"."""
        name, noun = groups["R"], self._noun(groups)
        before, _, after = english.FRIEND.partition("{S}")
        if name.startswith(before) and name.endswith(f"{after} gets"):
            return Key(name.removeprefix(before).removesuffix(f"{after} gets"), noun, "each")
        left = f" has{english.LEFT}"
        return Key(name.removesuffix(left), noun, "left" if name.endswith(left) else "")

    def _changes(self, op: str) -> Reader:
        return lambda g: Relation(op, self._key(g, op), (self._key(g),), int(g["k"]))

    def _rated(self, brought: Noun) -> Reader:
        return lambda g: Relation("rate", Key(g["S"], brought.one), (self._key(g),), int(g["k"]))

    def _same(self, state: str) -> Reader:
        return lambda g: Relation("same", Key("", ""), (self._key(g, state),))

    def _total(self, owner: str) -> Reader:
        def read(groups: Groups) -> Relation:
            noun = self._noun(groups)
            parts = tuple(Key(name, noun) for name in _SEPARATE.split(groups["parts"]))
            return Relation("total", Key(owner, noun), parts)

        return read

    def _difference(self, groups: Groups) -> Relation:
        key = self._key(groups)
        return Relation("difference", Key("", key.noun, "more"), (key, self._referred(groups)))


@cache
def grammars() -> tuple[Grammar, ...]:
    """The grammar of every scene, compiled once."""
    return tuple(Grammar(scene) for scene in SCENES)


def _factor(groups: Groups) -> int:
    if "part" in groups:
        return _PART_OF[groups["part"]]
    times = groups.get("times", "")
    return 2 if times == "twice" else int(times.split()[0]) if times else int(groups["k"])


def _forms(scene: Scene) -> Iterator[tuple[str, str]]:
    for noun in (*scene.things, *((scene.rate.noun,) if scene.rate else ())):
        yield from ((noun.one, noun.one), (noun.many, noun.one))
        if noun.money:
            yield "money", noun.one
