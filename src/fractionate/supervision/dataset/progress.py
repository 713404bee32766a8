"""Progress of a compilation on a console: a live bar, or a line every few seconds where there is no terminal."""

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from fractionate.supervision.dataset.compile import Order, compile_dataset

LINE_EVERY_SECONDS = 10.0


def compile_with_progress(order: Order, console: Console) -> dict[str, Any]:
    """`compile_dataset`; the console is told how many traces are done, how long the rest takes, and the warnings."""
    columns = (TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("compiling", total=None)
        started = last = time.monotonic()

        def watch(done: int, total: int) -> None:
            nonlocal last
            bar.update(task, completed=done, total=total)
            now = time.monotonic()
            if not console.is_terminal and now - last > LINE_EVERY_SECONDS:
                left = (now - started) / done * (total - done)
                console.print(f"{done:,} of {total:,} traces, {left:.0f} s left", highlight=False)
                last = now

        card = compile_dataset(order, watch)
    for warning in card.get("warnings", ()):
        console.print(warning, soft_wrap=True, highlight=False, markup=False)
    return card
