"""Does the search decide rightly? Simulated students whose true transfer is known, searched thousands of times.

    python -m benchmarks.search_decisions                # 2,000 searches for each of the settings, some minutes
    python -m benchmarks.search_decisions --runs 200 --json

Students answer by the response model of `benchmarks.false_alarms`: skill, minus the difficulty of the question (shared
by arms and seeds), plus what an arm and what a training find easier, plus an effect of the training seed. The rungs,
the choice and the decision are those of `fractionate search`; only training and asking are simulated. Smaller rungs ask
a part of the questions of larger ones, the confirmation asks others; with fewer problems every trained arm lacks some
of its gain.

Bars: where every candidate is worse by exactly the margin, a smaller recipe is called not worse in at most 6% of the
searches; where one is as good as the reference and the plan promised 80%, it is found in at least 80%.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from math import ceil
from multiprocessing import Pool
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from tqdm import tqdm

from fractionate.config import BASE, StudyConfig, parse_config
from fractionate.records import Item, Score
from fractionate.study.decide import capped
from fractionate.study.search.bounds import visible
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.choice import Choice, cheaper_still, choose
from fractionate.study.search.confirm import CONFIRMING, rule
from fractionate.study.search.rungs import Rung, judge
from fractionate.study.summary import Costs
from fractionate.transfer.statistics import Plan, plan_of
from fractionate.transfer.statistics.intervals import Floats

DIFFICULTY, ARM_ITEM, TRAINING_ITEM, SEED = 2.0, 1.0, 1.5, 0.12
"""Standard deviations in logits; the last is about two points of accuracy between seeds."""
STYLES, REFERENCE, UNTOUCHED = 4, "full", 0.1
BARS = {"wrong": (0.0, 0.06), "found": (0.8, 1.0)}


@dataclass(frozen=True)
class Setting:
    """What is simulated: the candidates' true differences to the reference, in margins, from the cheapest on.

    `gain` is the reference's over the untouched student, `early` the share of its gain that an arm has after each rung;
    `items` are asked in the rungs, and `times` as many in the confirmation. `asked` is the margin that the study asks
    for; without it, the one that its plan promises to see. `cheaper` is `search.confirm_cheaper`.
    """

    name: str
    bar: str
    differences: tuple[float, ...]
    gain: float = 0.6
    early: tuple[float, float, float] = (0.5, 0.8, 1.0)
    items: int = 160
    times: int = 1
    seeds: int = 3
    asked: float | None = None
    cheaper: int = 0

    @property
    def margin(self) -> float:
        """The margin that the decision will have: never more than a fifth of the gain."""
        asked = self.asked if self.asked is not None else visible(planned(self), CONFIRMING)
        return capped(asked, self.gain)


SETTINGS = (
    Setting("every candidate worse by the margin", "wrong", (-1.0,) * 5),
    Setting("the cheapest worse by the margin, fewer questions", "wrong", (-1.0, -1.0, -2.0), items=80),
    Setting("every candidate worse by the margin, one seed confirms", "wrong", (-1.0,) * 5, seeds=1),
    Setting(
        "every candidate worse by the usual margin, five seeds", "wrong", (-1.0,) * 5, seeds=5, asked=0.05
    ),
    Setting(
        "the dearest as good, two cheaper tried in turn worse by the margin",
        "wrong",
        (-1.0, -1.0, -1.0, 0.0),
        cheaper=2,
    ),
    Setting("two candidates as good, cheaper ones far worse", "found", (-4.0, -3.0, 0.0, 0.0)),
    Setting("all as good", "found", (0.0,) * 4),
    Setting(
        "two as good, next to nothing learned early",
        "found",
        (-4.0, -4.0, -3.0, 0.0, 0.0),
        early=(0.1, 0.4, 1.0),
    ),
)


def main() -> None:
    """Simulate all settings and print the shares beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = [(setting, simulate(setting, arguments.runs)) for setting in SETTINGS]
    if arguments.json:
        print(
            json.dumps(
                [asdict(setting) | {"margin": setting.margin, "share": share} for setting, share in found]
            )
        )
        return
    for setting, share in found:
        low, high = BARS[setting.bar]
        met = "met" if low <= share <= high else "MISSED"
        at = f"margin {setting.margin * 100:.1f} points"
        print(f"{share:6.1%} {setting.bar:5} ({low:.0%} to {high:.0%}: {met})  {setting.name}, {at}")


