"""Shared pieces of the tests: real data where it is, a tiny model, small traces."""

import os
from dataclasses import replace
from pathlib import Path

# Each of the processes that share the tests computes on one core: set before anything loads PyTorch.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from fractionate.models import Model, load_model
from fractionate.records import Anatomy, Link, Premise, Role, Span, Step, Trace
from fractionate.supervision import RECIPES

settings.register_profile("default", deadline=None)
settings.load_profile("default")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

WEIGHTS = Path(__file__).with_name("weights.json")
NEEDED = {"patterns": f"patterns?file={WEIGHTS}"}
EVERY_RECIPE = tuple(NEEDED.get(name, name) for name in RECIPES)
"""All recipes, with the options that they need."""


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real traces and benchmarks; tests that need it skip where it is absent."""
    named = os.environ.get("FRACTIONATE_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the development data: set FRACTIONATE_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def tiny() -> Model:
    """A random two-layer student with the real tokenizer."""
    return load_model("scratch:tiny")


@pytest.fixture(scope="session")
def smollm() -> Model:
    """The built-in student, as it came."""
    return load_model("smollm2-135m")


def make_anatomy(number: int = 3) -> Anatomy:
    """A small trace taken apart by hand: plan, restatement, two computations, filler, the answer."""
    pieces = [
        ("First find the boxes.", Role.DECOMPOSITION, "plan", "none", False),
        ("Tom has 3 boxes.", Role.LANGUAGE, "restate", "none", False),
        (
            f"So {number} * 4 = <<{number}*4={number * 4}>>{number * 4} pens.",
            Role.STRUCTURE,
            "compute",
            "all",
            True,
        ),
        (f"Then {number * 4} + 1 = {number * 4 + 1}.", Role.STRUCTURE, "compute", "all", True),
        ("That was fun!", Role.LANGUAGE, "filler", "none", False),
        (f"The answer is {number * 4 + 1}.", Role.STRUCTURE, "conclude", "all", False),
    ]
    text, steps = "", []
    for i, (piece, role, kind, paths, decision) in enumerate(pieces):
        text += "\n" if i == 3 else (" " if i else "")
        steps.append(
            Step(i, Span(len(text), len(text) + len(piece)), role, kind, paths=paths, decision=decision)
        )
        text += piece
    start = text.index("<<")
    problem = f"Tom has {number} boxes of 4 pens and 1 more pen. How many pens?"
    trace = Trace(f"t{number}", problem, text, Span(0, len(text)), answer=str(number * 4 + 1))
    links = (Link(3, 2), Link(5, 3))
    aside = Span(start, text.index(">>") + 2)
    return Anatomy(trace, (Premise(0, Span(0, len(problem)), ("4",)),), tuple(steps), links, asides=(aside,))


def with_loss_spans(anatomy: Anatomy) -> Anatomy:
    """The trace as a dataset would bring it that puts loss on the last step alone."""
    start = anatomy.steps[-1].span.start if len(anatomy.steps) > 1 else 0
    spans = [[0, start, 0.0], [start, len(anatomy.trace.text), 1.0]]
    metadata = {**anatomy.trace.metadata, "loss_spans": spans}
    return replace(anatomy, trace=replace(anatomy.trace, metadata=metadata))
