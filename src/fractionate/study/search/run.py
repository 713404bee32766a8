"""Search: the cheapest supervision that is not worse than the reference, found on few problems and confirmed.

    found = Search.from_toml("study.toml", out="runs/mine").run()
    found.decision.recipe                    # "decision_points"

    runs/mine/trials/1-rung …                # each a study of its own, with its page
    runs/mine/decision.json, report.html     # what was found
    runs/mine/student/, dataset/             # ready to use

Candidates go through rungs of more and more problems; the cheapest of those that look not worse is trained again with
fresh seeds beside the reference and asked questions that nobody has looked at. Every trial is a study that goes on
where it was killed, and what follows depends on finished trials alone: a search killed at any moment ends the same.
"""

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from rich.console import Console

from fractionate.config import StudyConfig, load_config, parse_config, to_toml
from fractionate.errors import InputError
from fractionate.storage import write_json, write_text
from fractionate.study.folder import LOCK, begins, hold
from fractionate.study.progress import clock
from fractionate.study.search.adapting import rise, take_up
from fractionate.study.search.around import look_around
from fractionate.study.search.attribution import attributions, largest_whole
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.choice import cheaper_still, choose
from fractionate.study.search.climb import climb
from fractionate.study.search.confirm import Confirmed, fresh_seeds, promise
from fractionate.study.search.confirming import Confirming
from fractionate.study.search.ground import Ground, prepare
from fractionate.study.search.outcome import SearchDecision, conclude
from fractionate.study.search.outline import outline_of
from fractionate.study.search.pace import calibrate
from fractionate.study.search.plan import SearchPlan, fit, shrinkage
from fractionate.study.search.questions import asked_before
from fractionate.study.search.rungs import Rung
from fractionate.transfer.adaptability import Adaptability
from fractionate.transfer.statistics import plan_of

