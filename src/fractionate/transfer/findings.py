"""What stands behind a student's answers: effects of interventions, layers, likeness to the teacher, general abilities.

    first = first_round(suite, home, seed=0)                  # beside the cells: what layers and abilities ask
    second = second_round(suite, own_answers(answered, 40), home, seed=0)      # made of the student's own answers
    findings = findings_of(suite, answered, after, home, reading)
    findings.layers["coherence"].value                        # Interval(0.71, 0.6, 0.8)

All of it is computed from kept answers and readings, so that it can be computed again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fractionate.records import Item
from fractionate.transfer.general import instruction_items, instruction_outcomes
from fractionate.transfer.general.instructions import CELL as INSTRUCTIONS
from fractionate.transfer.general.outcome import Outcome
from fractionate.transfer.home import Home
from fractionate.transfer.imitation import Imitation, imitation, imitation_rows
from fractionate.transfer.interventions import INTERVENTIONS, Effect
from fractionate.transfer.layers import LAYERS, Evidence, LayerScore
from fractionate.transfer.own import Answered, by_pair
from fractionate.transfer.reading import Reading
from fractionate.transfer.suite import Suite


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of one student beside its scores; `abilities` are outcomes of general questions."""

    effects: tuple[Effect, ...] = ()
    layers: Mapping[str, LayerScore] = field(default_factory=dict)
    imitation: Imitation | None = None
    abilities: tuple[Outcome, ...] = ()


def first_round(suite: Suite, home: Home, seed: int) -> list[Item]:
    """What is asked beside the cells, each item once."""
    solved = list(home.anatomies.values())
    asked = [i for name in suite.layers for i in LAYERS[name].items(solved, seed, suite.layer_items)]
    return [*unique(asked), *(instruction_items() if suite.general else [])]


def second_round(suite: Suite, own: Sequence[Answered], home: Home, seed: int) -> list[Item]:
    """What is asked on top of the student's own answers, each item once."""
    asked = [i for name in suite.follow_ups.interventions for i in INTERVENTIONS[name].items(own, seed)]
    asked += [i for name in suite.layers for i in LAYERS[name].follow_ups(own, home.anatomies, seed)]
    return unique(asked)


def going_on(suite: Suite) -> list[str]:
    """What of a suite makes a student go on from given words: the interventions, and layers."""
    return [*suite.follow_ups.interventions, *(name for name in suite.layers if LAYERS[name].prefills)]


def unique(items: Iterable[Item]) -> list[Item]:
    """Each id once: interventions share their controls."""
    return list({item.id: item for item in items}.values())


def own_answers(answered: Iterable[Answered], limit: int) -> list[Answered]:
    """The free answers to the first in-format questions: what interventions and layers work on."""
    return list(by_pair(a for a in answered if a.item.family == "in_format").values())[:limit]


def findings_of(
    suite: Suite,
    answered: Sequence[Answered],
    after: Sequence[Answered],
    home: Home,
    reading: Reading,
    left_out: Collection[str] = (),
) -> Findings:
    """Everything that the answers to both rounds and the reading say; nothing of the layers and interventions that were
    `left_out`."""
    own = own_answers(answered, suite.follow_ups.items)
    asked = [name for name in suite.follow_ups.interventions if name not in left_out]
    evidence = Evidence(own, [*answered, *after], home.anatomies, reading.inside)
    obeyed = [a.response for a in answered if a.item.cell == INSTRUCTIONS]
    return Findings(
        tuple(e for name in asked for e in INTERVENTIONS[name].effects(own, after)),
        {name: LAYERS[name].score(evidence) for name in suite.layers if name not in left_out},
        _imitation(answered, home, reading, suite.follow_ups.items),
        (*reading.abilities, *(instruction_outcomes(obeyed) if suite.general else ())),
    )


def _imitation(answered: Sequence[Answered], home: Home, reading: Reading, most: int) -> Imitation | None:
    """Likeness on the in-format questions whose teacher's trace is known, without likelihoods where no weights are
    read; None where there is none."""
    asked = [a for a in answered if a.item.family == "in_format"]
    solved = list(home.anatomies.values())[: len(reading.taught) or most]
    unread = (None,) * len(solved)
    rows = imitation_rows(
        solved, [a.item for a in asked], [a.response for a in asked],
        reading.taught or unread, reading.own or unread,
    )  # fmt: skip
    return imitation(rows) if rows else None
