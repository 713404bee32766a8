"""Generation speed beside `transformers.generate`: the same student, prompts, lengths and precision (bfloat16).

    python -m benchmarks.generate_speed               # a table
    python -m benchmarks.generate_speed --quick --json

`fixed`: 192 prompts, 100 new tokens each. `ragged`: 1,000 prompts whose answers end at their own lengths of 20 to 250
tokens, which no engine knows before. transformers runs at each of several batch sizes, the best of which counts, on
prompts sorted by length. Every run is a process of its own, loading is not counted. `many`: 4,000 prompts of the ragged
kind against vLLM, loading and start-up of both counted, where FRACTIONATE_VLLM names a Python that has it (not with
--quick). Growth: ours at 1, 4 and 16 times the prompts and the answers' length, exponents of time over work.
"""

import json
import random
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import Result, arguments, run_side, slope, take_turns
from fractionate.models import load_model
from fractionate.models.vllm_engine import vllm_interpreter
from fractionate.worlds import WORLDS, Dials

SIDE = "benchmarks.generate_side"


def main() -> None:
    """Measure, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each contestant (1)")
    parser.add_argument("--batch-sizes", type=int, nargs="*", help="of transformers (64 128 192; quick: 64)")
    parser.add_argument("--ragged", type=int, default=1000, help="prompts of the ragged suite (1000)")
    parser.add_argument("--many", type=int, default=4000, help="prompts of the suite against vLLM (4000)")
    options = parser.parse_args()
    sizes = options.batch_sizes or ([64] if options.quick else [64, 128, 192])
    works = {"fixed": fixed(64, 30), "ragged": ragged(96, 60)} if options.quick else {}
    many = options.many if not options.quick and vllm_interpreter() else 0
    works = works or {"fixed": fixed(192, 100), "ragged": ragged(options.ragged, 250)}
    contestants = {"ours": ["ours"]} | {f"transformers {size}": ["transformers", str(size)] for size in sizes}
    timed: dict[str, dict[str, list[Result]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, work in works.items():
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps(work))
            print(f"{name}: {sum(work['lengths'])} new tokens a run", file=sys.stderr)
            timed[name] = take_turns(contestants, SIDE, rounds=options.rounds, work=path)
        path = Path(folder) / "many.json"
        path.write_text(json.dumps(ragged(max(many, 768), 250)))
        grown = None if options.quick else run_side(SIDE, path, ["growth"])
        beside = {"ours": ["ours"], "vllm": ["vllm"]}
        against = take_turns(beside, SIDE, rounds=1, work=path) if many else None
    summary = summarize(timed) | growth(grown) | vllm(against)
    print(json.dumps(summary) if options.json else table(timed, summary))


def prompts(count: int) -> list[list[int]]:
    """Problems of the ledger world, as the student is asked them."""
    chat = load_model("smollm2-135m").chat
    dials = Dials(depth=(1, 3), distractors=(0, 1))
    return [chat.prompt(a.trace.problem) for a in WORLDS["ledger"].sample(count, seed=1, dials=dials)]


def fixed(count: int, new: int) -> dict[str, Any]:
    """Answers of one length."""
    return {"prompts": prompts(count), "lengths": [new] * count}


def ragged(count: int, longest: int) -> dict[str, Any]:
    """Answers of 20 tokens to `longest`, most of them short: log-uniform."""
    rng = random.Random(0)
    lengths = [round(20 * (longest / 20) ** rng.random()) for _ in range(count)]
    return {"prompts": prompts(count), "lengths": lengths}


def summarize(timed: dict[str, dict[str, list[Result]]]) -> dict[str, Any]:
    """The figures that the bars are about."""
    rates = {
        suite: {name: median(r["tokens_per_s"] for r in results) for name, results in sides.items()}
        for suite, sides in timed.items()
    }
    best = {
        suite: max(rate for name, rate in sides.items() if name != "ours") for suite, sides in rates.items()
    }
    return {
        "tokens_per_s": rates["fixed"]["ours"],
        "ratio_vs_transformers_fixed": rates["fixed"]["ours"] / best["fixed"],
        "ratio_vs_transformers_ragged": rates["ragged"]["ours"] / best["ragged"],
        "rates": rates,
    }


def growth(grown: Result | None) -> dict[str, Any]:
    """Exponents of time over the number of prompts and over the answers' length."""
    if grown is None:
        return {"exponent": None, "exponent_of_length": None, "growth": None}
    return {
        "exponent": slope(grown["prompts"], grown["prompts_s"]),
        "exponent_of_length": slope(grown["tokens"], grown["tokens_s"]),
        "growth": grown,
    }


def vllm(against: dict[str, list[Result]] | None) -> dict[str, Any]:
    """Ours over vLLM, start-up counted."""
    if against is None:
        return {"ratio_vs_vllm_with_startup": None, "many": None}
    rates = {name: results[0]["tokens_per_s_with_startup"] for name, results in against.items()}
    many = {name: results[0] for name, results in against.items()}
    return {"ratio_vs_vllm_with_startup": rates["ours"] / rates["vllm"], "many": many}


def table(timed: dict[str, dict[str, list[Result]]], summary: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{'new tokens/s':18} {'fixed':>8} {'ragged':>8} {'peak GB':>8}"]
    for name in timed["fixed"]:
        peak = max(r["peak_gb"] for suite in timed.values() for r in suite[name])
        rates = summary["rates"]
        lines.append(f"{name:18} {rates['fixed'][name]:8.0f} {rates['ragged'][name]:8.0f} {peak:8.2f}")
    for suite in ("fixed", "ragged"):
        lines.append(f"{suite}: {summary[f'ratio_vs_transformers_{suite}']:.2f} × transformers at its best")
    if summary["many"]:
        for name, found in summary["many"].items():
            lines.append(
                f"many, {name}: {found['tokens_per_s_with_startup']:.0f} new tokens/s with a start of "
                f"{found['startup_s']:.0f} s, {found['tokens_per_s']:.0f} without"
            )
        lines.append(f"many: {summary['ratio_vs_vllm_with_startup']:.2f} × vLLM, start-up counted")
    if summary["growth"]:
        lines.append(f"time grows with the number of prompts to the power {summary['exponent']:.2f}")
        lines.append(f"and with the length of answers to the power {summary['exponent_of_length']:.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
