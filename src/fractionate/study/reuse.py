"""Students that are trained, or were asked, elsewhere: taken from there if they are the same to the last detail.

    reuse([Path("runs/old")], "full-s0-1f09c2ab", Path("runs/new/arms/full-s0-1f09c2ab"))
    # runs/old/arms/full-s0-1f09c2ab, where it was; None if it is nowhere

An arm's identifier holds all that its training depends on but the versions of what trains it: these are compared too.
Answers are taken over only where the same was asked in the same way (`take_over`).
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from fractionate.records import Item
from fractionate.study.folder import versions
from fractionate.transfer.asking import Sampling
from fractionate.transfer.evaluate import AFTER, ASKED, FOLLOW_UPS, RESPONSES, SECONDS, then
from fractionate.transfer.suite import Suite, fingerprint

DONE = "trained.json"
"""Is written when everything else of a training is there, and so it is taken last."""
LEARNED = ("arm.json", "supervision.parquet", "stages.parquet", "train.jsonl", "adapter", "checkpoint", DONE)
GIVEN = (FOLLOW_UPS, AFTER, SECONDS, RESPONSES)
"""Answers come last, so that what goes with them is there where they are."""


def reuse(known: Sequence[Path], arm_id: str, folder: Path) -> Path | None:
    """Take the trained student of this identifier from one of the known folders; where it was, if there is one."""
    if (folder / DONE).is_file():
        return None
    for place in _places(known, arm_id, DONE):
        folder.mkdir(parents=True, exist_ok=True)
        for name in LEARNED:
            _link(place / name, folder / name)
        return place
    return None


def answered(known: Sequence[Path], arm_id: str) -> list[Path]:
    """Folders in which the student of this identifier was asked something, the untouched one too."""
    return list(_places(known, arm_id, ASKED))


def take_over(
    known: Path, folder: Path, suite: Suite, items: Sequence[Item], sampling: Sampling, model: str
) -> bool:
    """Take the answers of the student of this identity in another study, if it was asked the same in the same way."""
    if not (known / ASKED).is_file():
        return False
    asked = json.loads((known / ASKED).read_text(encoding="utf-8"))
    how = sampling._asdict() | ({} if sampling.temperature else {"seed": asked["sampling"]["seed"]})
    same = {"asked": fingerprint(items), "then": then(suite), "sampling": how, "model": model}
    if any(asked.get(part) != value for part, value in same.items()):
        return False
    for name in GIVEN:
        _link(known / name, folder / name)
    return True


def _places(known: Sequence[Path], arm_id: str, holds: str) -> Iterator[Path]:
    """Folders of that arm that hold this file, in studies that ran with the same versions as are here."""
    for root in known:
        for file in sorted(root.rglob(f"arms/{arm_id}/{holds}")):
            manifest = file.parents[2] / "manifest.json"
            if json.loads(manifest.read_text(encoding="utf-8"))["versions"] == versions():
                yield file.parent


def _link(source: Path, target: Path) -> None:
    """The same file, or folder of files, under another name; nothing if there is none or the target is there.

    Outputs are written beside and renamed, so that a file under two names is never changed under one of them.
    """
    if not source.exists() or target.exists():
        return
    part = target.with_name(f".{target.name}.part")
    if source.is_dir():
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(source, part, copy_function=_linked)
    else:
        part.unlink(missing_ok=True)
        _linked(str(source), str(part))
    part.replace(target)


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that has no such names
        shutil.copyfile(source, target)
    return target
