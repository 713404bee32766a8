"""Does the search decide rightly? Simulated students whose true transfer is known, searched thousands of times.

    python -m benchmarks.search_decisions                # 2,000 searches for each of the settings, some minutes
    python -m benchmarks.search_decisions --runs 200 --json

Students answer by the response model of `benchmarks.false_alarms`: skill, minus the difficulty of the question (shared
by arms and seeds), plus what an arm and what a training find easier, plus an effect of the training seed. The rungs,
the choice and the decision are those of `fractionate search`; only training and asking are simulated. In the first
rung, with a quarter of the problems, every trained arm lacks some of its gain.

Bars: where every candidate is worse by exactly the margin, a smaller recipe is called not worse in at most 6% of the
searches; where one is as good as the reference and the plan promised 80%, it is found in at least 80%.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import Pool

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from tqdm import tqdm

from fractionate.config import BASE, StudyConfig, parse_config
from fractionate.records import Item, Score
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.choice import choose
from fractionate.study.search.confirm import CONFIRMING, rule
from fractionate.study.search.rungs import Rung, judge
from fractionate.study.summary import Costs
from fractionate.transfer.statistics import Plan, minimum_margin, plan_of

DIFFICULTY, ARM_ITEM, TRAINING_ITEM, SEED = 2.0, 1.0, 1.5, 0.12
"""Standard deviations in logits; the last is about two points of accuracy between seeds."""
STYLES, REFERENCE, GAIN = 4, "full", 0.6
EARLY = (0.5, 0.8, 1.0)
"""The share of its gain that an arm has after each rung."""
BARS = {"wrong": (0.0, 0.06), "found": (0.8, 1.0)}


@dataclass(frozen=True)
class Setting:
    """What is simulated: the candidates' true differences to the reference, in margins, from the cheapest on."""

    name: str
    bar: str
    differences: tuple[float, ...]
    items: int = 160
    seeds: int = 3


SETTINGS = (
    Setting("every candidate worse by the margin", "wrong", (-1.0,) * 5),
    Setting("the cheapest worse by the margin, fewer questions", "wrong", (-1.0, -1.0, -2.0), items=80),
    Setting("two candidates as good, cheaper ones far worse", "found", (-4.0, -3.0, 0.0, 0.0)),
    Setting("all as good", "found", (0.0,) * 4),
)


def main() -> None:
    """Simulate all settings and print the shares beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = [(setting, simulate(setting, arguments.runs)) for setting in SETTINGS]
    if arguments.json:
        print(json.dumps([asdict(setting) | {"share": share} for setting, share in found]))
        return
    for setting, share in found:
        low, high = BARS[setting.bar]
        met = "met" if low <= share <= high else "MISSED"
        print(f"{share:6.1%} {setting.bar:5} ({low:.0%} to {high:.0%}: {met})  {setting.name}")


def simulate(setting: Setting, runs: int, seed: int = 0) -> float:
    """The share of searches that end with a smaller recipe that is wrong, or right (whatever the bar is about)."""
    margin = minimum_margin(planned(setting), power_wanted=CONFIRMING)
    names = [f"c{i}" for i in range(len(setting.differences))]
    truth = {REFERENCE: GAIN + 0.1} | {
        name: GAIN + 0.1 + margin * d for name, d in zip(names, setting.differences, strict=True)
    }
    good = {name for name in names if truth[name] > truth[REFERENCE] - margin + 1e-9}
    with Pool() as pool:
        once = partial(_searched, setting, truth, margin, seed)
        found = list(tqdm(pool.imap(once, range(runs), 20), desc=setting.name, total=runs, leave=False))
    return sum(c is not None and (c in good) == (setting.bar == "found") for c in found) / runs


def _searched(setting: Setting, truth: Mapping[str, float], margin: float, seed: int, run: int) -> str | None:
    return search(setting, truth, margin, np.random.default_rng([seed, run]))


def planned(setting: Setting) -> Plan:
    """What the confirmation's questions can show."""
    return plan_of(questions(setting.items), setting.seeds)


def search(
    setting: Setting, truth: Mapping[str, float], margin: float, rng: np.random.Generator
) -> str | None:
    """One search; the recipe that is called smaller and not worse, if any."""
    config = _config(margin, setting.seeds)
    names = tuple(truth)
    candidates = Candidates(names, (REFERENCE,), (), (), ())
    spent = {REFERENCE: 1000} | {name: 100 * i for i, name in enumerate(names[1:], 1)}
    rungs, alive = list[Rung](), list(names)
    for share, early in zip(config.search.rungs, EARLY, strict=True):
        scores = answers(setting.items, {n: _early(truth[n], early) for n in alive}, (0,), rng, fixed=7)
        costs = {name: _costs(share * spent[name]) for name in alive}
        judged = judge(config, candidates, scores, costs)
        rungs.append(Rung(round(320 * share), scores, costs, judged, {}, {}))
        alive = judged.kept.go_on
    choice = choose(config, candidates, rungs)
    if choice.name == REFERENCE:
        return None
    both = {name: truth[name] for name in (REFERENCE, choice.name)}
    fewer = EARLY[[rung.traces for rung in rungs].index(choice.traces)]
    both[choice.name] = _early(both[choice.name], fewer)
    scores = answers(setting.items, both, tuple(range(1, setting.seeds + 1)), rng, fixed=8)
    decision, _ = rule(config, scores, {n: _costs(spent[n]) for n in both}, REFERENCE, planned(setting))
    return choice.name if decision.outcome == "smaller" else None


def answers(
    items: int,
    truth: Mapping[str, float],
    seeds: Sequence[int],
    rng: np.random.Generator,
    fixed: int,
) -> list[Score]:
    """Scores of arms with these true accuracies, and of the untouched student; `fixed` is the set of questions."""
    difficulty = DIFFICULTY * np.random.default_rng([fixed, items, int(rng.integers(1 << 30))]).normal(
        size=items
    )
    skills = {name: _skill(accuracy) for name, accuracy in {BASE: 0.1, **truth}.items()}
    styles = np.linspace(-0.3, 0.3, STYLES)
    scores = []
    for name, skill in skills.items():
        of_arm = ARM_ITEM * rng.normal(size=items)
        for seed in seeds[:1] if name == BASE else seeds:
            own = skill + SEED * rng.normal() - difficulty + of_arm + TRAINING_ITEM * rng.normal(size=items)
            chances = expit(own[:, None] + styles)
            right = rng.random(chances.shape) < chances
            scores += [
                _score(name, seed, i, k, bool(right[i, k])) for i in range(items) for k in range(STYLES)
            ]
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
    return 0.1 + share * max(accuracy - 0.1, 0.0)


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
