"""Does the search find what an exhaustive grid finds? Both on one study: the same students, the same questions.

    python -m studies.against_grid studies/mazes.toml --out runs/mazes

The search goes as the study file says. The grid trains every arm of half a factorial of roles on all problems, then
everything around the best that could still be cheaper, and confirms with the same rule; students that the search has
trained serve it too. The same command goes on where it was, prints both as Markdown, and writes `grid.json`.

What they cost is the training of every student that they need. Beside them stands the grid that confirms nothing
apart: all combinations of the roles, each trained as often as the search trains what it decides on (twice what half of
the combinations cost, for every role is off as often in one half as in the other).
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from fractionate.cli.base import folders, quiet_libraries
from fractionate.config import to_toml
from fractionate.report.search import write_search
from fractionate.report.search_told import searched
from fractionate.storage import write_json, write_text
from fractionate.study.search.candidates import Candidates
from fractionate.study.search.outcome import SearchDecision
from fractionate.study.search.run import Search
from fractionate.training import Trained


@dataclass(frozen=True)
class Side:
    """One way to the decision: what it found, and the students that it took."""

    name: str
    found: SearchDecision
    trained: Sequence[Trained]

    @property
    def flops(self) -> float:
        """Of all its trainings."""
        return sum(t.flops for t in self.trained)

    @property
    def chosen(self) -> tuple[str, int]:
        """The recipe that it confirms, and on how many problems."""
        return self.found.recipe, self.found.traces


def main() -> None:
    """Search, then the grid, then both side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("study", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--reuse", type=Path, action="append", default=[], help="a folder whose students serve here too"
    )
    options = parser.parse_args()
    quiet_libraries()
    console = Console(stderr=True)
    known = folders(options.reuse)
    search = replace(Search.from_toml(options.study, options.out / "search"), known=known)
    one = done(search, "search", console)
    exhaustive = search.config.search.model_copy(update={"rungs": (1.0,)})
    write_text(options.out / "grid.toml", to_toml(search.config.model_copy(update={"search": exhaustive})))
    console.rule("the grid")
    grid = Search.from_toml(options.out / "grid.toml", options.out / "grid")
    grid = replace(grid, known=(search.root, *known))
    other = done(grid, "grid", console)
    whole = everything(grid, other)
    write_json(options.out / "grid.json", as_dict(one, other, whole))
    print(table(one, other, whole))


def done(search: Search, name: str, console: Console) -> Side:
    """Run it, and leave its page beside what it decided."""
    found = search.run(console)
    write_search(searched(search.config, found), search.root)
    files = sorted(search.root.glob("trials/**/trained.json"))
    return Side(name, found, [Trained(**json.loads(file.read_text(encoding="utf-8"))) for file in files])


def everything(grid: Search, found: Side) -> float:
    """Training FLOPs of all combinations of the roles, with the seeds of the rungs and those of the confirmation."""
    known = json.loads((grid.root / "ground" / "candidates.json").read_text(encoding="utf-8"))
    costs = found.found.rungs[-1].costs
    half = sum(costs[arm.recipe].training_flops for arm in Candidates.from_dict(known).factorial)
    return 2 * half * (len(grid.config.seeds) + grid.config.search.confirm_seeds)


def as_dict(search: Side, grid: Side, whole: float) -> dict[str, Any]:
    """What is compared, as plain data."""
    sides = {
        side.name: {
            "chosen": side.chosen, "looked_good": side.found.sure, "decision": side.found.decision.as_dict(),
            "students": len(side.trained), "flops": side.flops,
        }
        for side in (search, grid)
    }  # fmt: skip
    decisions = [(s.found.decision.outcome, s.found.decision.recipe) for s in (search, grid)]
    same = {"same_choice": search.chosen == grid.chosen, "same_decision": decisions[0] == decisions[1]}
    return {**sides, **same, "every_combination_flops": whole}


def table(search: Side, grid: Side, whole: float) -> str:
    """Both side by side, and how every arm of the grid stands."""
    lines = ["| | search | grid |", "|---|---|---|"]
    rows: list[tuple[str, Callable[[Side], str]]] = [
        ("chosen", lambda s: "`{}` on {} problems".format(*s.chosen)),
        ("decision", lambda s: s.found.decision.summary),
        ("students trained", lambda s: str(len(s.trained))),
        ("training FLOPs", lambda s: f"{s.flops:.2e}"),
        ("of the grid", lambda s: f"{s.flops / grid.flops:.0%}"),
        ("of every combination, with as many seeds", lambda s: f"{s.flops / whole:.0%}"),
    ]
    lines += [f"| {name} | {of(search)} | {of(grid)} |" for name, of in rows]
    lines += ["", "| arm of the grid | T (95% interval) | tokens with loss | in the search |"]
    lines += ["|---|---:|---:|---|"]
    for name, value in sorted(grid.found.rungs[-1].transfer.items(), key=lambda pair: -pair[1].value):
        spent = grid.found.rungs[-1].costs.get(name)
        tokens = f"{spent.supervised_tokens:,}" if spent else "0"
        told = f"{value.value:.1%} ({value.low * 100:.1f} to {value.high * 100:.1f})"
        lines.append(f"| `{name}` | {told} | {tokens} | {came(search.found, name)} |")
    return "\n".join(lines)


def came(found: SearchDecision, name: str) -> str:
    """How far an arm came in the search."""
    reached = [rung for rung in found.rungs if name in rung.transfer]
    if not reached:
        return "not tried"
    return f"to {reached[-1].traces} problems"


if __name__ == "__main__":
    main()
