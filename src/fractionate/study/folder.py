"""A study's folder: where everything lies, and the check that it belongs to this study.

    folder = StudyFolder.open(Path("runs/ledger"), config_text, inputs)

The folder belongs to one study: the text of its `study.toml` and the hashes of its input files. Opening it for the
same study goes on where the last run ended; for another one it is refused, and so is a second run beside one that is
at work. Every output is written beside and renamed, so what is there is whole.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from fractionate.errors import InputError
from fractionate.storage import file_hash, write_json, write_text

PACKAGES = ("fractionate", "torch", "transformers", "peft", "pyarrow", "math-verify", "reasoning-gym")
LOCK = ".lock"
"""The file that the process at work holds; it stays, and says nothing once that process has ended."""
BEGINNINGS = {
    LOCK,
    "study.toml",
    "manifest.json",
    "anatomy.parquet",
    "held_out.parquet",
    "facts.json",
    "rejected.jsonl",
}
"""What a run leaves that was killed before its items were complete."""
ITEMS = "items.parquet"
"""Is written when a study's problems and questions are gathered: from then on the folder is that study's."""


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Paths of a study. `arms/<arm id>/` holds what belongs to one arm."""

    root: Path

    @classmethod
    def open(
        cls, root: Path, config_text: str, inputs: Sequence[Path], seeds: Sequence[int]
    ) -> "StudyFolder":
        """Make the folder, or check that it is this study's.

        Raises:
            InputError: the folder holds something else, or the study or its input files have changed.
        """
        folder = cls(root)
        hashes = {str(path): file_hash(path) for path in inputs}
        begun = (root / ITEMS).is_file() and (root / "study.toml").is_file()
        if begun:
            folder._check(config_text, hashes)
        elif root.is_dir() and any(not begins(p.name, BEGINNINGS, {ITEMS}) for p in root.iterdir()):
            raise InputError(f"{root}: not empty and not a study's folder; choose another with --out")
        hold(root)
        for leftover in root.rglob(".*.part"):  # of a run that was killed while writing
            leftover.unlink() if leftover.is_file() else shutil.rmtree(leftover)
        if not begun:
            write_json(root / "manifest.json", manifest(hashes, seeds))
            write_text(root / "study.toml", config_text)
        return folder

    def _check(self, config_text: str, hashes: Mapping[str, str]) -> None:
        if tomllib.loads((self.root / "study.toml").read_text(encoding="utf-8")) != tomllib.loads(
            config_text
        ):
            raise InputError(
                f"{self.root}: holds another study (its study.toml differs from yours); "
                "choose another folder with --out, or delete this one"
            )
        begun = json.loads((self.root / "manifest.json").read_text(encoding="utf-8"))
        changed = [path for path, digest in hashes.items() if begun["inputs"].get(path) != digest]
        if changed:
            raise InputError(
                f"{changed[0]}: has changed since the study in {self.root} began; choose another folder with --out"
            )
        now = versions()
        moved = [name for name, old in begun["versions"].items() if now.get(name) != old]
        if moved:
            raise InputError(
                f"{self.root}: began with {moved[0]} {begun['versions'][moved[0]]}, here is {now.get(moved[0])}; "
                "go on with the same versions, or choose another folder with --out"
            )

    def arm(self, arm_id: str) -> Path:
        """The folder of one arm."""
        return self.root / "arms" / arm_id


_HELD: dict[Path, FileLock] = {}


def hold(root: Path) -> None:
    """Make the folder and keep it for this process until it ends, however it ends.

    Raises:
        InputError: it cannot be made, or another process is at work in it.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        place = root.resolve()
        if place in _HELD and (place / LOCK).exists():
            return
        lock = FileLock(place / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            f"{root}: another run is at work in this folder; wait for it, or choose another with --out"
        ) from None
    except OSError as error:
        raise InputError(
            f"{root}: cannot be a study's folder ({error.strerror}); choose another with --out"
        ) from error
    _HELD[place] = lock


def begins(name: str, beginnings: Collection[str], unfinished: Collection[str] = ()) -> bool:
    """Whether a run begins with a file of this name: whole or half written, or half written alone (`unfinished`)."""
    half = name.endswith(".part") and any(name.startswith(f".{n}.") for n in {*beginnings, *unfinished})
    return half or name in beginnings


def manifest(inputs: Mapping[str, str], seeds: Sequence[int]) -> dict[str, Any]:
    """What a reader needs to run the study again: versions, seeds, input hashes, command, machine."""
    return {
        "versions": versions(),
        "seeds": list(seeds),
        "inputs": dict(inputs),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "machine": machine(),
    }


def versions() -> dict[str, str]:
    """Python and the packages that results depend on."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def machine() -> str:
    """The machine in words."""
    gpus = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores" + (f", {gpus}" if gpus else ", no GPU")


def key(*parts: object) -> str:
    """A short hash of settings and inputs, for the names of stages."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:8]
