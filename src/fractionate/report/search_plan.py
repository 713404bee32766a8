"""What a search will take, as a table in the terminal, and who takes part.

Console().print(plan_table(plan))
told(plan)                 # ["rung 1 has 3 arms: full, compact, roles?language=delete"]
"""

from rich.table import Table

from fractionate.study.progress import clock
from fractionate.study.search.plan import SearchPlan


def plan_table(plan: SearchPlan) -> Table:
    """What a search will take."""
    shown = Table(box=None, title="the search, before it is run", title_justify="left")
    for column in ("trial", "students", "problems", "time", "FLOPs"):
        shown.add_column(column, justify="left" if column == "trial" else "right")
    for trial in plan.trials:
        shown.add_row(
            trial.name, str(trial.students), str(trial.problems), clock(trial.seconds), f"{trial.flops:.2e}"
        )
    shown.add_row(
        "all", str(sum(t.students for t in plan.trials)), "", clock(plan.seconds), f"{plan.flops:.2e}"
    )
    shown.caption = (
        f"training holds about {plan.memory / 2**30:.1f} GiB; {plan.promise}; the confirmation: {plan.power}"
    )
    return shown


def told(plan: SearchPlan) -> list[str]:
    """The arms by name, as far as they are known before anything is trained."""
    return [
        f"{trial.name} has {len(trial.arms)} arms: {', '.join(trial.arms)}"
        for trial in plan.trials
        if trial.arms
    ]
