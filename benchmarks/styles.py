"""Do styles keep the answer, and how many problems do they change: a row for each style.

    python -m benchmarks.styles                          # 500 problems of the ledger, depth 1 to 5, 0 to 3 distractors
    python -m benchmarks.styles --count 2000 --beside svamp gsm8k_test --json

Each problem of the ledger is asked in every style, read back from the prompt's text alone and solved again
(`worlds.reparse`). `changed` is the share of problems that a style does something to, on the ledger and on the
benchmarks named by `--beside`, on which nothing can be solved again.
"""

import argparse
import json
from fractions import Fraction

from fractionate.transfer import STYLES, Problem, load_benchmark, share_changed
from fractionate.transfer.styles import prompted
from fractionate.worlds import WORLDS, Dials
from fractionate.worlds.reparse import reparse

DEPTHS, DISTRACTORS = range(1, 6), range(4)
SHOWN = 8
"""Problems for demonstrations."""


def main() -> None:
    """Ask, read back, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--beside", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    each = -(-options.count // (len(DEPTHS) * len(DISTRACTORS)))
    problems = [p for depth in DEPTHS for few in DISTRACTORS for p in ledger(each, depth, few, seed=1)]
    aside = ledger(SHOWN, depth=2, distractors=1, seed=2)
    beside = {name: load_benchmark(name) for name in options.beside}
    rows = {style: measured(style, problems, aside, beside) for style in sorted(STYLES)}
    summary = {"problems": len(problems), "styles": rows}
    print(json.dumps(summary) if options.json else table(summary["problems"], rows))


def ledger(count: int, depth: int, distractors: int, seed: int) -> list[Problem]:
    """Problems of one depth and number of distractors, worked."""
    dials = Dials(depth=(depth, depth), distractors=(distractors, distractors))
    traces = [a.trace for a in WORLDS["ledger"].sample(count, seed=seed, dials=dials)]
    return [
        Problem(f"{depth}/{distractors}/{t.id}", t.problem, t.gold or "", solution=t.text) for t in traces
    ]


def measured(
    style: str, problems: list[Problem], aside: list[Problem], beside: dict[str, list[Problem]]
) -> dict[str, float]:
    """The problems whose answer a style keeps, and the shares that it changes."""
    texts = [prompted(style, p, seed=0, aside=aside).text for p in problems]
    kept = sum(reparse(text) == Fraction(p.gold) for text, p in zip(texts, problems, strict=True))
    changed = {
        name: share_changed(style, some, aside=aside) for name, some in {"ledger": problems, **beside}.items()
    }
    return {"kept": kept, **changed}


def table(count: int, rows: dict[str, dict[str, float]]) -> str:
    """For people."""
    names = [name for name in next(iter(rows.values())) if name != "kept"]
    lines = [f"{'style':20} {'answer kept':>12} " + " ".join(f"{'changed ' + n:>20}" for n in names)]
    for style, row in rows.items():
        kept = f"{row['kept']}/{count}"
        lines.append(f"{style:20} {kept:>12} " + " ".join(f"{row[name]:20.3f}" for name in names))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
