"""From a study's folder to what it says: estimates with intervals, costs, samples, the decision.

    outcome = summarize(config, folder)
    outcome.decision.explanation

Every number of the page and of the table comes from here, and from `scores.parquet` alone where it is a score.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from fractionate.config import BASE, StudyConfig
from fractionate.errors import InputError
from fractionate.records import Item, Response, Score
from fractionate.storage import read_records
from fractionate.study.budget import UNITS
from fractionate.study.costs import costs_of
from fractionate.study.decide import Decision, Evidence, choose_reference, decide
from fractionate.study.folder import ITEMS, StudyFolder
from fractionate.study.gains import insides, notes
from fractionate.study.progress import Stopwatch, clock
from fractionate.study.summary import ArmSummary, CellSummary, Costs, Inside, Sample, Summary
from fractionate.training import Trained
from fractionate.transfer import Estimates, Interval, Plan, estimates, plan_of, transfer_score

SAMPLES_A_CELL = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a study says, and what it decides."""

    summary: Summary
    decision: Decision


@dataclass(frozen=True, slots=True)
class Group:
    """All seeds of one arm: their entries in `compiled.json`, training results and scores."""

    recipe: str
    entries: list[dict[str, Any]]
    trained: list[Trained]
    scores: list[Score]


def summarize(config: StudyConfig, folder: StudyFolder) -> Outcome:
    """Compute everything that the study says from its folder.

    Raises:
        InputError: the study is not finished.
    """
    root = folder.root
    if not (root / "scores.parquet").is_file():
        raise InputError(
            f"{root}: the study is not finished; run `fractionate study` with its file and --out"
        )
    scores = read_records(root / "scores.parquet", Score)
    compiled = json.loads((root / "compiled.json").read_text(encoding="utf-8"))
    groups = _groups(folder, compiled["arms"], scores)
    transfer = {g.recipe: transfer_score(g.scores) for g in groups}
    reference = choose_reference(
        config.arms.reference, {name: t for name, t in transfer.items() if name != BASE}
    )
    found = estimates(scores, reference=reference, resamples=config.decision.resamples, seed=0)
    plan = plan_of(read_records(root / ITEMS, Item), len(config.seeds), len(groups) - 1)
    decision = _decision(config, groups, found, transfer, reference, plan)
    inside = insides(config, folder, compiled["arms"], scores)
    facts = json.loads((root / "facts.json").read_text(encoding="utf-8"))
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    seconds = Stopwatch(root / "seconds.json").before
    summary = Summary(
        name=config.name,
        question=config.question,
        student=f"{config.student.model}, {_how(config)}",
        data=str(facts[0]),
        held_equal=_held_equal(config, groups),
        reference=reference,
        verdict=decision.summary,
        explanation=decision.explanation,
        arms=tuple(_arm(g, found, inside.get(g.recipe)) for g in groups),
        cells=tuple(_cells(groups, found)),
        samples=tuple(_samples(folder, groups)),
        facts=(
            *facts[1:],
            *compiled["facts"],
            *_doubts(config),
            f"Machine: {manifest['machine']}; {clock(seconds)} for all arms",
        ),
        notes=tuple(notes(inside, len(config.seeds))),
    )
    return Outcome(summary, decision)


def _groups(folder: StudyFolder, entries: list[dict[str, Any]], scores: Sequence[Score]) -> list[Group]:
    by_recipe: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_recipe[entry["recipe"]].append(entry)
    groups = []
    for recipe, mine in by_recipe.items():
        files = [folder.arm(e["id"]) / "trained.json" for e in mine]
        trained = [Trained(**json.loads(f.read_text(encoding="utf-8"))) for f in files if f.is_file()]
        groups.append(Group(recipe, mine, trained, [s for s in scores if s.arm == recipe]))
    return groups


