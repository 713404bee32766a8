"""Sufficiency: do the decision points alone carry the answer to a student that was taught nothing?

    python -m studies.sufficiency --data ../shared/data --out runs/sufficiency
    python -m studies.sufficiency --data ../shared/data --out runs/sufficiency --traces 30       # a first look

The untouched student reads a problem and some steps of a teacher's trace, then "The answer is 18.". Measured is the
log-probability of the right answer and its full stop, in nats. The decision points stand against random steps of the
same trace, cut off at exactly the same number of tokens, several draws a trace. Steps that state the answer's value
are the easy way to it, so the comparison is made three times: as the steps come, with those steps given to both sides,
and to neither. A fourth asks for the digits in the step that first states the answer, its words given, from what stands
before it: there only what the answer is made of can be copied. Intervals draw questions with replacement.

A row a trace is appended to rows.jsonl; the same command goes on where it was, and prints the table.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from fractionate.anatomy import analyze
from fractionate.anatomy.effects import answer_tokens
from fractionate.anatomy.shown import Shown, show
from fractionate.anatomy.values import canonical_answer, mentions
from fractionate.checking import same_answer
from fractionate.models import Model, keep_memory, load_model
from fractionate.models.score import Passage, score
from fractionate.records import Anatomy
from fractionate.supervision.base import quotable
from fractionate.traces import read_traces

TEACHER = "traces/gsm8k_test_four_models/gpt-4o-2024-08-06.json"
DRAWS = 4
AT_ONCE = 8
"""Traces whose readings are packed together."""
RESAMPLES = 10_000
AS_THEY_COME = "as they come"
ON_BOTH = "answer stated on both sides"
ON_NEITHER = "answer stated on neither"
STATING_STEP = "digits of the step that first states it"
WAYS = (AS_THEY_COME, ON_BOTH, ON_NEITHER, STATING_STEP)

Row = dict[str, float]


class Sides(NamedTuple):
    """One comparison: steps that both sides read, decision points, the pool that random steps are drawn from, and the
    step that is asked for (None: the answer)."""

    both: set[int]
    decisions: set[int]
    pool: set[int]
    asked: int | None = None


def main() -> None:
    """Read what is missing, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds traces/")
    parser.add_argument("--out", type=Path, default=Path("runs/sufficiency"))
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--traces", type=int, default=300)
    options = parser.parse_args()
    keep_memory()
    chosen = eligible(options.data / TEACHER)[: options.traces]
    path = options.out / f"rows-{options.model.replace('/', '-').replace(':', '-')}.jsonl"
    rows = read_rows(path)
    missing = [a for a in chosen if a.trace.id not in rows]
    if missing:
        model = load_model(options.model, dtype=torch.bfloat16)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for id, row in readings(model, missing):
                file.write(json.dumps({"id": id, **row}) + "\n")
                file.flush()
                rows[id] = row
    print(table([rows[a.trace.id] for a in chosen]))


def eligible(file: Path) -> list[Anatomy]:
    """Right traces, in a random order, whose decision points are some of their steps but not all."""
    found = []
    for trace in read_traces(file):
        if trace.gold is None or not same_answer(trace.gold, trace.answer).same:
            continue
        anatomy = analyze(trace)
        steps = {s.index for s in quotable(anatomy)}
        decisions = {s.index for s in anatomy.decision_points()} & steps
        if decisions and decisions < steps:
            found.append(anatomy)
    print(f"{len(found):,} right traces have some steps that are no decision points", file=sys.stderr)
    return random.Random(0).sample(found, len(found))


def read_rows(path: Path) -> dict[str, Row]:
    """What earlier runs have measured; a line that was cut off is measured again."""
    rows: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        rows[row.pop("id")] = row
    return rows


def readings(model: Model, anatomies: Sequence[Anatomy]) -> Iterator[tuple[str, Row]]:
    """Each trace's measures, a few traces at a time."""
    batches = [anatomies[i : i + AT_ONCE] for i in range(0, len(anatomies), AT_ONCE)]
    for batch in track(batches, "reading", console=Console(stderr=True)):
        asked = [passages(model, anatomy) for anatomy in batch]
        values = iter(score(model, list(chain.from_iterable(a.values() for a in asked))))
        for anatomy, by_name in zip(batch, asked, strict=True):
            sums = [asked_for(model, name, p, next(values)) for name, p in by_name.items()]
            yield anatomy.trace.id, measures(by_name, sums)


def passages(model: Model, anatomy: Anatomy) -> dict[str, Passage]:
    """What the student reads, by name; `way:side` and `way:random:draw` for the comparisons."""
    shown = show(model.chat, anatomy)
    cuts = shown.cuts(anatomy)
    answer = answer_tokens(model.chat, str(anatomy.trace.gold))
    steps = sorted(s.index for s in quotable(anatomy))
    plain = {"nothing": [], "needed": needed(anatomy), "all but the last": steps[:-1], "all steps": steps}
    found = {name: passage(shown, shown.cut_out(cuts, kept), answer) for name, kept in plain.items()}
    for way, sides in comparisons(anatomy).items():
        end = answer
        if sides.asked is not None:
            end = Passage(shown.ids[cuts[sides.asked] : cuts[sides.asked + 1]], 0)
            found[f"{way}:nothing"] = passage(shown, [], end)
        chosen = sorted(sides.decisions | sides.both)
        size = sum(cuts[i + 1] - cuts[i] for i in sides.decisions)
        found[f"{way}:decisions"] = passage(shown, shown.cut_out(cuts, chosen), end)
        for draw in range(DRAWS):
            rng = random.Random(f"{anatomy.trace.id}:{way}:{draw}")
            kept = random_tokens(shown, cuts, sides, size, rng)
            found[f"{way}:random:{draw}"] = passage(shown, kept, end)
    return found


