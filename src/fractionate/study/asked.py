"""What a study asks, as a suite: the one that it names, or the one that its `[transfer]` section describes.

suite_of(config).title          # "transfer-quick 2"
"""

from fractionate.config import StudyConfig
from fractionate.study.fresh import EVALUATION_STREAM, asked_seed
from fractionate.study.rows import ORDERED, WITH
from fractionate.transfer.suite import CellGroup, FollowUps, Suite, load_suite


def suite_of(config: StudyConfig) -> Suite:
    """The cells of a study.

    Raises:
        InputError: no such suite.
    """
    settings = config.transfer
    if settings.suite is not None:
        suite = load_suite(settings.suite)
    else:
        suite = Suite(
            name=config.name, version=1, cells=tuple(_groups(config)), max_new_tokens=settings.max_new_tokens,
            layers=settings.layers, layer_items=settings.layer_items,
            follow_ups=FollowUps(items=settings.layer_items, interventions=settings.interventions),
        )  # fmt: skip
    return suite if config.data.asked == "development" else suite.redrawn(asked_seed(config))


def looks_behind_answers(config: StudyConfig) -> bool:
    """Whether the teacher's solutions of what is asked are needed."""
    suite = suite_of(config)
    named = (config.training.representation.recipes, suite.layers, suite.follow_ups.interventions)
    return any(named) or any(name.partition(ORDERED)[0].endswith(WITH) for name in config.search.recipes)


def _groups(config: StudyConfig) -> list[CellGroup]:
    settings, items = config.transfer, config.transfer.items
    groups = [CellGroup(family="in_format", items=items)]
    if settings.at_once:
        groups.append(CellGroup(family="at_once", items=items))
    if settings.styles:
        groups.append(CellGroup(family="style", styles=settings.styles, items=items))
    if settings.depths:
        deeper = tuple(_deeper(config, depth) for depth in settings.depths)
        labels = tuple(f"depth {depth}" for depth in settings.depths)
        groups.append(CellGroup(family="difficulty", benchmarks=deeper, labels=labels, items=items))
    if settings.benchmarks:
        groups.append(CellGroup(family="related", benchmarks=settings.benchmarks, items=items))
    if settings.harder:
        groups.append(CellGroup(family="difficulty", benchmarks=settings.harder, items=items))
    return groups


def _deeper(config: StudyConfig, depth: int) -> str:
    """The study's world at another depth, from a series that no training problem comes from."""
    data = config.data
    (fewest, most), (low, high) = data.distractors, data.numbers
    seed = config.data_seed + EVALUATION_STREAM * depth
    return f"world:{data.world}?depth={depth}&distractors={fewest}-{most}&numbers={low}-{high}&seed={seed}"
