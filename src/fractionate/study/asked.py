"""What a study asks, as a suite: the one that it names, or the one that its `[transfer]` section describes.

suite_of(config).title          # "transfer-quick 1"
"""

from fractionate.config import StudyConfig
from fractionate.study.fresh import EVALUATION_STREAM
from fractionate.transfer.suite import CellGroup, Suite, load_suite


def suite_of(config: StudyConfig) -> Suite:
    """The cells of a study.

    Raises:
        InputError: no such suite.
    """
    if config.transfer.suite is not None:
        return load_suite(config.transfer.suite)
    return Suite(
        name=config.name,
        version=1,
        cells=tuple(_groups(config)),
        max_new_tokens=config.transfer.max_new_tokens,
    )


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
    seed = config.seeds[0] + EVALUATION_STREAM * depth
    return f"world:{data.world}?depth={depth}&distractors={fewest}-{most}&numbers={low}-{high}&seed={seed}"
