"""Confirming what was chosen: students with fresh seeds, beside the reference, then what is cheaper still.

    confirmed = Confirming(config, ground, "full", rates, folder, console, tell).run([Choice("compact", 160, True)])
    confirmed.decision.outcome            # "smaller"

There is one test, of the recipe that was chosen against the reference, so that its 5% stand. With
`search.confirm_cheaper` others follow that are cheaper still, in an order that was fixed before and each only if the
one before held: so the 5% stand for all of them together (W. Maurer, L. Hothorn, W. Lehmacher, "Multiple comparisons in
drug clinical trials and preclinical assays: a-priori ordered hypotheses", 1995).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.study.search.bounds import seeded
from fractionate.study.search.choice import Choice
from fractionate.study.search.confirm import Asked, Confirmed, decided, fresh_seeds
from fractionate.study.search.ground import Ground
from fractionate.study.search.rungs import Announce, cost_of
from fractionate.study.search.trials import Sizes, Trial
from fractionate.transfer.statistics import Comparison, compare_arms


@dataclass(frozen=True)
class Confirming:
    """The work of a confirmation: students with fresh seeds, in trials beneath `folder`."""

    config: StudyConfig
    ground: Ground
    reference: str
    rates: Mapping[str, float]
    folder: Path
    console: Console
    tell: Announce

    def run(self, choices: Sequence[Choice]) -> Confirmed:
        """The first choice beside the reference, then the others, each if the one before held."""
        first, problems = choices[0], self.ground.train
        self.tell(
            f"confirmation: {first.name} on {first.traces} problems, {self.reference} on {problems}; "
            f"{self.config.search.confirm_seeds} fresh seeds"
        )
        together = first.traces == problems
        names = dict.fromkeys([self.reference, *([first.name] if together else [])])
        whole = self._trial("confirm", list(names), problems)
        own = whole if together else self._trial("confirm-fewer", [first.name], first.traces, whole)
        found = self._decided(first, own, whole)
        for number, choice in enumerate(choices[1:], 1):
            if found.decision.outcome != "smaller":
                break
            self.tell(f"cheaper still: {choice.name} on {choice.traces} problems")
            own = self._trial(f"confirm-cheaper-{number}", [choice.name], choice.traces, whole)
            tried = self._decided(choice, own, whole)
            if tried.decision.outcome != "smaller" or self._spent(tried) >= self._spent(found):
                found = replace(found, failed=tried)
                break
            found = replace(tried, before=(*found.before, found))
        if not self.config.search.equal_compute or found.decision.outcome != "smaller":
            return found
        return replace(found, equal_compute=self._equal(found, whole))

    def _decided(self, choice: Choice, own: Trial, whole: Trial) -> Confirmed:
        fewer = choice.traces < self.ground.train
        label = f"{choice.name}, {choice.traces} problems" if fewer else choice.name
        asked = Asked(choice.name, own, label, self.reference, whole)
        return decided(self.config, self.ground, asked, choice.traces)

    def _spent(self, confirmed: Confirmed) -> float:
        """What a recipe takes of the cost that is to be small, now that its answers are known."""
        return cost_of(confirmed.costs[confirmed.label], self.config.search.cost)

    def _trial(
        self,
        place: str,
        names: Sequence[str],
        traces: int,
        whole: Trial | None = None,
        epochs: float | None = None,
    ) -> Trial:
        """Run; the untouched student's answers are those of `whole`."""
        sizes = Sizes(traces, fresh_seeds(self.config))
        trial = Trial.of(
            self.config,
            self.ground,
            self.folder / place,
            names,
            sizes,
            self.rates,
            confirming=True,
            epochs=epochs,
        )
        trial.run(self.console, whole.untouched() if whole is not None else None)
        return trial

    def _equal(self, found: Confirmed, whole: Trial) -> Comparison:
        """The chosen recipe trained with as many FLOPs as the reference, by more epochs, against it."""
        self.tell(f"the same for equal training FLOPs: {found.label} with more epochs")
        asked, costs = found.asked, found.costs
        times = costs[asked.reference].training_flops / costs[asked.label].training_flops
        epochs = round(self.config.training.epochs * times, 2)
        trial = self._trial("confirm-equal-compute", [asked.chosen], found.traces, whole, epochs)
        longer = Asked(asked.chosen, trial, asked.label, asked.reference, whole)
        margin = found.decision.margin
        return seeded(compare_arms(longer.scores(), asked.reference, margin=margin)[asked.label])
