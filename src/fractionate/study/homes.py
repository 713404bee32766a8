"""A study's own problems for what looks behind answers: those that are asked, solved by the teacher, and the learned.

    keep_home(folder, material, items)          # held_out.parquet
    home = kept_home(config, folder, learned)   # for fractionate.transfer.evaluate

The teacher's trace of a question goes under the identifier of the problem as it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fractionate.config import StudyConfig
from fractionate.records import Anatomy, Item
from fractionate.storage import read_records, write_records
from fractionate.study.data import Material, question
from fractionate.study.folder import StudyFolder
from fractionate.study.fresh import fresh_problems
from fractionate.transfer import Problem
from fractionate.transfer.home import SOLVED, Home

HELD_OUT = "held_out.parquet"


def home_of_material(config: StudyConfig, material: Material) -> Home:
    """All that was held out."""
    return _home(config, material.held_out, solutions(material), material.anatomies)


def _home(
    config: StudyConfig,
    problems: tuple[Problem, ...],
    solved: Mapping[str, Anatomy],
    learned: Sequence[Anatomy],
) -> Home:
    """A world makes as many solved problems as are to be read; files have those that are asked."""
    seen = frozenset(a.trace.problem for a in learned)
    read = fresh_problems(config, SOLVED, seen) if config.data.world else list(solved.values())[:SOLVED]
    return Home(problems, solved, tuple(read), seen)


def solutions(material: Material) -> dict[str, Anatomy]:
    """The teacher's traces of held-out problems, taken apart, by the problem's identifier."""
    ids = {question(p.history, p.text): p.id for p in material.held_out}
    return {
        ids[place]: replace(a, trace=replace(a.trace, id=ids[place]))
        for a in material.held_out_anatomies
        if (place := question(a.trace.history, a.trace.problem)) in ids
    }


def keep_home(folder: StudyFolder, material: Material, items: Sequence[Item]) -> None:
    """Write what `solved_of` gives; nothing if there are none."""
    if solved := solved_of(material, items):
        write_records(folder.root / HELD_OUT, Anatomy, solved)


def solved_of(material: Material, items: Sequence[Item]) -> list[Anatomy]:
    """The solutions of the problems that are asked in-format, in their order."""
    solved = solutions(material)
    asked = dict.fromkeys(i.pair for i in items if i.family == "in_format")
    return [solved[pair] for pair in asked if pair in solved]


def kept_home(config: StudyConfig, folder: StudyFolder, learned: Sequence[Anatomy]) -> Home:
    """What `keep_home` kept; nothing where the study does not look behind answers."""
    kept = folder.root / HELD_OUT
    if not kept.is_file():
        return Home((), seen=frozenset(a.trace.problem for a in learned))
    solved = {a.trace.id: a for a in read_records(kept, Anatomy)}
    return _home(config, (), solved, learned)
