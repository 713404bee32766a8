"""Pass rates: how often the untouched student already answers each training problem.

    rates = pass_rates(config, anatomies, console)
    rates["Tom has 3 boxes …"]                 # 0.25: one of four samples was right

What the student answers already teaches it little; `data.select = "hard"` takes the problems that it fails first.
"""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress

from fractionate.config import BASE, StudyConfig
from fractionate.records import Anatomy
from fractionate.study.arms import sampling_of
from fractionate.study.asked import suite_of
from fractionate.transfer import Problem, items_for, score
from fractionate.transfer.asking import LocalStudent
from fractionate.transfer.benchmarks import fitting_checker


def pass_rates(
    config: StudyConfig, anatomies: Sequence[Anatomy], console: Console | None = None
) -> dict[str, float]:
    """The share of right answers to each problem (by its text), `transfer.samples` answers each."""
    items = items_for(
        _problems(anatomies, config.data.checker), cell="pass rate", family="in_format", style="plain",
        seed=config.data_seed, max_new_tokens=suite_of(config).max_new_tokens,
    )  # fmt: skip
    sampling = sampling_of(config.transfer, 0)
    rights: dict[str, list[bool]] = defaultdict(list)
    with (
        Progress(console=console or Console(stderr=True), transient=True) as bar,
        LocalStudent(config.student.model).open(items, sampling) as student,
    ):
        asked = bar.add_task("asking the untouched student", total=len(items) * sampling.samples)
        responses = student.respond(items, sampling, lambda rows: bar.advance(asked, rows))
    asks = {item.id: item.prompt for item in items}
    for scored in score(items, responses, arm=BASE, seed=config.data_seed):
        rights[asks[scored.item]].append(scored.right is True)
    return {problem: sum(found) / len(found) for problem, found in rights.items()}


def _problems(anatomies: Sequence[Anatomy], checker: str | None) -> list[Problem]:
    """Each problem once, with the answer that its trace has."""
    unique = {a.trace.problem: a.trace for a in anatomies if a.trace.gold is not None}
    return [
        Problem(
            t.id, t.problem, t.gold or "", checker=checker or fitting_checker(t.gold or ""), history=t.history
        )
        for t in unique.values()
    ]
