"""Training speed beside TRL's SFTTrainer: the same student, examples, updates and precision.

    python -m benchmarks.train_speed                  # a table
    python -m benchmarks.train_speed --quick --json

Timing: every contestant trains the same updates of eight full traces of the ledger world (quick: four), each in a
process of its own, by turns; start-up and the first two updates are not counted (quick: one). `trl` is SFTTrainer
with its defaults, `trl best` the fastest of its configurations that we found (BEST in `train_side`). Losses: apart
from the timing, identical batches in the same order with a constant learning rate; the gap is the largest relative
difference of an update's loss. Growth (not with --quick): ours at 1, 4 and 16 times the examples and the examples'
length, exponents of time over work.
"""

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import Result, arguments, run_side, slope, take_turns
from fractionate.models import load_model
from fractionate.supervision import encode, recipe
from fractionate.worlds import WORLDS, Dials

SIDE = "benchmarks.train_side"


def main() -> None:
    """Measure, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=None, help="turns of each contestant (3; quick: 1)")
    options = parser.parse_args()
    warm, updates, rounds, batch = (1, 2, 1, 4) if options.quick else (2, 6, 3, 8)
    contestants = {
        "ours": ["ours", "full"],
        "ours, points": ["ours", "points"],
        "trl": ["trl-default", "full"],
    }
    contestants["trl best"] = ["trl-best", "full"]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.json"
        work.write_text(json.dumps({"warm": warm} | examples(updates + warm, batch)))
        timed = take_turns(contestants, SIDE, rounds=options.rounds or rounds, work=work)
        curves = losses(work)
        grown = None if options.quick else run_side(SIDE, work, ["growth", "full"])
    summary = summarize(timed, curves) | growth(grown)
    print(json.dumps(summary) if options.json else table(timed, summary))


def losses(work: Path) -> dict[str, list[float]]:
    """Each side's loss of every update; both sides at once, since nothing is timed."""
    names = ("ours", "trl-default")
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(run_side, SIDE, work, [name, "full", "--losses"]) for name in names]
        return {name: run.result()["losses"] for name, run in zip(names, runs, strict=True)}


def growth(grown: Result | None) -> dict[str, Any]:
    """Exponents of time over the number of examples and over their length."""
    if grown is None:
        return {"exponent": None, "exponent_of_length": None, "growth": None}
    return {
        "exponent": slope(grown["updates"], grown["updates_s"]),
        "exponent_of_length": slope(grown["tokens"], grown["tokens_s"]),
        "growth": grown,
    }


def examples(updates: int, batch: int) -> dict[str, Any]:
    """Token ids and weights of the ledger's problems, full traces and decision points."""
    chat = load_model("smollm2-135m").chat
    dials = Dials(depth=(1, 3), distractors=(0, 1), verbosity="chatty")
    anatomies = WORLDS["ledger"].sample(batch * updates, seed=0, dials=dials)
    found: dict[str, Any] = {"batch": batch}
    for key, name in (("full", "full"), ("points", "decision_points")):
        encoded = [encode(chat, recipe(name)(anatomy)) for anatomy in anatomies]
        found[key] = [{"ids": e.ids, "weights": e.weights, "prompt": e.prompt_length} for e in encoded]
    return found


def summarize(timed: dict[str, list[Result]], curves: dict[str, list[float]]) -> dict[str, Any]:
    """The figures that the bars are about."""
    rates = {name: median(r["examples_per_s"] for r in results) for name, results in timed.items()}
    pairs = list(zip(curves["ours"], curves["trl-default"], strict=True))
    return {
        "examples_per_s": rates["ours"],
        "ratio_vs_trl_default": rates["ours"] / rates["trl"],
        "ratio_vs_trl_best": rates["ours"] / rates["trl best"],
        "ratio_points_vs_full": rates["ours, points"] / rates["ours"],
        "max_relative_loss_gap": max(abs(a - b) / b for a, b in pairs),
        "gemm_fraction": median(r["gemm_fraction"] for r in timed["ours"]),
        "peak_gb": max(r["peak_gb"] for r in timed["ours"]),
        "losses": {"ours": curves["ours"], "trl": curves["trl-default"]},
        "rounds": {name: [r["examples_per_s"] for r in results] for name, results in timed.items()},
        "trl_best": timed["trl best"][0]["configuration"],
    }


def table(timed: dict[str, list[Result]], summary: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{'':14} {'examples/s':>10} {'lowest':>8} {'highest':>8} {'peak GB':>8}"]
    for name, results in timed.items():
        rates = [r["examples_per_s"] for r in results]
        peak = max(r["peak_gb"] for r in results)
        lines.append(f"{name:14} {median(rates):10.2f} {min(rates):8.2f} {max(rates):8.2f} {peak:8.2f}")
    lines += [
        f"against TRL's defaults {summary['ratio_vs_trl_default']:.2f} ×",
        f"against TRL's best {summary['ratio_vs_trl_best']:.2f} × ({summary['trl_best']})",
        f"decision points against full traces {summary['ratio_points_vs_full']:.2f} ×",
        f"largest relative gap of an update's loss {100 * summary['max_relative_loss_gap']:.2f}%",
        f"share of the machine's bfloat16 matrix product {100 * summary['gemm_fraction']:.0f}%",
    ]
    if summary["growth"]:
        lines.append(f"time grows with the number of examples to the power {summary['exponent']:.2f}")
        lines.append(f"and with their length to the power {summary['exponent_of_length']:.2f}")
    lines += [
        "update: loss ours / TRL",
    ]
    both = zip(summary["losses"]["ours"], summary["losses"]["trl"], strict=True)
    lines += [f"{i:6}: {a:.4f} / {b:.4f}" for i, (a, b) in enumerate(both, 1)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
