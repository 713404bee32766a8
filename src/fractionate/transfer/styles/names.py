"""Names replaced by others: the same person has the same new name throughout, of the same list.

prompted("renamed", problem, seed=0).text   # "Felix has 3 boxes of 4 pens. How many pens does Felix have?"

A name stays where exchanging it could change the problem: where the answer or an earlier turn names it, where it is
part of a longer name ("Tom Brown", "San Diego") or of another one ("Sam", "Samantha"), and in problems about letters
and spelling. Names that are common words too ("May", "Will", "Penny") are not taken for names.
"""

import re
from collections.abc import Sequence
from random import Random

from fractionate.transfer.benchmarks import Problem
from fractionate.transfer.styles.base import STYLES, Prompted
from fractionate.worlds.scenes import PLACES, SCENES

FEMALE = tuple(
    "Aisha Alice Alicia Alina Alyssa Amanda Amara Amelia Amina Amy Ana Andrea Angela Anita Ann Anna Anne "
    "Annie Ashley Audrey Ava Barbara Beatrice Becky Bella Beth Betty Bianca Brenda Brianna Bridget Brittany "
    "Camila Carla Carly Carmen Carol Caroline Carrie Cassie Catherine Chloe Christina Christine Cindy "
    "Claire Clara Connie Courtney Cynthia Daniela Darla Debby Deborah Debra Denise Diana Diane Donna Dora "
    "Doris Dorothy Edith Elaine Eleanor Elena Elise Eliza Elizabeth Ella Ellen Elsa Emily Emma Erica Erin "
    "Esther Eva Evelyn Fatima Faye Fiona Freya Gabriela Gina Gloria Grace Greta Gretchen Gwen Haley Hannah "
    "Hazel Heather Heidi Helen Helena Ines Ingrid Irene Isabel Isabella Ivy Jana Jane Janet Janice Jasmine "
    "Jean Jen Jenna Jennifer Jenny Jessica Jill Joan Joanna Joanne Josie Joyce Judith Judy Julia Julie "
    "Karen Karla Kate Katherine Kathy Katie Katrina Kayla Kelly Kendra Kiara Kim Kimberly Kristin Kylie "
    "Lana Laura Lauren Layla Leah Lena Lexie Lila Lillian Lily Linda Lisa Liz Lizzie Lola Lori Lorraine "
    "Louise Lucia Lucy Lydia Madeline Maggie Mandy Marcy Margaret Maria Marie Marina Marissa Martha Mary "
    "Matilda Maya Meg Megan Mei Melanie Melissa Mia Michelle Mila Millie Miranda Molly Monica Nadia Nancy "
    "Naomi Natalia Natalie Nell Nicole Nina Nora Octavia Olga Olivia Paige Pamela Patricia Paula Penelope "
    "Phoebe Polly Priya Rachel Rafaela Rani Rebecca Rita Robyn Rosa Rosie Ruby Ruth Sabrina Sally Samantha "
    "Sandra Sara Sarah Serena Shannon Sharon Sheila Shelly Silvia Sofia Sonia Sophia Sophie Stella "
    "Stephanie Sue Susan Suzanne Tamara Tanya Tara Tasha Teresa Tiffany Tina Tracy Valerie Vanessa Vera "
    "Veronica Wendy Yolanda Yuki Yvonne Zoe".split()
)
MALE = tuple(
    "Aaron Adam Ahmed Alan Albert Alec Alejandro Alexander Alfred Ali Allan Allen Andre Andrew Andy Anthony "
    "Antonio Arnold Arthur Ben Benjamin Bernard Billy Bob Bobby Boris Brad Bradley Brady Brandon Brian "
    "Bruce Bryan Caleb Calvin Carl Carlos Charles Chen Christopher Chuck Clarence Cody Colby Connor Craig "
    "Dan Daniel Danny Darren Dave David Dennis Derek Diego Dmitri Donald Doug Douglas Duncan Dylan Ed Eddie "
    "Edgar Edward Edwin Eli Elijah Elliot Eric Erik Ernest Ethan Eugene Evan Ezra Felix Fernando Finn "
    "Francis Frank Fred Frederick Gabriel Gary Geoffrey George Gerald Gilbert Glenn Gordon Greg Gregory "
    "Hank Harold Harry Harvey Hassan Hector Henry Herbert Howard Hugo Ian Isaac Ivan Jack Jacob Jake Jamal "
    "James Jared Jason Jasper Jeff Jeffrey Jeremy Jerome Jerry Jim Jimmy Joe Joel Joey John Johnny Jonathan "
    "Jose Joseph Josh Joshua Juan Julian Justin Kaleb Keith Ken Kenji Kenneth Kevin Kofi Kyle Larry Lars "
    "Lawrence Leo Leon Leonard Leroy Liam Louis Lucas Luis Luke Malcolm Marco Marcus Mario Martin Marvin "
    "Mason Matt Matthew Max Michael Miguel Mike Mohammed Nate Nathan Ned Neil Nicholas Nick Noah Norman "
    "Oliver Omar Oscar Owen Paco Patrick Paul Pedro Pete Peter Phil Philip Phillip Rafael Ralph Ramon Randy "
    "Ravi Ray Raymond Ricardo Richard Rick Ricky Rob Robert Roberto Rodney Roger Ron Ronald Ross Roy "
    "Russell Ryan Samuel Scott Sean Sebastian Seth Simon Stan Stanley Stephen Steve Steven Stuart Tariq Ted "
    "Terrence Theo Theodore Thomas Tim Timothy Todd Tom Tommy Tony Travis Trent Trevor Troy Tyler Tyrone "
    "Vernon Victor Vincent Wade Walter Warren Wayne Wesley William Zach Zachary Zack".split()
)
EITHER = tuple(
    "Alex Bailey Casey Charlie Chris Jamie Jesse Jordan Morgan Pat Riley Robin Sam Taylor Terry".split()
)
"""Names of any gender, exchanged for each other."""

