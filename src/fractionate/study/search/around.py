"""Around the best: what half of a factorial leaves out, tried next to the arm of it that looks best.

    rungs = look_around(config, ground, rungs, folder, console, tell)
    rungs[-1].costs            # of the last rung's candidates and of those that were tried beside it

Half of a factorial has every role as often on as off, but not every combination: whatever differs from one of its arms
in a single role lies in the other half. Next to an arm that looks not worse only what is cheaper can be the answer,
next to one that does not, everything can. It goes on from the best until nothing new lies beside it. Where the
reference has learned next to nothing there is nothing to try.
"""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.choice import Choice, choose
from fractionate.study.search.ground import Ground
from fractionate.study.search.pilot import nothing_learned
from fractionate.study.search.rungs import Announce, Rung, rung_of
from fractionate.study.search.trials import Sizes, Trial


def look_around(
    config: StudyConfig,
    ground: Ground,
    rungs: Sequence[Rung],
    folder: Path,
    console: Console,
    tell: Announce,
) -> list[Rung]:
    """The rungs, the last of them with all that was tried beside it; each takes the learning rate of the best."""
    rungs = list(rungs)
    if config.search.stop_early and nothing_learned(rungs[-1]):
        return rungs
    for number in count(1):
        last = rungs[-1]
        best = best_of(config, ground.candidates, rungs)
        names = beside(ground.candidates, best, list(last.costs))
        if not names:
            return rungs
        tell(f"around {best.name}: {len(names)} more on {last.traces} problems")
        rates = dict(last.rates)
        rates |= {name: rates[best.name] for name in names if best.name in rates}
        trial = Trial.of(
            config, ground, folder / f"{number}-around", names, Sizes(last.traces, config.seeds), rates
        )
        trial.run(console, last.untouched())
        source = {**last.source, **dict.fromkeys(names, trial)}
        rungs[-1] = rung_of(config, ground, last.traces, source, rates)
    raise AssertionError("there are no more combinations than roles allow")


def best_of(config: StudyConfig, candidates: Candidates, rungs: Sequence[Rung]) -> Choice:
    """The arm of the factorial that would be chosen if there were no others."""
    return choose(config, rungs, {arm.recipe for arm in (*candidates.factorial, *candidates.around)})


def beside(candidates: Candidates, best: Choice, tried: Sequence[str]) -> list[str]:
    """Arms not tried yet that differ from the best in one role; only those without one of its roles if it is good."""
    arms = {arm.recipe: arm.on for arm in (*candidates.factorial, *candidates.around)}
    if best.name not in arms:
        return []
    on = arms[best.name]
    near = [arm for arm in candidates.around if arm.recipe not in tried and len(arm.on ^ on) == 1]
    return [arm.recipe for arm in near if not best.sure or arm.on < on]
