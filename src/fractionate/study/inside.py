"""What students know inside: the hidden states of every arm are asked for the next results, after training.

    probe = probe_of(config, model, folder, arms)          # the examples that all arms are read on
    probe_arm(config, arm, folder.arm(arm.id), probe)      # arms/<arm id>/readout.json

Heads are fitted to examples of the training problems and asked on the held-out problems of the in-format cells, at the
layer and the places of `training.representation`; the examples are those of the first recipe that it names, the same
for every arm. Without that section nothing is read and nothing is kept.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fractionate.config import BASE, StudyConfig
from fractionate.models import Model, load_model, release_memory
from fractionate.records import Anatomy, Item
from fractionate.storage import from_json, read_records, to_json, write_text
from fractionate.study.compile import Arm, context_of
from fractionate.study.data import question
from fractionate.study.folder import StudyFolder
from fractionate.study.homes import HELD_OUT
from fractionate.study.rows import WITH, build_rows
from fractionate.supervision import Example
from fractionate.training.probe import ReadOut, read_out

READ_OUT = "readout.json"
MOST_TAUGHT = 2000
"""Examples that heads are fitted to: enough for heads so small, and reading stays short beside training."""
WHERE = {"problem": "at the end of the prompt", "steps": "before each step"}


class Probe(NamedTuple):
    """Examples with targets: those that heads are fitted to, those that they are asked on; and sentences on them."""

    taught: list[Example]
    held_out: list[Example]
    facts: list[str]

    @property
    def tokens(self) -> int:
        """What goes through each student."""
        return sum(len(e.ids) for e in (*self.taught, *self.held_out))


NOTHING = Probe([], [], [])


def clusters_of(items: Sequence[Item]) -> dict[tuple[object, ...], str]:
    """The cluster of each problem that is asked in-format."""
    return {question(i.history, i.prompt): i.cluster for i in items if i.family == "in_format"}


def probe_of(config: StudyConfig, model: Model, folder: StudyFolder, arms: Sequence[Arm]) -> Probe:
    """What every arm is read on; nothing where no recipe has the objective, or no next result can be said."""
    named, kept = config.training.representation.recipes, folder.root / HELD_OUT
    if not named:
        return NOTHING
    name = named[0] + WITH
    rows = build_rows(
        config, name, config.seeds[0], model, read_records(kept, Anatomy) if kept.is_file() else []
    )
    limit = context_of(config, model)
    lessons = next(arm.examples for arm in arms if arm.recipe == name)[:MOST_TAUGHT]
    taught = _with_targets([lesson.at(1.0) for lesson in lessons])
    held_out = _with_targets([r.lesson.at(1.0) for r in rows if r is not None and r.longest <= limit])
    if not (taught and held_out):
        return NOTHING._replace(
            facts=[
                "what students know inside is not read: no next result of the training problems, or none of the "
                f"held-out ones for which {named[0]} has something, is a whole number of a few digits"
            ]
        )
    return Probe(taught, held_out, [_told(config, named[0], taught, held_out)])


def _with_targets(examples: Sequence[Example]) -> list[Example]:
    return [e for e in examples if e.targets]


def _told(config: StudyConfig, recipe: str, taught: Sequence[Example], held_out: Sequence[Example]) -> str:
    objective = config.training.representation
    fitted, asked = (sum(len(e.targets) for e in examples) for examples in (taught, held_out))
    return (
        f"next results are read from every arm's hidden states at {objective.layer:.0%} of the depth, "
        f"{WHERE[objective.at]} of the examples of {recipe}: heads fitted to {fitted} values of {len(taught)} training "
        f"problems, asked for {asked} values of {len(held_out)} problems of the in-format cells"
    )


def probe_arm(config: StudyConfig, arm: Arm, folder: Path, probe: Probe) -> ReadOut:
    """Read out the arm's student; what an earlier run has read stands."""
    path = folder / READ_OUT
    if path.is_file():
        return from_json(ReadOut, path.read_bytes())
    name = config.student.model if arm.recipe == BASE else str(folder / "checkpoint")
    model = load_model(name, seed=arm.seed)
    found = read_out(model, probe.taught, probe.held_out, config.training.representation.layer)
    del model
    release_memory()
    write_text(path, to_json(found))
    return found
