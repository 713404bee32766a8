"""Benchmarks: problems with right answers, from a file, a data set's name or a generator, registered by name.

    load_benchmark("svamp", limit=100)                          # a file of $FRACTIONATE_DATA/benchmarks
    load_benchmark("gsm_plus:GSM-Plus.json?type=critical_thinking")   # a file of yours, in its published layout
    load_benchmark("gsm_symbolic:hf:apple/GSM-Symbolic?config=p1")    # by the `datasets` library
    load_benchmark("my/questions.jsonl")                        # {question|problem|input, answer|target|gold} rows
    load_benchmark("hf:org/name?split=test")                    # the same rows, by the `datasets` library
    load_benchmark("gym:chain_sum?min_terms=2&max_terms=3", limit=50)    # a reasoning-gym family

    Problem(id="svamp#0", text="There are 87 oranges … how big is each group?", gold="145", checker="math")

A benchmark of your own is a function `(argument, limit) -> list[Problem]`, registered with
`@BENCHMARKS.register("name")` or by the entry-point group "fractionate.benchmark"; `argument` is what follows
the name. One that is a file of rows is less: a function from a row to a `Draft`, registered with `layout`.
"""

from fractionate.transfer.benchmarks import choices, logic, variants, words
from fractionate.transfer.benchmarks.base import (
    BENCHMARKS,
    Loader,
    Problem,
    check_benchmark,
    fitting_checker,
    load_benchmark,
)
from fractionate.transfer.benchmarks.files import data_folder
from fractionate.transfer.benchmarks.layouts import Draft, layout, read_problems

__all__ = [
    "BENCHMARKS",
    "Draft",
    "Loader",
    "Problem",
    "check_benchmark",
    "choices",
    "data_folder",
    "fitting_checker",
    "layout",
    "load_benchmark",
    "logic",
    "read_problems",
    "variants",
    "words",
]
