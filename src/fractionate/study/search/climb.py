"""The climb: all candidates on few problems, those that are left on more.

rungs = climb(config, ground, folder, console, tell)
rungs[-1].judged.standings       # of the last candidates, on all problems
"""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.study.search.ground import Ground
from fractionate.study.search.pilot import FOLDER, pilot
from fractionate.study.search.rungs import Announce, Rung, rung_of, sizes_of, tuned
from fractionate.study.search.trials import Sizes, Trial


def climb(config: StudyConfig, ground: Ground, folder: Path, console: Console, tell: Announce) -> list[Rung]:
    """All rungs, the last on all problems; trials that are done are read, not run again."""
    first, *others = sizes_of(config, ground.train)
    names = list(ground.candidates.names)
    tell(f"rung 1 of {1 + len(others)}: {len(names)} candidates on {first} problems")
    size = Sizes(first, config.seeds, _asked(config, first, ground))
    source, rates = tuned(config, ground, folder, names, size, console)
    rungs = pilot(config, ground, rung_of(config, ground, first, source, rates), folder, console, tell)
    if len(rungs) > 1:
        return rungs
    ground = replace(ground, known=(*ground.known, folder / FOLDER))
    for number, traces in enumerate(others, 2):
        names = rungs[-1].judged.kept.go_on
        tell(f"rung {number} of {1 + len(others)}: {len(names)} candidates on {traces} problems")
        size = Sizes(traces, config.seeds, _asked(config, traces, ground))
        trial = Trial.of(config, ground, folder / f"{number}-rung", names, size, rates)
        trial.run(console, rungs[-1].untouched())
        own = {name: rates[name] for name in names if name in rates}
        rungs.append(rung_of(config, ground, traces, dict.fromkeys(names, trial), own))
    return rungs


def _asked(config: StudyConfig, traces: int, ground: Ground) -> float:
    """The share of the questions that a rung of so many problems is asked."""
    return max(traces / ground.train, config.search.least_questions)
