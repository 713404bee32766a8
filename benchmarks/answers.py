"""How far answer checking agrees with people's labels, and with math-verify's own tests.

    python -m benchmarks.answers --data DIR
    python -m benchmarks.answers --data DIR --math-verify-tests math_verify-0.9.0/tests --json

DIR holds `gsm8k_example_model_solutions.jsonl`: four models' solutions to each GSM8K test question with `is_correct`.
The tests of math-verify are those of its source distribution (`pip download --no-deps --no-binary :all: math-verify`).
Baselines are the last number of the text, as text and as a number, and math-verify alone on the extracted answer.
Intervals are Wilson's, 95%.
"""

import argparse
import importlib.util
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scipy.stats import binomtest

from fractionate.checking import extract_answer, same_answer
from fractionate.checking.worker import same_formula

FILE = "gsm8k_example_model_solutions.jsonl"


class Labelled(NamedTuple):
    """One solution with its label."""

    place: str
    gold: str
    text: str
    right: bool


class Case(NamedTuple):
    """One row of math-verify's tests; `passes` with the test's own options, `default` is the verdict without any."""

    test: str
    gold: str
    answer: str
    expected: bool
    passes: bool
    default: bool


def main() -> None:
    """Compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help=f"the folder of {FILE}")
    parser.add_argument(
        "--math-verify-tests", type=Path, help="the tests of math-verify's source distribution"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    if options.data:
        found["labels"] = labels(options.data / FILE)
    if options.math_verify_tests:
        found["math_verify"] = math_verify(options.math_verify_tests)
    if not found:
        parser.error("give --data, --math-verify-tests, or both")
    print(json.dumps(found, ensure_ascii=False) if options.json else _page(found))


def labels(file: Path) -> dict[str, Any]:
    """Agreement with `is_correct`, ours and the baselines', and every disagreement of ours."""
    rows = list(_solutions(file))
    print(f"{len(rows)} labelled solutions …", file=sys.stderr)
    judges: dict[str, Callable[[Labelled], bool | None]] = {
        "ours": lambda row: same_answer(row.gold, extract_answer(row.text)).same,
        "math-verify on our extraction": lambda row: _math_verify_alone(row.gold, extract_answer(row.text)),
        "last number, as a number": lambda row: _number(_last(row.text)) == _number(row.gold),
        "last number, as text": lambda row: _last(row.text) == row.gold,
    }
    verdicts = {name: [judge(row) for row in rows] for name, judge in judges.items()}
    disagreements = [
        {"place": row.place, "is_correct": row.right, "ours": ours, "gold": row.gold, "text": row.text[-200:]}
        for row, ours in zip(rows, verdicts["ours"], strict=True)
        if ours is not row.right
    ]
    agreement = {
        name: _share([verdict is row.right for row, verdict in zip(rows, given, strict=True)])
        for name, given in verdicts.items()
    }
    return {"agreement": agreement, "disagreements": disagreements}


def math_verify(folder: Path) -> dict[str, Any]:
    """Our verdict on every case of math-verify's tests that compares two answers."""
    cases = list(_cases(folder))
    print(f"{len(cases)} cases of math-verify …", file=sys.stderr)
    ours = [same_answer(case.gold, case.answer).same for case in cases]
    others = [
        {**case._asdict(), "ours": verdict}
        for case, verdict in zip(cases, ours, strict=True)
        if verdict is not case.expected
    ]
    return {
        "cases": len(cases),
        "as expected": {
            "ours": len(cases) - len(others),
            "math-verify, by each test's options": sum(case.passes for case in cases),
            "math-verify, by default": sum(case.default is case.expected for case in cases),
        },
        "not as expected": others,
    }


def _solutions(file: Path) -> Iterator[Labelled]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            gold = extract_answer(row["ground_truth"])
            assert gold is not None, f"{file}:{number}: no right answer"
            for model, solution in row.items():
                if isinstance(solution, dict):
                    place = f"{file.name}:{number} {model}"
                    yield Labelled(place, gold, solution["solution"], solution["is_correct"])


def _last(text: str) -> str:
    numbers = [word for word in text.replace("$", " ").split() if any(c.isdigit() for c in word)]
    return numbers[-1].rstrip(".") if numbers else ""


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _math_verify_alone(gold: str, answer: str | None) -> bool:
    return answer is not None and bool(same_formula(gold, answer))


def _cases(folder: Path) -> Iterator[Case]:
    from math_verify import parse, verify

    logging.disable()
    sys.path[:0] = [str(folder.resolve().parent)]
    for file in sorted(folder.glob("test_*.py")):
        for name, test, names, values in _parametrized(file):
            for row in values:
                given = dict(zip(names, row, strict=True))
                if "gold" in given and "pred" in given:
                    expected = bool(given.get("expected", given.get("result")))
                    default = bool(verify(parse(given["gold"]), parse(given["pred"])))
                    passes = _passes(test, given)
                    yield Case(name, given["gold"], given["pred"], expected, passes, default)


def _parametrized(file: Path) -> Iterator[tuple[str, Callable[..., None], list[str], list[tuple[Any, ...]]]]:
    spec = importlib.util.spec_from_file_location(f"tests.{file.stem}", file)
    assert spec is not None and spec.loader is not None, f"{file} is no module"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, test in vars(module).items():
        for mark in getattr(test, "pytestmark", []):
            if mark.name == "parametrize" and test.__module__ == module.__name__:
                yield f"{file.stem}.{name}", test, [n.strip() for n in mark.args[0].split(",")], mark.args[1]


def _passes(test: Callable[..., None], given: dict[str, Any]) -> bool:
    try:
        test(**given)
    except AssertionError:
        return False
    return True


def _share(hits: list[bool]) -> dict[str, float]:
    count, total = sum(hits), len(hits)
    interval = binomtest(count, total).proportion_ci(0.95, "wilson")
    return {"agree": count, "of": total, "share": count / total, "low": interval.low, "high": interval.high}


def _page(found: dict[str, Any]) -> str:
    lines = []
    if labels := found.get("labels"):
        for name, share in labels["agreement"].items():
            interval = f"[{share['low']:.2%}, {share['high']:.2%}]"
            lines.append(f"{name:32} {share['agree']:5} of {share['of']}  {share['share']:.2%} {interval}")
        lines += [f"disagreements: {len(labels['disagreements'])}", *map(str, labels["disagreements"])]
    if table := found.get("math_verify"):
        lines += [f"{name:38} {count} of {table['cases']}" for name, count in table["as expected"].items()]
        lines += [str(case) for case in table["not as expected"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
