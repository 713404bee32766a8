"""Generation speed beside `transformers.generate`: the same student, prompts, lengths and precision (bfloat16).

    python -m benchmarks.generate_speed               # a table
    python -m benchmarks.generate_speed --quick --json
    FRACTIONATE_VLLM=…/bin/python python -m benchmarks.generate_speed --suites many

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
SUITES = ("fixed", "ragged", "many", "growth")


def main() -> None:
    """Measure, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each contestant (1)")
    parser.add_argument("--batch-sizes", type=int, nargs="*", help="of transformers (64 128 192; quick: 64)")
    parser.add_argument("--suites", nargs="*", choices=SUITES, help="all of them; quick: fixed ragged")
    options = parser.parse_args()
    suites = options.suites or (SUITES[:2] if options.quick else SUITES)
    sizes = options.batch_sizes or ([64] if options.quick else [64, 128, 192])
    with tempfile.TemporaryDirectory() as folder:
        measured = {
            suite: measure(suite, Path(folder), options.quick, sizes, options.rounds) for suite in suites
        }
    summary = summarize(measured)
    print(json.dumps(summary) if options.json else table(summary))


def measure(suite: str, folder: Path, quick: bool, sizes: list[int], rounds: int) -> Any:
    """What each contestant of a suite printed; None where there is no peer."""
    works = {
        "fixed": lambda: fixed(64, 30) if quick else fixed(192, 100),
        "ragged": lambda: ragged(96, 60) if quick else ragged(1000, 250),
        "many": lambda: ragged(4000, 250),
        "growth": lambda: fixed(768, 250),
    }
    work = folder / f"{suite}.json"
    work.write_text(json.dumps(works[suite]()))
    if suite == "growth":
        return run_side(SIDE, work, ["growth"])
    peers = {f"transformers {size}": ["transformers", str(size)] for size in sizes}
    if suite == "many":
        if vllm_interpreter() is None:
            return None
        peers = {"vllm": ["vllm"]}
    print(f"{suite} …", file=sys.stderr)
    return take_turns({"ours": ["ours"]} | peers, SIDE, rounds=rounds, work=work)


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


def summarize(measured: dict[str, Any]) -> dict[str, Any]:
    """The figures that the bars are about; None for what was not measured."""
    rates = {
        suite: {name: median(r["tokens_per_s"] for r in results) for name, results in measured[suite].items()}
        for suite in ("fixed", "ragged")
        if suite in measured
    }
    best = {
        suite: max(rate for name, rate in sides.items() if name != "ours") for suite, sides in rates.items()
    }
    ratios = {suite: rates[suite]["ours"] / best[suite] for suite in rates}
    return {
        "tokens_per_s": rates["fixed"]["ours"] if "fixed" in rates else None,
        "ratio_vs_transformers_fixed": ratios.get("fixed"),
        "ratio_vs_transformers_ragged": ratios.get("ragged"),
        **against_vllm(measured.get("many")),
        **growth(measured.get("growth")),
        "runs": measured,
    }


def growth(grown: Result | None) -> dict[str, Any]:
    """Exponents of time over the number of prompts and over the answers' length."""
    if grown is None:
        return {"exponent": None, "exponent_of_length": None}
    return {
        "exponent": slope(grown["prompts"], grown["prompts_s"]),
        "exponent_of_length": slope(grown["tokens"], grown["tokens_s"]),
    }


def against_vllm(many: dict[str, list[Result]] | None) -> dict[str, Any]:
    """Ours over vLLM, start-up counted."""
    if many is None:
        return {"ratio_vs_vllm_with_startup": None}
    ours, vllm = (median(r["tokens_per_s_with_startup"] for r in many[name]) for name in ("ours", "vllm"))
    return {"ratio_vs_vllm_with_startup": ours / vllm}


def table(summary: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{'new tokens/s':24} {'median':>8} {'with start':>10} {'peak GB':>8}"]
    for suite, sides in summary["runs"].items():
        if suite == "growth" or sides is None:
            continue
        for name, results in sides.items():
            rate, started = (
                median(r[key] for r in results) for key in ("tokens_per_s", "tokens_per_s_with_startup")
            )
            peak = max((f"{r['peak_gb']:8.2f}" for r in results if r["peak_gb"]), default="")
            lines.append(f"{suite + ', ' + name:24} {rate:8.0f} {started:10.0f} {peak}")
    told = {
        "ratio_vs_transformers_fixed": "fixed: {:.2f} × transformers at its best",
        "ratio_vs_transformers_ragged": "ragged: {:.2f} × transformers at its best",
        "ratio_vs_vllm_with_startup": "many: {:.2f} × vLLM, start-up counted",
        "exponent": "time grows with the number of prompts to the power {:.2f}",
        "exponent_of_length": "and with the length of answers to the power {:.2f}",
    }
    lines += [text.format(summary[key]) for key, text in told.items() if summary[key] is not None]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