_LISTS = (FEMALE, MALE, EITHER)
_LIST_OF = {name: names for names in _LISTS for name in names}
_SITES = "|".join(sorted({scene.place for scene in SCENES if scene.place}))
_PROPER = re.compile(r"(?<![\w-])[A-Z][a-z]+(?![\w-])")
_LONGER = re.compile(r"(?:\b(?:Mrs?|Ms|Dr|Prof)\.\s|\b[A-Z][a-z]+\s)[A-Z][a-z]+\b(?:\s[A-Z][a-z]+\b)*")
_SITE = re.compile(rf"\b([A-Z][a-z]+) (?:{_SITES})\b")
_ABOUT_WORDS = re.compile(
    r"(?i)\b(?:the letters?|letters? (?:in|of)|alphabet\w*|initials?|vowels?|consonants?|syllables?|spell\w*"
    r"|anagram|palindrom\w*|acronym)\b"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_OPENERS = frozenset(
    "If When While After Before Then Since Because Once And But So Did Does Do Is Are Was Were Has Have Had Can Could "
    "Will Would Should Suppose Today Yesterday Later Given Let Find Every Each For With Both How Question Problem "
    "Finally Next First Now Initially Meanwhile Although However Assuming Unlike Like Between Of To From In At On By "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
"""Capitalized words that may stand before a name without being part of it."""


@STYLES.register("renamed")
def renamed(problem: Problem, rng: Random, aside: Sequence[Problem]) -> Prompted:
    """Every person's name, and the names of the ledger's places, replaced."""
    text = problem.text
    if _ABOUT_WORDS.search(text):
        return Prompted(text, problem.history)
    said_elsewhere = " ".join([problem.gold, *(turn.content for turn in problem.history)])
    new = _new_names(text, said_elsewhere, rng)
    return Prompted(_PROPER.sub(lambda found: new.get(found[0], found[0]), text), problem.history)


def _new_names(text: str, said_elsewhere: str, rng: Random) -> dict[str, str]:
    said = f"{text} {said_elsewhere}".lower()
    words = set(_WORD.findall(said))
    free = {names: [n for n in names if _is_new(n.lower(), said, words)] for names in (*_LISTS, PLACES)}
    new: dict[str, str] = {}
    for old, names in _replaceable(text, said_elsewhere).items():
        if free[names]:
            new[old] = free[names].pop(rng.randrange(len(free[names])))
    return new


def _is_new(name: str, said: str, words: set[str]) -> bool:
    """Whether neither the name is part of a word of the text, nor a word of the text its beginning."""
    return name not in said and not any(name[:end] in words for end in range(3, len(name)))


def _replaceable(text: str, said_elsewhere: str) -> dict[str, tuple[str, ...]]:
    """Each name of the text that can be exchanged, with the list from which to take another."""
    sites = set(_SITE.findall(text)) & set(PLACES)
    parts = {word for longer in _LONGER.findall(text) for word in _of_longer(longer)} - sites
    words = set(_PROPER.findall(text))
    found = {name: PLACES if name in sites else _LIST_OF.get(name) for name in _PROPER.findall(text)}
    return {
        name: names
        for name, names in found.items()
        if names and name not in parts and name not in said_elsewhere
        if not any(w != name and (w.startswith(name) or name.startswith(w)) for w in words & _LIST_OF.keys())
    }


def _of_longer(longer: str) -> list[str]:
    """The words of a longer name; none where the capitals only meet ("If Tom", "Did Mia")."""
    words = [w for w in longer.replace(".", " ").split() if w not in _OPENERS]
    return words if len(words) > 1 else []
