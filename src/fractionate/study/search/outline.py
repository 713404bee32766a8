"""What a search would train and ask, compiled but not run: the ground that a plan stands on.

outline = outline_of(config)
outline.sizes["full"].cost.tokens          # what the candidate takes on all problems
outline.plan(config, pace).seconds
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from statistics import fmean

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.models import load_model
from fractionate.records import Item
from fractionate.study.compile import compile_arms
from fractionate.study.data import part_of
from fractionate.study.search.candidates import Candidate, Candidates
from fractionate.study.search.ground import prepare
from fractionate.study.search.pace import Pace
from fractionate.study.search.plan import SearchPlan, Sized, plan_of_search
from fractionate.study.search.trials import Sizes, derived
from fractionate.training import Lesson

BEYOND = 20
"""Tokens that an answer has beside what was taught: its end, and what students add."""


@dataclass(frozen=True)
class Outline:
    """Every candidate on all problems; `lessons` are the reference's."""

    candidates: Candidates
    sizes: Mapping[str, Sized]
    items: tuple[Item, ...]
    problems: int
    lessons: tuple[Lesson, ...]

    def plan(self, config: StudyConfig, pace: Pace) -> SearchPlan:
        """The plan of this search, or of a smaller version of it."""
        problems = min(config.data.train or self.problems, self.problems)
        items = part_of(self.items, config.transfer.share)
        part = problems / self.problems
        sizes = {name: _smaller(sized, part) for name, sized in self.sizes.items()}
        return plan_of_search(config, self.candidates, sizes, items, problems, pace)


def outline_of(config: StudyConfig, console: Console) -> Outline:
    """Prepare the ground and compile every candidate once; nothing is trained, nothing is kept."""
    whole = config.model_copy(update={"transfer": config.transfer.model_copy(update={"share": 1.0})})
    ground = prepare(whole, None, console)
    candidates, problems = ground.candidates, len(ground.problems)
    study = derived(config, "outline", candidates.arms(), Sizes(problems, config.seeds[:1]), {}, False)
    model = load_model(config.student.model, weights=False)
    compiled = {arm.recipe: arm for arm in compile_arms(study, model, ground.problems, "outline").arms}
    sizes = {}
    for name in candidates.names:
        arm = compiled[Candidate(name).arm]
        written = BEYOND + fmean(lesson.at(1.0).supervised for lesson in arm.examples)
        sizes[name] = Sized(arm.cost, written)
    lessons = compiled[candidates.references[0]].examples
    return Outline(candidates, sizes, ground.confirmation.items, problems, lessons)


def _smaller(sized: Sized, part: float) -> Sized:
    cost = sized.cost
    return sized._replace(
        cost=cost._replace(
            examples=ceil(part * cost.examples), updates=ceil(part * cost.updates), tokens=ceil(part * cost.tokens),
            supervised_tokens=ceil(part * cost.supervised_tokens), compute=part * cost.compute,
        )
    )  # fmt: skip
