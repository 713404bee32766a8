"""Before candidates climb on: do the references learn anything at all?

    rungs = pilot(config, ground, rungs, folder, console, tell)

Where a student learns next to nothing from the references, whatever learns nothing looks as good, and there is no
decision whatever is trained. So if the first rung has not seen the references gain, they alone are trained on all
problems, and if they gain no more than the margin there either the search has nothing to look for: it goes to the
confirmation with them. Otherwise nothing is lost, for the last rung takes these students over.
"""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.formats import points
from fractionate.study.search.ground import Ground
from fractionate.study.search.halving import Kept
from fractionate.study.search.rungs import Announce, Rung, rung_of
from fractionate.study.search.trials import Sizes, Trial

FOLDER = "references"
"""The trial's name within a search's trials."""


def pilot(
    config: StudyConfig, ground: Ground, rung: Rung, folder: Path, console: Console, tell: Announce
) -> list[Rung]:
    """The first rung; where the search is hopeless with nobody but the references, and then theirs on all problems."""
    if rung.judged.informed or not config.search.stop_early or rung.traces == ground.train:
        return [rung]
    names = [name for name in ground.candidates.references if name in rung.judged.kept.go_on]
    tell(f"nothing to be seen yet: the references alone on {ground.train} problems")
    rates = {name: rate for name, rate in rung.rates.items() if name in names}
    trial = Trial.of(config, ground, folder / FOLDER, names, Sizes(ground.train, config.seeds), rates)
    trial.run(console)
    whole = rung_of(config, ground, ground.train, dict.fromkeys(names, trial), rates)
    if not nothing_learned(whole):
        return [rung]
    why = (
        f"nothing to compare with: {whole.judged.reference} has gained {points(whole.judged.gain)} points from all "
        f"{ground.train} problems"
    )
    left = dict.fromkeys((n for n in rung.judged.kept.go_on if n not in names), why)
    kept = Kept(names, rung.judged.kept.dropped | left)
    return [
        replace(rung, judged=rung.judged._replace(kept=kept)),
        replace(whole, stopped=why if left else ""),
    ]


def nothing_learned(rung: Rung) -> bool:
    """Whether the reference has gained no more than the margin, so that a decision will not be possible."""
    return rung.judged.gain <= rung.judged.margin
