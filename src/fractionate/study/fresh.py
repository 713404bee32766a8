"""Problems of a study's world: those that are learned, and others like them that were never seen.

learned = taught_problems(config)
fresh = fresh_problems(config, 48, seen={a.trace.problem for a in learned})
"""

from collections.abc import Collection

from fractionate.config import DataConfig, StudyConfig
from fractionate.records import Anatomy
from fractionate.transfer.suite import SPARE
from fractionate.worlds import WORLDS, Dials

TAUGHT = 240
"""Problems that are learned where the study does not say."""
EVALUATION_STREAM = 1_000_003
"""Added to the seed for the evaluation problems, so that they differ from the training problems."""
CONFIRMATION_STREAM = 500_009
"""Added where students are asked to confirm, so many times as `search.confirm_draw` says."""


def asked_seed(config: StudyConfig) -> int:
    """What draws the questions: others where a result is to be confirmed."""
    draw = config.search.confirm_draw if config.data.asked == "confirmation" else 0
    return config.data_seed + draw * CONFIRMATION_STREAM


def taught_problems(config: StudyConfig) -> list[Anatomy]:
    """The training problems, with their exact anatomy."""
    return _sample(config, config.data.train or TAUGHT, config.data_seed, config.data.depth)


def fresh_problems(config: StudyConfig, wanted: int, seen: Collection[str]) -> list[Anatomy]:
    """Problems of the trained depths, none of them seen in training."""
    depth = config.data.depth
    fresh = _sample(config, SPARE * wanted, asked_seed(config) + EVALUATION_STREAM * depth[1], depth)
    return [a for a in fresh if a.trace.problem not in seen][:wanted]


def _sample(config: StudyConfig, count: int, seed: int, depth: tuple[int, int]) -> list[Anatomy]:
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
