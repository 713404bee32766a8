"""What the ledger's problems are about: people, places, things and what is done with them.

    Scene("buys", "buy", things=(("pen", "pens"), ...), rate=Rate("spends", "spend", ...))
    # "Mia buys 14 pens.", "Mia pays 3 dollars for each pen.", "How much money does Mia spend?"

A new scene is one more row; the grammar is in `english`.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Noun(NamedTuple):
    """A thing that is counted. Money is counted in dollars and asked for by "how much"."""

    one: str
    many: str
    money: bool = False


class Measure(NamedTuple):
    """What an owner does with a noun: "Mia `verb` 3 `noun`s", "how many does Mia `base`"."""

    verb: str
    base: str
    noun: Noun


class Rate(NamedTuple):
    """A second measure that each counted thing brings. `sentence` states how much each brings."""

    verb: str
    base: str
    noun: Noun
    sentence: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of situation. `losses` take some away, `shares` allows sharing all of it among friends.

    `place` is the noun of the places that own things; None if people do.
    """

    verb: str
    base: str
    things: tuple[Noun, ...]
    losses: tuple[str, ...] = ()
    shares: bool = False
    rate: Rate | None = None
    place: str | None = None


DOLLARS = Noun("dollar", "dollars", money=True)


def _nouns(text: str) -> tuple[Noun, ...]:
    """Nouns from "shell, box/boxes": the plural takes an s unless it is stated."""
    pairs = (word.strip().partition("/") for word in text.split(","))
    return tuple(Noun(one, many or one + "s") for one, _, many in pairs)


SCENES = (
    Scene("has", "have", _nouns("marble, sticker, stamp, coin, bead, trading card/trading cards, toy car"),
          losses=("gives away {n}", "loses {n}"), shares=True),
    Scene("collects", "collect", _nouns("shell, pebble, acorn, feather, pinecone, bottle cap, leaf/leaves"),
          losses=("gives away {n}", "loses {n}", "throws away {n}"), shares=True),
    Scene("picks", "pick", _nouns("apple, pear, plum, lemon, peach/peaches, strawberry/strawberries, fig"),
          losses=("gives away {n}", "eats {n}"), shares=True),
    Scene("bakes", "bake", _nouns("cookie, muffin, pancake, scone, bagel, waffle, pretzel"),
          losses=("gives away {n}", "eats {n}"), shares=True),
    Scene("makes", "make", _nouns("bracelet, paper crane, candle, necklace, mask, birthday card, lantern"),
          losses=("gives away {n}",), shares=True),
    Scene("plants", "plant", _nouns("tulip, rose bush/rose bushes, carrot, pepper, sunflower, onion, tree")),
    Scene("scores", "score", _nouns("point, goal")),
    Scene("reads", "read", _nouns("page, poem, comic, chapter")),
    Scene("sends", "send", _nouns("letter, postcard, parcel, message")),
    Scene("saves", "save", (DOLLARS,), losses=("spends {n}", "gives away {n}"), shares=True),
    Scene("buys", "buy", _nouns("pen, notebook, balloon, ribbon, eraser, ticket, peach/peaches, pencil"),
          losses=("gives away {n}", "loses {n}"), shares=True,
          rate=Rate("spends", "spend", DOLLARS, "{S} pays {k} dollars for each {one}")),
    Scene("sells", "sell", _nouns("cookie, muffin, bracelet, poster, pie, basket, flower, smoothie"),
          rate=Rate("earns", "earn", DOLLARS, "{S} earns {k} dollars for each {one}")),
    Scene("has", "have", _nouns("box/boxes, bag, crate, basket"),
          losses=("gives away {n}", "loses {n}"),
          rate=Rate("has", "have", Noun("orange", "oranges"), "each of {S}'s {many} holds {k} oranges")),
    Scene("has", "have", _nouns("pack, tin, case, drawer"),
          rate=Rate("has", "have", Noun("crayon", "crayons"), "each of {S}'s {many} holds {k} crayons")),
    Scene("has", "have", _nouns("album, folder, binder"),
          rate=Rate("has", "have", Noun("photo", "photos"), "each of {S}'s {many} holds {k} photos")),
    Scene("has", "have", _nouns("goat, sheep/sheep, duck, hen, cow, horse, rabbit"),
          losses=("sells {n}", "gives away {n}"), place="Farm"),
    Scene("has", "have", _nouns("classroom, study room, music room"),
          rate=Rate("has", "have", Noun("desk", "desks"), "each {one} at {S} has {k} desks"), place="School"),
    Scene("has", "have", _nouns("shelf/shelves, bookcase, cabinet"),
          rate=Rate("has", "have", Noun("book", "books"), "each {one} at {S} holds {k} books"), place="Library"),
    Scene("has", "have", _nouns("room, cabin, suite"),
          rate=Rate("has", "have", Noun("bed", "beds"), "each {one} at {S} has {k} beds"), place="Lodge"),
    Scene("has", "have", _nouns("rowboat, kayak, canoe, swing, picnic table"),
          losses=("gives away {n}", "sells {n}"), place="Park"),
)  # fmt: skip

PEOPLE = tuple(
    "Mia Noah Ava Ben Liam Emma Owen Zoe Lucas Nora Ethan Ruby Leo Clara Oscar Ivy Jack Lily Max Ella Sam "
    "Anna Tom Sara Paul Jane Omar Aisha Ravi Priya Kenji Yuki Diego Lucia Marco Elena Ivan Olga Hugo Alice "
    "Felix Rosa Adam Eva Carl Lena Victor Maya Simon Julia Peter Laura Daniel Sofia Henry Grace Jacob Chloe "
    "David Hannah Aaron Fatima Hassan Mei Chen Anita Carlos Maria Pedro Ines Erik Ingrid Lars Freya Kofi "
    "Amara Tariq Layla Dmitri Nadia Andre Claire George Helen Martin Diana Robert Emily".split()
)
PLACES = tuple(
    "Oak Maple Pine River Hill Lake Sunny Cedar Willow Meadow Harbor Forest Valley Stone Silver Golden Green "
    "Birch Elm Spring Summit Canyon Prairie Coral Amber Eagle Heron Falcon".split()
)

BELONGINGS = _nouns(
    "kite, hat, puzzle, lamp, drum, scarf/scarves, bicycle, clock, mug, umbrella, teapot, rug"
)
FURNISHINGS = _nouns("lamp, clock, rug, bicycle, ladder, bench/benches, mirror, bucket")
"""Things of people, and of places, that the question is never about."""

SCENERY = (
    ("the walk home", Measure("takes", "take", Noun("minute", "minutes"))),
    ("the bus ride", Measure("takes", "take", Noun("minute", "minutes"))),
    ("the radio show", Measure("lasts", "last", Noun("minute", "minutes"))),
    ("the lunch break", Measure("lasts", "last", Noun("minute", "minutes"))),
    ("the garden fence", Measure("has", "have", Noun("post", "posts"))),
    ("the town hall", Measure("has", "have", Noun("window", "windows"))),
    ("the clock tower", Measure("has", "have", Noun("step", "steps"))),
    ("the train station", Measure("has", "have", Noun("bench", "benches"))),
    ("the parking lot", Measure("has", "have", Noun("space", "spaces"))),
    ("the old bridge", Measure("has", "have", Noun("arch", "arches"))),
)
