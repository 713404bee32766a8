"""The tokenizer of a model, loaded once: a study loads the same one with each of its students.

    load_tokenizer("runs/mine/arms/full-s0/checkpoint")

Reading one takes a quarter of a second, as long as all else of a small student.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

WEIGHTS = {".safetensors", ".bin", ".pt", ".pth", ".gguf", ".msgpack", ".h5"}
"""Files that no tokenizer is made of; all others of a folder may be part of it."""
MOST = 4
"""How many are held at once."""
_KNOWN: dict[str, Any] = {}


def load_tokenizer(source: str | Path) -> Any:
    """That of a folder or hub id; one that was loaded before serves again where all files are the same.

    Nobody may change it but to give it the chat template that it lacks.

    Raises:
        OSError, ValueError: as transformers does where there is none.
    """
    from transformers import AutoTokenizer

    key = _key(Path(source))
    if key is None:
        return AutoTokenizer.from_pretrained(source)
    if key not in _KNOWN:
        if len(_KNOWN) == MOST:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[key] = AutoTokenizer.from_pretrained(source)
    return _KNOWN[key]


def _key(folder: Path) -> str | None:
    """What the files hold; None where there is no such folder."""
    if not folder.is_dir():
        return None
    found = sha256()
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.suffix not in WEIGHTS:
            found.update(f"{file.name}\n".encode())
            found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()