def _arm(group: Group, found: Estimates, inside: Inside | None) -> ArmSummary:
    scores, trained = group.scores, group.trained
    numbers = found[group.recipe]
    known = [t.representation_loss for t in trained if t.representation_loss is not None]
    return ArmSummary(
        arm=group.recipe,
        recipe=group.recipe,
        seeds=tuple(e["seed"] for e in group.entries),
        transfer=numbers.transfer,
        difference=numbers.difference,
        in_format=numbers.in_format or Interval(0.0, 0.0, 0.0),
        reasoning_gain=numbers.reasoning_gain,
        costs=_costs(group),
        examples=group.entries[0]["examples"],
        left_out=group.entries[0]["left_out"],
        mean_tokens=fmean(s.tokens for s in scores if s.family != "at_once"),
        truncated=fmean(s.truncated for s in scores if s.family != "at_once"),
        looping=fmean(s.looping for s in scores if s.family != "at_once"),
        unchecked=fmean(s.right is None for s in scores),
        final_loss=fmean(t.final_loss for t in trained) if trained else None,
        train_seconds=sum(t.seconds for t in trained),
        loss_shares=trained[0].loss_shares if trained else {},
        gradient_shares=trained[0].gradient_shares if trained else {},
        representation_loss=fmean(known) if known else None,
        inside=inside,
    )


def _costs(group: Group) -> Costs:
    return costs_of(group.entries[0]["teacher_tokens"], group.trained, group.scores)


def _cells(groups: Sequence[Group], found: Estimates) -> list[CellSummary]:
    return [
        CellSummary(group.recipe, name, cell.family, cell.n, cell.accuracy)
        for group in groups
        for name, cell in found[group.recipe].cells.items()
    ]


def _decision(
    config: StudyConfig,
    groups: Sequence[Group],
    found: Estimates,
    transfer: dict[str, float],
    reference: str,
    plan: Plan,
) -> Decision:
    evidence = {
        g.recipe: Evidence(
            transfer[g.recipe],
            found[g.recipe].lower_bound or 0.0,
            _costs(g).supervised_tokens,
            found[g.recipe].upper_bound or 0.0,
        )
        for g in groups
        if g.recipe != BASE
    }
    return decide(reference, transfer[BASE], evidence, margin=config.decision.margin, plan=plan)


def _samples(folder: StudyFolder, groups: Sequence[Group]) -> list[Sample]:
    """One item a cell, the first on which the arms disagree, with every arm's response."""
    items = read_records(folder.root / ITEMS, Item)
    texts = {g.recipe: _texts(folder, g) for g in groups}
    right = {(s.arm, s.item): s.right for g in groups for s in g.scores if s.seed == g.entries[0]["seed"]}
    samples = []
    for cell in dict.fromkeys(i.cell for i in items):
        mine = [i for i in items if i.cell == cell]
        split = [i for i in mine if len({right.get((g.recipe, i.id)) for g in groups}) > 1]
        for item in (split or mine)[:SAMPLES_A_CELL]:
            responses = {
                g.recipe: (texts[g.recipe].get(item.id, ""), right.get((g.recipe, item.id))) for g in groups
            }
            samples.append(Sample(cell, item.prompt, item.gold, responses))
    return samples


def _texts(folder: StudyFolder, group: Group) -> dict[str, str]:
    responses = read_records(folder.arm(group.entries[0]["id"]) / "responses.parquet", Response)
    return {r.item: r.text for r in reversed(responses)}


def _how(config: StudyConfig) -> str:
    how = (
        "full fine-tuning" if config.student.adapter == "none" else f"LoRA of rank {config.student.lora_rank}"
    )
    epochs = f"{config.training.epochs:g} epoch{'s' * (config.training.epochs > 1)}"
    return f"{how}, {epochs} at {config.training.learning_rate:g}"


def _held_equal(config: StudyConfig, groups: Sequence[Group]) -> str:
    count = max(g.entries[0]["examples"] for g in groups)
    if config.arms.budget == "examples":
        return (
            f"{count} problems, the same for every arm; epochs, batch size and learning rate. "
            "Not held equal: tokens with loss and compute, shown as costs"
        )
    epochs = ", ".join(f"{g.recipe} {g.entries[0]['cost']['epochs']:.2g}" for g in groups if g.recipe != BASE)
    return (
        f"{UNITS[config.arms.budget]}, by epochs of the same {count} problems ({epochs}); batch size and learning "
        "rate. Not held equal: the other costs"
    )


def _doubts(config: StudyConfig) -> list[str]:
    """What the reader should know before trusting small differences."""
    doubts = ["Learning rate and epochs were not tuned for each arm"]
    if len(config.seeds) == 1:
        doubts.append("One training seed: the intervals cover the choice of items, not the spread over seeds")
    return doubts