SMALLER = "fitted.toml"
"""The study file as the search runs it: smaller than the user's where a budget asked for that."""
CLAIM, CLAIMED = "study.toml", "# budget: "
"""The user's file as the search keeps it, and how its first line begins."""
BEFORE = "asked_before.json"
"""Sentences on other searches that have asked the same to confirm."""
BEGINNINGS = {LOCK, SMALLER, CLAIM, "plan.json"}
"""What a run leaves that ended before it had gathered anything: a mended study file may take such a folder over."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search and its folder; `known` are folders of finished work: students that are the same there are not trained
    again.
    """

    config: StudyConfig
    root: Path
    known: tuple[Path, ...] = ()

    @classmethod
    def described(cls, path: str | Path) -> "Search":
        """The search that a study file describes, nowhere yet.

        Raises:
            InputError: the file is not usable.
        """
        config = load_config(Path(path))
        if config.arms.budget != "examples":
            raise InputError(
                f"{path}: a search holds the problems and the epochs equal; leave out arms.budget, and see "
                "search.equal_compute"
            )
        if config.training.learning_rates:
            raise InputError(
                f"{path}: a search tunes learning rates itself; leave out training.learning_rates, and see search.rates"
            )
        return cls(config, Path())

    @classmethod
    def from_toml(
        cls,
        path: str | Path,
        out: str | Path | None = None,
        budget: float | None = None,
        console: Console | None = None,
    ) -> "Search":
        """The search that a study file describes, or as much of it as fits into a budget of seconds.

        A folder that has begun stays with what it began with, whatever the machine is doing now.

        Raises:
            InputError: the file is not usable, the budget is too small, or the folder holds another search.
        """
        config = cls.described(path).config
        root = Path(out) if out is not None else Path("runs") / f"{config.name}-search"
        text, kept = Path(path).read_text(encoding="utf-8"), root / CLAIM
        begun = f"{CLAIMED}{budget} s\n{text}"
        if kept.is_file() and _same(kept.read_text(encoding="utf-8"), begun):
            hold(root)
            return cls(load_config(root / SMALLER), root)
        _check_free(root)
        hold(root)
        job = cls(config, root)
        if budget is not None:
            job, plan = job.planned(console or Console(stderr=True), budget)
            write_json(root / "plan.json", plan.as_dict())
        write_text(root / SMALLER, to_toml(job.config))
        write_text(kept, begun)
        return job

    def run(self, console: Console | None = None) -> SearchDecision:
        """Do what is left of the search; progress goes to `console` (default: standard error)."""
        console = console or Console(stderr=True)
        ground = prepare(self.config, self.root / "ground", console)
        ground = replace(ground, known=self.known, facts=(*self.fitted(), *ground.facts))
        begun, budget = monotonic(), self.budget

        def tell(what: str) -> None:
            used = f"; this run has taken {clock(monotonic() - begun)} of {clock(budget)}" if budget else ""
            console.rule(what + used, align="left")

        for fact in (*ground.facts, self._promise(ground)):
            console.print(fact, highlight=False)
        trials = self.root / "trials"
        rungs = climb(self.config, ground, trials, console, tell)
        rungs = look_around(self.config, ground, rungs, trials, console, tell)
        for rung in rungs:
            for name, why in rung.judged.kept.dropped.items():
                console.print(f"  after {rung.traces} problems {name}: {why}", highlight=False)
        candidates, reference = ground.candidates, rungs[-1].judged.reference
        choice = choose(self.config, rungs)
        tried = [choice, *cheaper_still(self.config, rungs, choice)[: self.config.search.confirm_cheaper]]
        rates, before = rungs[-1].rates, self._asked_before(ground)
        for sentence in before:
            console.print(sentence, highlight=False)
        confirmed = Confirming(self.config, ground, reference, rates, trials, console, tell).run(tried)
        whole = largest_whole(candidates, rungs)
        roles = attributions(candidates, rungs, self._adaptability(candidates, whole, console))
        adapted = self._adapted(confirmed, console)
        return conclude(self.config, self.root, ground, rungs, roles, confirmed, adapted, choice, before)

    def _asked_before(self, ground: Ground) -> list[str]:
        """What is known of other confirmations on the same questions, from this run and those before it."""
        kept = self.root / BEFORE
        told = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else []
        told = list(dict.fromkeys([*told, *asked_before(self.known, ground.confirmation)]))
        if told:
            write_json(kept, told)
        return told

    @property
    def budget(self) -> float | None:
        """The seconds that it was fitted into; it is not stopped when they are over."""
        first = (self.root / CLAIM).read_text(encoding="utf-8").splitlines()[0]
        told = first.removeprefix(CLAIMED).removesuffix(" s")
        return None if told == "None" else float(told)

    def fitted(self) -> list[str]:
        """What a budget has made of the search that the file describes, if it changed anything."""
        text = (self.root / CLAIM).read_text(encoding="utf-8")
        asked = parse_config(text, "the study", names=False)
        return shrinkage(asked, self.config, clock(self.budget or 0.0))

    def _promise(self, ground: Ground) -> str:
        """What the confirmation can show, before anything is spent on it."""
        plan = plan_of(ground.confirmation.items, self.config.search.confirm_seeds)
        return (
            f"Confirmation: {plan.seeds} fresh seeds, {plan.clusters} independent questions: "
            f"{promise(plan, self.config.decision.margin)}; the margin will be at most a fifth of what the reference "
            "gains"
        )

    def _adaptability(
        self, candidates: Candidates, rung: Rung, console: Console
    ) -> dict[str, dict[tuple[str, int], float]]:
        """Of every student of the factorial, where the search asks for that."""
        if self.config.search.adapt != "all":
            return {}
        folders = {
            (arm.recipe, seed): rung.source[arm.recipe].student(arm.recipe, seed)
            for arm in candidates.factorial
            for seed in self.config.seeds
        }
        found = take_up(self.config, folders, self.root / "adapted", console)
        return {"adaptability": {student: rise(a) for student, a in found.items()}} if found else {}

    def _adapted(self, confirmed: Confirmed, console: Console) -> dict[str, dict[int, Adaptability]]:
        """Of the students that confirm, by label and seed, where the search asks for that."""
        if self.config.search.adapt == "none":
            return {}
        asked, found = confirmed.asked, {}
        places = {
            confirmed.label: (asked.trial, asked.chosen),
            asked.reference: (asked.of_reference, asked.reference),
        }
        for label, (trial, name) in places.items():
            folders = {(name, seed): trial.student(name, seed) for seed in fresh_seeds(self.config)}
            taken = take_up(self.config, folders, self.root / "adapted", console)
            found[label] = {seed: a for (_, seed), a in taken.items()}
        return found

    def planned(self, console: Console, budget: float | None = None) -> tuple["Search", SearchPlan]:
        """The search with its plan from a measurement of half a minute; with a budget (seconds) as it fits into it."""
        console.print("measuring how fast this machine trains and asks (about half a minute) …")
        outline = outline_of(self.config, console)
        written = round(max(s.written for s in outline.sizes.values()))
        pace = calibrate(self.config, outline.lessons, outline.questions.confirmation, written)
        if budget is None:
            return self, outline.plan(self.config, pace)
        config, plan = fit(self.config, budget, outline.problems, lambda version: outline.plan(version, pace))
        return Search(config, self.root), plan


def _check_free(root: Path) -> None:
    """Whether a search may begin here: nothing is deleted, and what another one has gathered or trained stays.

    Raises:
        InputError: there is anything else than what a search leaves that has not got so far.
    """
    held = list(root.iterdir()) if root.is_dir() else []
    claim = root / CLAIM
    claimed = claim.is_file() and claim.read_text(encoding="utf-8").startswith(CLAIMED)
    others = [p for p in held if not begins(p.name, BEGINNINGS)]
    if claimed and others:
        raise InputError(f"{root}: holds another search (its file or budget differs); choose another --out")
    if others or (claim.is_file() and not claimed):
        raise InputError(f"{root}: not empty and not a search's folder; choose another with --out")


def _same(one: str, other: str) -> bool:
    """Two studies that differ in comments at most, with the same budget in the first line."""
    return one.splitlines()[0] == other.splitlines()[0] and tomllib.loads(one) == tomllib.loads(other)