def asked_for(model: Model, name: str, passage: Passage, logprobs: Sequence[float]) -> float:
    """The sum over the answer's tokens, or over the digits where a whole step was read."""
    if not name.startswith(STATING_STEP):
        return sum(logprobs)
    words = model.tokenizer.convert_ids_to_tokens(list(passage.ids[passage.start :]))
    return sum(value for word, value in zip(words, logprobs, strict=True) if any(c.isdigit() for c in word))


def passage(shown: Shown, ids: Sequence[int], end: Passage) -> Passage:
    """The problem, these tokens, and an end that is asked for."""
    return Passage((*shown.prompt, *ids, *end.ids), len(shown.prompt) + len(ids) + end.start)


def needed(anatomy: Anatomy) -> list[int]:
    """What the recipe `compact` keeps."""
    return [s.index for s in quotable(anatomy) if s.paths != "none"]


def comparisons(anatomy: Anatomy) -> dict[str, Sides]:
    """The ways to treat steps that state the answer; those that this trace allows."""
    steps = {s.index for s in quotable(anatomy)}
    decisions = {s.index for s in anatomy.decision_points()} & steps
    answer = canonical_answer(anatomy.trace.gold)
    stating = {i for i in steps if answer in values_of(anatomy, i)}
    first = min(stating, default=0)
    before = {i for i in steps if i < first}
    ways = {
        AS_THEY_COME: Sides(set(), decisions, steps),
        ON_BOTH: Sides(stating, decisions - stating, steps - stating),
        ON_NEITHER: Sides(set(), decisions - stating, steps - stating),
        STATING_STEP: Sides(set(), decisions & before, before, first),
    }
    return {way: sides for way, sides in ways.items() if sides.decisions and sides.decisions < sides.pool}


def values_of(anatomy: Anatomy, index: int) -> set[str]:
    """The values that a step mentions, in every reading."""
    text = anatomy.steps[index].span.of(anatomy.trace.text)
    return {reading for mention in mentions(text) for reading in mention.readings}


def random_tokens(
    shown: Shown, cuts: Sequence[int], sides: Sides, size: int, rng: random.Random
) -> list[int]:
    """Random steps of the pool, the last one cut off where `size` tokens are full; beside what both sides read."""
    ranges = [range(cuts[i], cuts[i + 1]) for i in sides.both]
    for i in rng.sample(sorted(sides.pool), len(sides.pool)):
        taken = range(cuts[i], min(cuts[i + 1], cuts[i] + size))
        size -= len(taken)
        ranges.append(taken)
    places = sorted(chain.from_iterable(ranges))
    while places and shown.starts[places[-1]] == shown.ends[places[-1]]:
        places.pop()
    return [shown.ids[p] for p in places]


def measures(by_name: dict[str, Passage], logprobs: Sequence[float]) -> Row:
    """Log-probabilities by name and sizes in tokens, random draws averaged."""
    row: Row = {}
    draws: dict[str, list[tuple[float, int]]] = {}
    for (name, passage), value in zip(by_name.items(), logprobs, strict=True):
        key = name.rsplit(":", 1)[0] if ":random:" in name else name
        nothing = by_name[STATING_STEP + ":nothing" if key.startswith(STATING_STEP) else "nothing"]
        draws.setdefault(key, []).append((value, len(passage.ids) - len(nothing.ids)))
    for key, found in draws.items():
        row[key], row[f"{key} tokens"] = (float(np.mean(column)) for column in zip(*found, strict=True))
    return row


def table(rows: Sequence[Row]) -> str:
    """Means, and paired differences with 95% intervals, as Markdown."""
    names = [key for key in max(rows, key=len) if not key.endswith(" tokens")]
    lines = [
        "| the student reads the problem and | traces | tokens | log-probability |",
        "|---|---:|---:|---:|",
    ]
    for name in names:
        values = [r[name] for r in rows if name in r]
        sizes = [r[f"{name} tokens"] for r in rows if name in r]
        lines.append(f"| {name} | {len(values)} | {np.mean(sizes):.1f} | {np.mean(values):.2f} |")
    lines += ["", "| decision points − random steps | traces | difference | 95% interval | better in |"]
    lines += ["|---|---:|---:|---:|---:|"]
    for way in WAYS:
        gaps = np.array([r[f"{way}:decisions"] - r[f"{way}:random"] for r in rows if f"{way}:random" in r])
        if not len(gaps):
            continue
        low, high = interval(gaps)
        better = np.mean(gaps > 0)
        lines.append(
            f"| {way} | {len(gaps)} | {gaps.mean():+.2f} | {low:+.2f} to {high:+.2f} | {better:.0%} |"
        )
    return "\n".join(lines)


def interval(values: Any) -> tuple[float, float]:
    """95% percentile interval of the mean, drawing questions with replacement."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
