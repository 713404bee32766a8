"""A dataset's card: `card.json` for programs, and `README.md` with YAML front matter for people and hubs.

finish(folder, exporter, settings, counts)    # writes both, the card last: a folder with a card is whole
finished(folder, settings)                    # the card, if the folder holds this very dataset
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fractionate.errors import InputError
from fractionate.storage import file_hash, write_json, write_text
from fractionate.supervision.export.base import Exporter

CARD = "card.json"


def finished(folder: Path, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """The card of the dataset that is already there, or None where there is none; clears what a killed run left.

    Raises:
        InputError: the folder holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; choose a folder with --out")
    for leftover in folder.glob(".*.part"):
        leftover.unlink()
    if not (folder / CARD).is_file():
        known = {"data.jsonl", "data.parquet", "dataset_info.json", "README.md"}
        if folder.is_dir() and {path.name for path in folder.iterdir()} - known:
            raise InputError(f"{folder}: not empty and not a dataset's folder; choose another with --out")
        return None
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if card.get("settings") != json.loads(json.dumps(settings)):
        raise InputError(
            f"{folder}: holds another dataset (its recipe, settings, versions or input differ); "
            "choose another folder with --out, or delete this one"
        )
    whole = card["file"]["sha256"] == file_hash(folder / card["file"]["name"])
    return card if whole else None


def finish(
    folder: Path, exporter: Exporter, settings: Mapping[str, Any], counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write `README.md` and then `card.json`; returns the card."""
    data = folder / exporter.file
    file = {"name": data.name, "sha256": file_hash(data), "bytes": data.stat().st_size}
    card = {"settings": dict(settings), **counts, "file": file}
    write_text(folder / "README.md", readme(card, exporter.use))
    write_json(folder / CARD, card)
    return card


def readme(card: Mapping[str, Any], use: str) -> str:
    """The card for people."""
    given = card["settings"]
    front = {
        "license": given["licence"],
        "tags": ["fractionate", "reasoning-distillation"],
        "configs": [{"config_name": "default", "data_files": card["file"]["name"]}],
        "fractionate": {
            name: value for name, value in card.items() if name not in ("settings", "file") and value
        }
        | {name: given[name] for name in ("recipe", "seed", "format", "student", "max_tokens", "input")}
        | {"sha256": card["file"]["sha256"]},
    }
    # JSON is YAML.
    header = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items())
    return f"---\n{header}\n---\n\n{_title(given)}\n\n{_counts(card)}\n\n## Use\n\n{use.rstrip()}\n"


def _title(given: Mapping[str, Any]) -> str:
    return (
        f"# {given['recipe']}, as {given['format']}\n\n"
        f"Made by fractionate {given['versions']['fractionate']}: recipe `{given['recipe']}`, seed {given['seed']}, "
        f"student `{given['student']}`, from `{given['input']['path']}` (SHA-256 `{given['input']['sha256']}`)."
    )


def _counts(card: Mapping[str, Any]) -> str:
    tokens = card["tokens"]
    estimated = tokens["counted_on"] < card["examples"]
    about = "about " if estimated else ""
    lines = [
        "| | |",
        "|---|---|",
        f"| traces | {card['traces']:,} |",
        f"| of them known to end wrong | {card['end_wrong']:,} |",
        f"| examples | {card['examples']:,} |",
        *(f"| left out: {reason} | {count:,} |" for reason, count in card["left_out"].items()),
        f"| rows that could not be read | {card['rejected_rows']:,} |",
        f"| tokens | {about}{tokens['all']:,} |",
        f"| tokens with loss | {about}{tokens['with_loss']:,} |",
        *(f"| of them {role} | {share:.1%} |" for role, share in card["roles"].items()),
        f"| longest example, in tokens | {tokens['longest']:,} |",
        f"| licence | {card['settings']['licence']} |",
    ]
    lines += [f"\n**{warning}**" for warning in card["warnings"]]
    if estimated:
        lines.append(f"\nTokens were counted on {tokens['counted_on']:,} of the examples, and scaled up.")
    return "\n".join(lines)
