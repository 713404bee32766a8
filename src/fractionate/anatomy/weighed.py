"""Weighed: one trace's importances in the terminal, a row for each step that a model was asked about.

rich.print(weighed(anatomy))
# step  kind     paths  falls with it  surprise  effect
#    2  compute  ★ all            40%      1.92   +2.31

`paths` and `falls with it` are structural: the paths to the answer that need the step (★ a decision point), and the
share of the trace's steps that use it. `surprise` is in nats a token, `effect` in nats of the answer's log-probability.
"""

from rich.table import Table

from fractionate.anatomy.agreement import Weight, weights
from fractionate.records import Anatomy


def weighed(anatomy: Anatomy) -> Table:
    """The three importances side by side; no rows where no model was asked."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("step", justify="right")
    table.add_column("kind")
    for head in ("paths", "falls with it", "surprise", "effect"):
        table.add_column(head, justify="right", no_wrap=True)
    for weight in weights(anatomy):
        table.add_row(*_cells(anatomy, weight))
    return table


def _cells(anatomy: Anatomy, weight: Weight) -> tuple[str, ...]:
    step = anatomy.steps[weight.step]
    return (
        str(step.index + 1),
        step.kind,
        ("★ " if step.decision else "") + step.paths,
        f"{weight.collapse:.0%}",
        "" if weight.surprise is None else f"{weight.surprise:.2f}",
        "" if weight.effect is None else f"{weight.effect:+.2f}",
    )
