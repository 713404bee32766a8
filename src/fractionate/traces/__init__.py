"""Traces: readers for the formats that people have, near-duplicate clusters and splits.

    reading = read_files(["traces/"])
    split = split_traces(reading.traces, seed=0)

A format of your own is a `Reader` registered with `@READERS.register("name")`, or by the entry-point group
"fractionate.reader".
"""

from fractionate.traces.base import READERS, Draft, Reader, Unusable, Where
from fractionate.traces.clusters import near_duplicates
from fractionate.traces.parts import split_parts
from fractionate.traces.reading import (
    FileReport,
    Reading,
    Rejected,
    read_files,
    read_traces,
    stream_files,
    write_rejected,
)
from fractionate.traces.splits import Split, split_traces

__all__ = [
    "READERS",
    "Draft",
    "FileReport",
    "Reader",
    "Reading",
    "Rejected",
    "Split",
    "Unusable",
    "Where",
    "near_duplicates",
    "read_files",
    "read_traces",
    "split_parts",
    "split_traces",
    "stream_files",
    "write_rejected",
]
