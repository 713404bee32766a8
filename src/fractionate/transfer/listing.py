"""What a suite, a study or `evaluate` can be asked for by name: suites, styles, benchmarks, interventions, layers.

listed_for_transfer()[0]        # Part(kind="suite", name="transfer", options=(), about="Word problems of …")
"""

import inspect
from collections.abc import Mapping
from typing import Any

from fractionate.supervision.listing import Part
from fractionate.transfer.benchmarks import BENCHMARKS
from fractionate.transfer.interventions import INTERVENTIONS
from fractionate.transfer.layers import LAYERS
from fractionate.transfer.styles import STYLES
from fractionate.transfer.suite import load_suite, suite_names

KINDS: dict[str, Mapping[str, Any]] = {
    "style": STYLES,
    "benchmark": BENCHMARKS,
    "intervention": INTERVENTIONS,
    "layer": LAYERS,
}


def listed_for_transfer() -> list[Part]:
    """All of them, by kind and name, those of other packages too."""
    suites = [Part("suite", name, (), load_suite(name).about) for name in suite_names()]
    return suites + [
        Part(kind, name, (), _about(part))
        for kind, parts in KINDS.items()
        for name, part in sorted(parts.items())
    ]


def _about(part: Any) -> str:
    """What the part says of itself: its meaning, or the first line of its documentation."""
    said = getattr(part, "meaning", None) or inspect.getdoc(part) or ""
    return str(said).partition("\n")[0]
