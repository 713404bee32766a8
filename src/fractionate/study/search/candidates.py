"""What a search chooses from: the recipes of the study file, and the roles of its traces switched on and off.

found = candidates_of(config, anatomies)
found.names           # ("full", "compact", "decision_points", …, "roles?language=delete", …)
found.factorial       # FactorialArm(recipe="full", on=frozenset({"structure", …})), …
found.references      # ("full", "compact"): what the others must not be worse than, the best of them
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fractionate.config import StudyConfig
from fractionate.records import Anatomy
from fractionate.study.decide import CONTROLS, REFERENCES
from fractionate.study.rows import WITH, arm_names
from fractionate.study.search.factors import FactorialArm, factorial, switchable


@dataclass(frozen=True, slots=True)
class Candidates:
    """`names` in order, each once; `facts` are sentences on what was left out."""

    names: tuple[str, ...]
    references: tuple[str, ...]
    factors: tuple[str, ...]
    factorial: tuple[FactorialArm, ...]
    facts: tuple[str, ...]

    def eligible(self, name: str) -> bool:
        """Whether it may be chosen: controls, and recipes that destroy on purpose, are compared only."""
        destroyed = ("structure=break", "content=swap")
        recipe = name.partition("@")[0].removesuffix(WITH).partition("?")[0]
        return recipe not in CONTROLS and not any(part in name for part in destroyed)


def candidates_of(config: StudyConfig, anatomies: Sequence[Anatomy]) -> Candidates:
    """All candidates of a search over these traces."""
    named = arm_names(config)
    usual = [config.arms.reference] if config.arms.reference else list(REFERENCES)
    references = [name for name in usual if name in named] or ["full"]
    factors, absent = switchable(anatomies) if config.search.roles != "none" else ([], [])
    arms = factorial(factors, half=config.search.roles == "half") if len(factors) > 1 else []
    names = dict.fromkeys([*references, *named, *(arm.recipe for arm in arms)])
    facts = [f"these traces have next to no {', no '.join(absent)}: not switched"] if absent else []
    return Candidates(tuple(names), tuple(references), tuple(factors), tuple(arms), tuple(facts))