def simulate(setting: Setting, runs: int, seed: int = 0) -> float:
    """The share of searches that end with a smaller recipe that is wrong, or right (whatever the bar is about)."""
    with Pool() as pool:
        once = partial(_outcome, setting, setting.margin, seed)
        found = list(tqdm(pool.imap(once, range(runs), 20), desc=setting.name, total=runs, leave=False))
    return sum(outcome == setting.bar for outcome in found) / runs


def _outcome(setting: Setting, margin: float, seed: int, run: int) -> str:
    """Whether the recipe that is called smaller is one ("found"), or is not ("wrong"); else nothing was."""
    chosen = search(setting, margin, np.random.default_rng([seed, run]))
    if chosen is None:
        return ""
    return "found" if chosen > setting.gain + UNTOUCHED - margin + 1e-9 else "wrong"


def planned(setting: Setting) -> Plan:
    """What the confirmation's questions can show."""
    return plan_of(questions(setting.items * setting.times), setting.seeds)


def search(setting: Setting, margin: float, rng: np.random.Generator) -> float | None:
    """One search; the true accuracy of what is called smaller and not worse, if anything is."""
    config, plan, best = _config(margin, setting.seeds), planned(setting), setting.gain + UNTOUCHED
    truth = {REFERENCE: best} | {f"c{i}": best + margin * d for i, d in enumerate(setting.differences)}
    candidates = Candidates(tuple(truth), (REFERENCE,), (), (), ())
    spent = {REFERENCE: 1000} | {f"c{i}": 100 * (i + 1) for i in range(len(setting.differences))}
    looked_at = Asked.drawn(setting.items, truth, rng)
    rungs, alive = list[Rung](), list(truth)
    for share, early in zip(config.search.rungs, setting.early, strict=True):
        asked = max(share, config.search.least_questions)
        scores = looked_at.part(asked).scores({name: _early(truth[name], early) for name in alive}, (0,), rng)
        costs = {name: _costs(share * spent[name]) for name in alive}
        judged = judge(config, candidates, scores, costs, plan)
        rungs.append(Rung(round(320 * share), scores, costs, judged, {}, {}))
        alive = judged.kept.go_on
    choice = choose(config, rungs)
    if (choice.name, choice.traces) == (REFERENCE, 320):
        return None
    turns = [choice]
    if setting.cheaper:
        turns += cheaper_still(config, rungs, choice)[: setting.cheaper]
    return _confirmed(setting, config, turns, rungs, truth, spent, rng)


def _confirmed(
    setting: Setting,
    config: StudyConfig,
    turns: Sequence[Choice],
    rungs: Sequence[Rung],
    truth: Mapping[str, float],
    spent: Mapping[str, int],
    rng: np.random.Generator,
) -> float | None:
    """The true accuracy of the last in turn that is called smaller, on the same questions as all of them."""
    size = {rung.traces: n for n, rung in enumerate(rungs)}
    own = {f"turn {n}": _early(truth[c.name], setting.early[size[c.traces]]) for n, c in enumerate(turns)}
    true = {REFERENCE: truth[REFERENCE], **own}
    fresh = Asked.drawn(setting.items * setting.times, true, rng)
    scores = fresh.scores(true, tuple(range(1, setting.seeds + 1)), rng)
    found = None
    for label, choice in zip(own, turns, strict=True):
        tokens = config.search.rungs[size[choice.traces]] * spent[choice.name]
        costs = {REFERENCE: _costs(spent[REFERENCE]), label: _costs(tokens)}
        both = [s for s in scores if s.arm in (REFERENCE, label, BASE)]
        if rule(config, both, costs, REFERENCE, planned(setting))[0].outcome != "smaller":
            break
        found = own[label]
    return found


