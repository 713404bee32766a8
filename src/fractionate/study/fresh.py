"""Problems of a study's world: those that are learned, and others of any depth that were never seen.

learned = taught_problems(config)
deeper = fresh_problems(config, (4, 4), seen={a.trace.problem for a in learned})
problems_of(deeper)[0].cluster             # each problem is a cluster of its own
"""

from collections.abc import Iterable

from fractionate.config import DataConfig, StudyConfig
from fractionate.records import Anatomy
from fractionate.transfer import Problem
from fractionate.worlds import WORLDS, Dials

TAUGHT = 240
"""Problems that are learned where the study does not say."""
EVALUATION_STREAM = 1_000_003
"""Added to the seed for the evaluation problems, so that they differ from the training problems."""


def taught_problems(config: StudyConfig) -> list[Anatomy]:
    """The training problems, with their exact anatomy."""
    return list(_sample(config, config.data.train or TAUGHT, config.seeds[0], config.data.depth))


def fresh_problems(config: StudyConfig, depth: tuple[int, int], seen: set[str]) -> list[Anatomy]:
    """Problems at some depths, none of them seen in training; one for each item of a cell."""
    wanted = config.transfer.items
    fresh = _sample(config, 2 * wanted, config.seeds[0] + EVALUATION_STREAM * depth[1], depth)
    return [a for a in fresh if a.trace.problem not in seen][:wanted]


def problems_of(anatomies: Iterable[Anatomy]) -> list[Problem]:
    """As they are asked."""
    traces = [a.trace for a in anatomies]
    return [Problem(t.id, t.problem, t.gold or "", cluster=t.id) for t in traces]


def _sample(config: StudyConfig, count: int, seed: int, depth: tuple[int, int]) -> Iterable[Anatomy]:
    assert config.data.world is not None, "only a world makes problems"
    return WORLDS[config.data.world].sample(count, seed=seed, dials=_dials(config.data, depth))


def _dials(data: DataConfig, depth: tuple[int, int]) -> Dials:
    return Dials(
        depth=depth,
        distractors=data.distractors,
        verbosity=data.verbosity,
        mistakes=data.mistakes,
        numbers=data.numbers,
    )
