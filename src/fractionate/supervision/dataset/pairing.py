"""What a dataset is made of: recipes, which make one supervision of a trace, and makers of preference pairs.

maker("keep?r=0.25", seed=0)                  # anatomy → (supervision,)
maker("contrast?plant=value", seed=0)         # anatomy → (chosen, rejected)
"""

from collections.abc import Callable

from fractionate.errors import InputError
from fractionate.records import Anatomy, Supervision
from fractionate.registry import Registry
from fractionate.supervision.base import recipe
from fractionate.supervision.course import is_schedule
from fractionate.supervision.options import called
from fractionate.supervision.pairs import contrast

Maker = Callable[[Anatomy], tuple[Supervision, ...]]
"""From a trace to what makes one row. Raises `NotApplicable` where the trace has nothing for it."""

PAIRS: Registry[Callable[..., Maker]] = Registry("pair")
"""Makers of preference pairs by name; each takes a seed, and options by keyword."""


def maker(name: str, seed: int) -> Maker:
    """The recipe, or the maker of pairs, of that name with its options.

    Raises:
        InputError: there is none.
    """
    if name.partition("?")[0] in PAIRS:
        return called(PAIRS, name, seed)
    if is_schedule(name):
        raise InputError(
            f"{name!r} is a schedule, which changes what is shown during training; compile a recipe"
        )
    build = recipe(name, seed)
    return lambda anatomy: (build(anatomy),)


@PAIRS.register("contrast")
def contrasts(seed: int = 0, plant: str = "", of: str = "full") -> Maker:
    """Pairs that part at the first wrong step, the trace's own or a planted one."""
    return lambda anatomy: contrast(anatomy, plant, of, seed)