class Asked(NamedTuple):
    """Questions: how difficult each is, and what each arm finds easier; the same whenever they are asked."""

    difficulty: Floats
    easier: Mapping[str, Floats]

    @classmethod
    def drawn(cls, items: int, arms: Iterable[str], rng: np.random.Generator) -> "Asked":
        """New questions for these arms and the untouched student."""
        easier = {name: ARM_ITEM * rng.normal(size=items) for name in [BASE, *arms]}
        return cls(DIFFICULTY * rng.normal(size=items), easier)

    def part(self, share: float) -> "Asked":
        """The first of them."""
        n = ceil(share * len(self.difficulty))
        return Asked(self.difficulty[:n], {name: easier[:n] for name, easier in self.easier.items()})

    def scores(
        self, truth: Mapping[str, float], seeds: Sequence[int], rng: np.random.Generator
    ) -> list[Score]:
        """Of arms with these true accuracies, trained anew, and of the untouched student."""
        scores, styles, items = list[Score](), np.linspace(-0.3, 0.3, STYLES), len(self.difficulty)
        for name, accuracy in {BASE: UNTOUCHED, **truth}.items():
            for seed in seeds[:1] if name == BASE else seeds:
                skill = _skill(accuracy) + SEED * rng.normal()
                own = skill - self.difficulty + self.easier[name] + TRAINING_ITEM * rng.normal(size=items)
                chances = expit(own[:, None] + styles)
                right = rng.random(chances.shape) < chances
                places = product(range(items), range(STYLES))
                scores += [_score(name, seed, i, k, bool(right[i, k])) for i, k in places]
        return scores


def questions(items: int) -> list[Item]:
    """What is asked, for the plan."""
    return [
        Item(f"s{k}/{i}", f"s{k}", "style", "?", "1", cluster=str(i), pair=str(i))
        for i in range(items)
        for k in range(STYLES)
    ]


def _score(arm: str, seed: int, item: int, style: int, right: bool) -> Score:
    cell = f"s{style}"
    return Score(arm, seed, cell, "style", f"{cell}/{item}", str(item), right, None, 50, False, False)


_SKILLS: dict[float, float] = {}


def _skill(accuracy: float) -> float:
    """The skill whose mean accuracy over questions, styles and trainings is this."""
    key = round(accuracy, 6)
    if key not in _SKILLS:
        spread = (DIFFICULTY**2 + ARM_ITEM**2 + TRAINING_ITEM**2 + SEED**2) ** 0.5
        nodes, weights = np.polynomial.hermite_e.hermegauss(80)
        points = spread * nodes[:, None] + np.linspace(-0.3, 0.3, STYLES)

        def missing(skill: float) -> float:
            return float((weights @ expit(skill + points).mean(axis=1)) / weights.sum()) - key

        _SKILLS[key] = float(brentq(missing, -20, 20))
    return _SKILLS[key]


def _early(accuracy: float, share: float) -> float:
    return UNTOUCHED + share * max(accuracy - UNTOUCHED, 0.0)


def _costs(tokens: float) -> Costs:
    return Costs(1000, round(3 * tokens), round(tokens), 1e9 * tokens, 100.0)


def _config(margin: float, seeds: int) -> StudyConfig:
    text = f"""
    name = "simulated"
    [data]
    world = "ledger"
    [arms]
    recipes = ["full"]
    [decision]
    margin = {margin}
    resamples = 200
    [search]
    confirm_seeds = {seeds}
    """
    return parse_config(text, "the simulation", names=False)


if __name__ == "__main__":
    main()
