"""Which files a path stands for, and what their traces are called.

data_files([Path("traces")], companions)      # [Path("traces/a.jsonl"), Path("traces/b.parquet")]
labels([Path("a/train.jsonl"), Path("b/train.jsonl")])      # ["a/train", "b/train"]
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fractionate.errors import InputError
from fractionate.traces.rows import SUFFIXES


def data_files(paths: Iterable[Path], companion: Callable[[Path], bool]) -> list[Path]:
    """The data files among `paths` and in the folders among them, folders in order of name.

    Hidden files, files of other kinds and companions (which complete other files) are passed over in folders.

    Raises:
        InputError: a path does not exist, a folder holds no data, a file is named twice or is a companion.
    """
    files: list[Path] = []
    for path in paths:
        files.extend(_in_folder(path, companion) if path.is_dir() else [_alone(path, companion)])
    if not files:
        raise InputError("no file to read was named; name a file or a folder of traces")
    repeated = [path for path, count in Counter(path.resolve() for path in files).items() if count > 1]
    if repeated:
        raise InputError(f"{repeated[0]}: is named twice, as a file or by its folder; name it once")
    return files


def _in_folder(folder: Path, companion: Callable[[Path], bool]) -> list[Path]:
    found = (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file())
    shown = [p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts)]
    files = [p for p in shown if not companion(p)]
    if not files:
        raise InputError(
            f"{folder}: the folder holds no {', '.join(SUFFIXES)} file; name the file of the traces"
        )
    return files


def _alone(path: Path, companion: Callable[[Path], bool]) -> Path:
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder; check the path")
    if companion(path):
        raise InputError(
            f"{path}: holds only the questions of the files beside it; name the folder {path.parent}"
        )
    return path


def labels(files: Sequence[Path]) -> list[str]:
    """A short name for each file: its stem, after as many of its folders as tell it from the others."""
    bare = [path.resolve().with_suffix("") for path in files]
    # Only the ending tells apart files that are otherwise called the same.
    whole = [p.resolve() if bare.count(b) > 1 else b for p, b in zip(files, bare, strict=True)]
    names, depth = [path.name for path in whole], 1
    while len(set(names)) < len(names):
        shared, depth = Counter(names), depth + 1
        names = [
            "/".join(p.parts[-depth:]) if shared[n] > 1 else n for p, n in zip(whole, names, strict=True)
        ]
    return names
