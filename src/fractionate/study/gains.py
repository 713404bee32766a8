"""The gain in what can be read inside beside the gain in transfer: what the auxiliary objective is worth.

    found = insides(config, folder, entries, scores)
    found["answer_only+representation"].objective_gain     # Interval(0.31, 0.12, 0.5), of the values, over answer_only
    found["answer_only+representation"].transfer_gain      # Interval(0.0, -0.06, 0.06), of T
    notes(found, 3)       # ["… the probe finds more; that transfer follows is not shown"]

Both gains have the paired intervals that all differences of the report have.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

from fractionate.config import BASE, StudyConfig
from fractionate.formats import difference_spread, points
from fractionate.records import Anatomy, Item, Score
from fractionate.storage import from_json, read_records
from fractionate.study.data import question
from fractionate.study.folder import ITEMS, StudyFolder
from fractionate.study.homes import HELD_OUT
from fractionate.study.inside import READ_OUT, clusters_of
from fractionate.study.rows import WITH
from fractionate.study.summary import Inside
from fractionate.training.probe import ReadOut
from fractionate.transfer import Interval, estimates

CELL = "next result"

MEANINGS = {
    (1, 1): "the probe finds more, and transfer rises too",
    (1, 0): "the probe finds more; that transfer follows is not shown",
    (1, -1): "the probe finds more, yet transfer falls",
    (0, 1): "transfer rises, though the probe is not shown to find more",
    (0, 0): "neither gain is shown",
    (0, -1): "transfer falls, and the probe is not shown to find more",
    (-1, 1): "the probe finds less, yet transfer rises",
    (-1, 0): "the probe finds less; that transfer changes is not shown",
    (-1, -1): "the probe finds less, and transfer falls too",
}
"""By the signs of the gain in what is read and of the gain in transfer; a sign is 0 where the interval holds zero."""


def insides(
    config: StudyConfig, folder: StudyFolder, entries: Sequence[Mapping[str, Any]], scores: Sequence[Score]
) -> dict[str, Inside]:
    """What was read of each arm; empty where nothing was."""
    files = [folder.arm(entry["id"]) / READ_OUT for entry in entries]
    if not all(file.is_file() for file in files):
        return {}
    read = [
        (e["recipe"], e["seed"], from_json(ReadOut, f.read_bytes()))
        for e, f in zip(entries, files, strict=True)
    ]
    clusters = _clusters(folder)
    answers = [answer for recipe, seed, out in read for answer in _scores(recipe, seed, out, clusters)]
    compare = partial(estimates, resamples=config.decision.resamples, seed=0)
    inside = partial(compare, answers, families=(CELL,))
    over_base = inside(reference=BASE)
    found = {}
    for arm in dict.fromkeys(recipe for recipe, _, _ in read):
        own = [out for recipe, _, out in read if recipe == arm]
        plain = arm.removesuffix(WITH)
        paired = plain != arm and any(recipe == plain for recipe, _, _ in read)
        found[arm] = Inside(
            readable=over_base[arm].cells[CELL].accuracy,
            commonest=own[0].commonest,
            loss=fmean(out.loss for out in own),
            gain=over_base[arm].difference,
            objective_gain=inside(reference=plain)[arm].difference if paired else None,
            transfer_gain=compare(scores, reference=plain)[arm].difference if paired else None,
        )
    return found


def _clusters(folder: StudyFolder) -> dict[str, str]:
    """The cluster of each held-out trace: that of its problem's items."""
    asked = clusters_of(read_records(folder.root / ITEMS, Item))
    traces = [a.trace for a in read_records(folder.root / HELD_OUT, Anatomy)]
    return {t.id: asked[question(t.history, t.problem)] for t in traces}


def _scores(arm: str, seed: int, read: ReadOut, clusters: Mapping[str, str]) -> list[Score]:
    """Readings as scores, so that they are paired and resampled as answers are."""
    return [
        Score(
            arm, seed, CELL, CELL, item=f"{CELL}/{r.trace_id}/{n}", cluster=clusters[r.trace_id],
            right=r.said == r.value, answer=r.said, tokens=0, truncated=False, looping=False,
        )
        for n, r in enumerate(read.readings)
    ]  # fmt: skip


def notes(found: Mapping[str, Inside], seeds: int) -> list[str]:
    """For each arm with the objective what its two gains mean together; from one seed that is provisional."""
    alone = "" if seeds > 1 else " (one seed, so the spread over seeds is unknown)"
    return [
        _note(arm, inside, inside.objective_gain, inside.transfer_gain, alone)
        for arm, inside in found.items()
        if inside.objective_gain is not None and inside.transfer_gain is not None
    ]


def _note(arm: str, inside: Inside, probe: Interval, transfer: Interval, alone: str) -> str:
    trivial = (
        ""
        if inside.readable.low > inside.commonest
        else f". Of its values {inside.readable.value:.1%} are read, which is not shown to be more than saying the "
        f"commonest one gives ({inside.commonest:.1%})"
    )
    return (
        f"{arm} against {arm.removesuffix(WITH)}: next results read right {_points(probe)}, "
        f"transfer T {_points(transfer)}: {MEANINGS[_sign(probe), _sign(transfer)]}{alone}{trivial}"
    )


def _points(gain: Interval) -> str:
    return f"{points(gain.value)} points ({difference_spread(gain)})"


def _sign(gain: Interval) -> int:
    return int(gain.low > 0) - int(gain.high < 0)
