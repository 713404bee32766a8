"""What a search chooses from: the recipes of the study file, and the roles of its traces switched on and off.

found = candidates_of(config, anatomies)
found.names           # ("full", "solution_only", "compact", "decision_points", …, "roles?language=delete", …)
found.factorial       # FactorialArm(recipe="full", on=frozenset({"structure", …})), …
found.around          # combinations that half of a factorial leaves out, of those that may be chosen
found.references      # ("full", "solution_only", "compact"): the best of them is what none may be worse than
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from fractionate.config import StudyConfig
from fractionate.records import Anatomy
from fractionate.study.decide import CONTROLS, REFERENCES
from fractionate.study.rows import ORDERED, WITH, arm_names
from fractionate.study.search.factors import EVERYTHING, FactorialArm, factorial, switchable


class Candidate(NamedTuple):
    """A name as users write it, taken apart."""

    name: str

    @property
    def arm(self) -> str:
        """The arm's name within its study."""
        return self.name.partition(ORDERED)[0]

    @property
    def order(self) -> str:
        """The order in which traces are taken; empty for the study's own."""
        return self.name.partition(ORDERED)[2]

    @property
    def recipe(self) -> str:
        """The registered recipe or schedule, without options."""
        return self.arm.removesuffix(WITH).partition("?")[0]


@dataclass(frozen=True, slots=True)
class Candidates:
    """`names` in order, each once; `facts` are sentences on what was left out.

    `around` are not among the names: they are tried next to the best.
    """

    names: tuple[str, ...]
    references: tuple[str, ...]
    factors: tuple[str, ...]
    factorial: tuple[FactorialArm, ...]
    facts: tuple[str, ...]
    around: tuple[FactorialArm, ...] = ()

    def all(self) -> list[str]:
        """The names, and those that are tried next to the best."""
        return [*self.names, *(arm.recipe for arm in self.around)]

    def arms(self) -> list[str]:
        """All arms, each once whatever its order of traces."""
        return list(dict.fromkeys(Candidate(name).arm for name in self.all()))

    def without(self, left_out: Mapping[str, str]) -> "Candidates":
        """Without some, each for a reason; `full` stays."""
        gone = {name: why for name, why in left_out.items() if name != EVERYTHING}
        if not gone:
            return self
        told = [f"{name}: {why}" for name, why in gone.items()]
        whole = all(arm.recipe not in gone for arm in self.factorial)
        return replace(
            self,
            names=tuple(name for name in self.names if name not in gone),
            references=tuple(name for name in self.references if name not in gone),
            factorial=self.factorial if whole else (),
            around=tuple(arm for arm in self.around if arm.recipe not in gone),
            facts=(*self.facts, f"left out: {'; '.join(told)}"),
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "names": self.names,
            "references": self.references,
            "factors": self.factors,
            "factorial": [{"recipe": arm.recipe, "on": sorted(arm.on)} for arm in self.factorial],
            "around": [{"recipe": arm.recipe, "on": sorted(arm.on)} for arm in self.around],
            "facts": self.facts,
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Candidates":
        """What `as_dict` gave."""
        arms, around = (
            tuple(FactorialArm(arm["recipe"], frozenset(arm["on"])) for arm in given[key])
            for key in ("factorial", "around")
        )
        names, references, factors, facts = (
            tuple(given[key]) for key in ("names", "references", "factors", "facts")
        )
        return cls(names, references, factors, arms, facts, around)


def eligible(name: str) -> bool:
    """Whether a candidate may be chosen: controls, and recipes that destroy on purpose, are compared only."""
    destroyed = ("structure=break", "content=swap")
    return Candidate(name).recipe not in CONTROLS and not any(part in name for part in destroyed)


def candidates_of(config: StudyConfig, anatomies: Sequence[Anatomy]) -> Candidates:
    """All candidates of a search over these traces."""
    references = [config.arms.reference] if config.arms.reference else list(REFERENCES)
    factors, absent = _factors(config, anatomies)
    arms = factorial(factors, half=config.search.roles == "half") if len(factors) > 1 else []
    named = [*arm_names(config), *config.search.recipes]
    names = dict.fromkeys([*references, *named, *(arm.recipe for arm in arms)])
    more = factorial(factors, half=False) if arms else []
    around = tuple(arm for arm in more if arm.recipe not in names and eligible(arm.recipe))
    facts = [f"these traces have next to no {', no '.join(absent)}: not switched"] if absent else []
    return Candidates(tuple(names), tuple(references), tuple(factors), tuple(arms), tuple(facts), around)


def _factors(config: StudyConfig, anatomies: Sequence[Anatomy]) -> tuple[list[str], list[str]]:
    """Those to switch, and those that would be if the traces had enough of them."""
    if config.search.roles == "none":
        return [], []
    present, absent = switchable(anatomies)
    wanted = config.search.factors
    return [f for f in present if f in wanted], [f for f in absent if f in wanted]
