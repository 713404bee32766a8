"""Does a student still do as it is told? Short instructions whose fulfilment a program can check.

    items = instruction_items()                   # to be asked, 96 new tokens at most
    instruction_outcomes(responses)               # [Outcome("instruction", "two-sentences", 1.0), …]

Each instruction also names what to write about, so that no constant answer fulfils many of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from fractionate.records import Item, Response
from fractionate.transfer.general import constraints as c
from fractionate.transfer.general.outcome import FAMILY, Outcome

CELL = "instruction"
MOST_TOKENS = 96


class Instruction(NamedTuple):
    """What is asked, and whether a text does it."""

    name: str
    prompt: str
    obeyed: c.Check


INSTRUCTIONS = (
    Instruction("yes-no", "Is ice cold? Answer with yes or no and nothing else.", c.only("yes", "no")),
    Instruction("one-word", "Name one color. Use a single word.", c.words(1, 1)),
    Instruction("echo", "Repeat this sentence exactly: The lamp is on the table.",
                c.only("The lamp is on the table")),
    Instruction("ten-words", "Describe rain in at most ten words. Use the word rain.",
                c.both(c.mentions("rain"), c.words(at_most=10))),
    Instruction("forty-words", "Write at least forty words about a garden.",
                c.both(c.mentions("garden"), c.words(at_least=40))),
    Instruction("one-sentence", "Write exactly one sentence about a cat.",
                c.both(c.mentions("cat"), c.sentences(1))),
    Instruction("two-sentences", "Write exactly two sentences about the moon.",
                c.both(c.mentions("moon"), c.sentences(2))),
    Instruction("three-sentences", "Write exactly three sentences about bread.",
                c.both(c.mentions("bread"), c.sentences(3))),
    Instruction("two-lines", "Write a poem of exactly two lines about snow. Use the word snow.",
                c.both(c.mentions("snow"), c.lines(2))),
    Instruction("four-lines", "Write a poem of exactly four lines about the sea. Use the word sea.",
                c.both(c.mentions("sea"), c.lines(4))),
    Instruction("two-paragraphs",
                "Write two short paragraphs about a dog, with an empty line between them.",
                c.both(c.mentions("dog"), c.paragraphs(2))),
    Instruction("three-bullets", 'List three fruits. Put each on its own line after a "-".', c.bullets(3)),
    Instruction("four-bullets", 'List four animals. Put each on its own line after a "*".', c.bullets(4)),
    Instruction("numbered-three", "Name three cities as a numbered list.", c.numbered(3)),
    Instruction("numbered-five", "Name five vegetables as a numbered list.", c.numbered(5)),
    Instruction("commas", "Name four sports on one line, with commas between them and nothing else.",
                c.both(c.listed(4), c.words(at_most=10))),
    Instruction("lower-case", "Write a sentence about a river in lowercase letters only.",
                c.both(c.mentions("river"), c.lower())),
    Instruction("upper-case", "Write a sentence about a train IN CAPITAL LETTERS ONLY.",
                c.both(c.mentions("train"), c.upper())),
    Instruction("no-comma", "Write two sentences about a school without any comma.",
                c.both(c.mentions("school"), c.without(","), c.sentences(2))),
    Instruction("no-letter", "Write a short sentence about a dog without the letter z. Use the word dog.",
                c.both(c.mentions("dog"), c.without("z"), c.words(at_most=20))),
    Instruction("no-digits", "How old can a tree be? Answer in words, without any digit. Use the word years.",
                c.both(c.mentions("years"), c.without(*"0123456789"))),
    Instruction("exclamation", "Write one sentence about winning a race. End it with an exclamation mark.",
                c.both(c.mentions("race"), c.ends("!"))),
    Instruction("question", "Ask me one question about music. Write the question only.",
                c.both(c.mentions("music"), c.ends("?"), c.words(at_most=25))),
    Instruction("begin", 'Tell me about honey. Begin with the words "In short".',
                c.both(c.mentions("honey"), c.begins("In short"))),
    Instruction("end", 'Say thank you to a friend. End with the words "See you soon."',
                c.both(c.mentions("thank"), c.ends("See you soon."))),
    Instruction("quoted", "Write one sentence about a king, all of it in double quotation marks.",
                c.both(c.mentions("king"), c.begins('"'), c.ends('"'))),
    Instruction("title", "Give a title for a story about a ghost. Put it between << and >>.",
                c.both(c.mentions("ghost"), c.has("<<"), c.has(">>"))),
    Instruction("bold", "Write a sentence about fire. Put the word fire between two asterisks, like **fire**.",
                c.has("**fire**")),
    Instruction("placeholder", "Write an invitation to a party with the name left open as [name].",
                c.both(c.mentions("party"), c.has("[name]"))),
    Instruction("keywords", "Write a sentence with the words apple, knife and table.",
                c.both(c.mentions("apple", "knife", "table"), c.words(at_most=40))),
    Instruction("twice", "Write a sentence that uses the word blue exactly twice.",
                c.both(c.times("blue", 2), c.words(5, 40))),
    Instruction("repeat", "Write the word banana three times and nothing else.",
                c.both(c.times("banana", 3), c.words(3, 3))),
    Instruction("count", "Count from one to five in words.",
                c.both(c.mentions("one", "two", "three", "four", "five"), c.words(5, 12))),
    Instruction("alphabet", "Write the words pear, apple and fig in the order of the alphabet, nothing else.",
                c.both(c.mentions("pear", "apple", "fig"), c.words(3, 3), c.rising())),
    Instruction("json-object", 'Describe a car as a JSON object with the keys "color" and "price". '
                "Write the JSON only.", c.json_object(("color", "price"))),
    Instruction("json-list", "Give three names of days as a JSON list of strings. Write the JSON only.",
                c.json_list(3)),
)  # fmt: skip


def instruction_items() -> list[Item]:
    """The instructions, to be asked of a student."""
    return [
        Item(f"{CELL}/{i.name}", CELL, FAMILY, i.prompt, "", cluster=i.name, pair=i.name,
             max_new_tokens=MOST_TOKENS)
        for i in INSTRUCTIONS
    ]  # fmt: skip


def instruction_outcomes(responses: Sequence[Response]) -> list[Outcome]:
    """1 where the response does what was asked, 0 where not; other responses are passed over."""
    known = {f"{CELL}/{i.name}": i for i in INSTRUCTIONS}
    return [
        Outcome("instruction", known[r.item].name, float(known[r.item].obeyed(r.text)))
        for r in responses
        if r.item in known
    ]
