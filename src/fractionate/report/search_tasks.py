"""Tasks × candidates: what is smallest for each task, among those that came to the end and among all of them.

last, first = tasks_of_rungs(seen)
last.part.title                # "Tasks and granularity"
first.part.title               # "Tasks and granularity, all candidates on 80 problems"
"""

from collections.abc import Sequence
from typing import NamedTuple

from fractionate.config import BASE
from fractionate.formats import compact, percent
from fractionate.report.parts import Part, Row
from fractionate.report.search_told import Searched
from fractionate.report.shown import Shown, difference
from fractionate.study.search.rungs import Rung, cost_of
from fractionate.study.search.tasks import Task

TASKS, SMALLEST = "Tasks and granularity", "smallest"
ABOUT = (
    "Accuracy on each task by itself; below it the difference to the reference, 95%. Smallest is the cheapest "
    "candidate that looks not worse there{among}. These are the questions for development, with as many chances to be "
    "lucky as there are cells: a place to look, not a decision."
)
LEFT = ", of those that came to the last rung: what went before went for its accuracy on all tasks together"
EARLY = ", of all that were tried, on few problems and some of the questions"


class Tasked(NamedTuple):
    """The table of a rung's tasks, and the tasks themselves; its first row is what each candidate costs."""

    part: Part
    tasks: Sequence[Task]


def tasks_of_rungs(seen: Searched) -> list[Tasked]:
    """The last rung's, then that of the first, where all candidates were; none without an answer that was checked."""
    first, last = seen.found.rungs[0], seen.found.rungs[-1]
    early = f"{TASKS}, all candidates on {first.traces:,} problems"
    found = [
        Tasked(_part(seen, last, seen.found.tasks, TASKS, LEFT), seen.found.tasks),
        Tasked(_part(seen, first, seen.found.first_tasks, early, EARLY), seen.found.first_tasks),
    ]
    return [tasked for tasked in found if tasked.tasks]


def _part(seen: Searched, rung: Rung, tasks: Sequence[Task], title: str, among: str) -> Part:
    spent = {name: cost_of(costs, seen.config.search.cost) for name, costs in rung.costs.items()}
    names = _by_cost(rung, spent)
    cost = (seen.unit, [Shown(compact(spent.get(name, float("nan")))) for name in names])
    rows = [cost, *(_row(rung.judged.reference, task, names) for task in tasks)]
    return Part(title, ABOUT.format(among=among), names, rows)


def _by_cost(rung: Rung, spent: dict[str, float]) -> list[str]:
    """The candidates of a rung, the reference first, the untouched student last."""
    reference = rung.judged.reference
    return [reference, *sorted((n for n in spent if n != reference), key=lambda n: -spent[n]), BASE]


def _row(reference: str, task: Task, names: Sequence[str]) -> Row:
    cells = []
    for name in names:
        told = [difference(task.differences.get(name)).small] if name != reference else [_margin(task)]
        told += [SMALLEST] if name == task.smallest else []
        cells.append(Shown(percent(task.accuracies.get(name)), "; ".join(filter(None, told))))
    return f"{task.name}, {task.questions:,} questions", cells


def _margin(task: Task) -> str:
    if task.margin <= 0:
        return "nothing learned"
    return f"margin {100 * task.margin:.1f}; {SMALLEST}: {task.smallest or 'this'}"
