"""A study's own problems for what looks behind answers: those that are asked, solved by the teacher, and the learned.

    keep_home(folder, material, items)          # held_out.parquet
    home = kept_home(folder)                    # for fractionate.transfer.evaluate

The teacher's trace of a question goes under the identifier of the problem as it is asked.
"""

from collections.abc import Sequence
from dataclasses import replace

from fractionate.records import Anatomy, Item
from fractionate.storage import read_records, write_records
from fractionate.study.data import Material, question
from fractionate.study.folder import StudyFolder
from fractionate.transfer.home import Home

HELD_OUT = "held_out.parquet"


def home_of_material(material: Material) -> Home:
    """All that was held out."""
    solved, taught = solutions(material), material.anatomies
    return Home(material.held_out, solved, taught, frozenset(a.trace.problem for a in taught))


def solutions(material: Material) -> dict[str, Anatomy]:
    """The teacher's traces of held-out problems, taken apart, by the problem's identifier."""
    ids = {question(p.history, p.text): p.id for p in material.held_out}
    return {
        ids[place]: replace(a, trace=replace(a.trace, id=ids[place]))
        for a in material.held_out_anatomies
        if (place := question(a.trace.history, a.trace.problem)) in ids
    }


def keep_home(folder: StudyFolder, material: Material, items: Sequence[Item]) -> None:
    """Write the solutions of the problems that are asked in-format, in their order; nothing if there are none."""
    asked = dict.fromkeys(i.pair for i in items if i.family == "in_format")
    solved = solutions(material)
    if solved:
        write_records(folder.root / HELD_OUT, Anatomy, [solved[pair] for pair in asked if pair in solved])


def kept_home(folder: StudyFolder, taught: Sequence[Anatomy]) -> Home:
    """What `keep_home` kept, beside the problems that are learned."""
    kept = folder.root / HELD_OUT
    solved = read_records(kept, Anatomy) if kept.is_file() else []
    return Home(
        (), {a.trace.id: a for a in solved}, tuple(taught), frozenset(a.trace.problem for a in taught)
    )
