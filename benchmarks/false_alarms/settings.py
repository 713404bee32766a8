"""What is simulated: the grid of settings.

Setting(items=48, seeds=2, accuracy=0.25, about="one style")
"""

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Setting:
    """What is simulated: questions a family, seeds an arm, accuracy, and the spread between seeds (1 = the usual).

    `beside` are the accuracies, relative to `accuracy`, of further arms of the study.
    """

    items: int
    seeds: int
    accuracy: float
    spread: float = 1.0
    styles: int = 4
    beside: tuple[float, ...] = ()
    about: str = ""


def settings() -> list[Setting]:
    """The grid; seeds that spread not at all or more; one style; arms beside; one seed that is to speak of arms."""
    grid = [
        Setting(n, s, p, float(s > 1))
        for p, s, n in product((0.03, 0.25, 0.5, 0.9), (1, 2, 3, 5), (24, 48, 96, 200))
    ]
    spreads = [
        Setting(96, s, 0.25, spread, about=f"seeds spread {spread:g} ×")
        for s in (2, 3, 5)
        for spread in (0.0, 2.0, 4.0)
    ]
    single = [
        Setting(n, s, 0.25, float(s > 1), styles=1, about="one style") for s in (1, 3) for n in (24, 200)
    ]
    several = [
        Setting(
            n,
            s,
            0.25,
            spread,
            beside=beside,
            about=f"beside {', '.join(f'{b:.0%}' for b in beside)}, spread {spread:g} ×",
        )
        for beside in ((1.0, 1.0, 1.0), (0.2, 0.2, 0.2))
        for s in (2, 3)
        for n in (24, 96, 200)
        for spread in (1.0, 2.0)
    ]
    arms = [Setting(n, 1, 0.25, about="one seed, read as of the arms") for n in (24, 96, 200)]
    return [*grid, *spreads, *single, *several, *arms]
