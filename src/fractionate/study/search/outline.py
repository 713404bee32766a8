"""What a search would train and ask, compiled but not run: the ground that a plan stands on.

outline = outline_of(config)
outline.sizes["full"].cost.tokens          # what the candidate takes on all problems
outline.plan(config, pace).seconds
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from statistics import fmean

from rich.console import Console

from fractionate.config import StudyConfig
from fractionate.models import load_model
from fractionate.records import Item
from fractionate.study.asked import suite_of
from fractionate.study.compile import compile_arms
from fractionate.study.data import part_of
from fractionate.study.fresh import asked_seed
from fractionate.study.importances import with_made_up
from fractionate.study.search.candidates import Candidate, Candidates
from fractionate.study.search.ground import prepare
from fractionate.study.search.pace import Pace
from fractionate.study.search.plan import Asking, SearchPlan, Sized, TrialPlan, plan_of_search
from fractionate.study.search.questions import Questions
from fractionate.study.search.trials import Sizes, derived
from fractionate.training import Lesson
from fractionate.transfer.findings import first_round
from fractionate.transfer.home import Home

BEYOND = 20
"""Tokens that an answer has beside what was taught: its end, and what students add."""
READS = 3.0
"""How much faster a token is read than learned from: without the two thirds that the way back takes."""


@dataclass(frozen=True)
class Outline:
    """Every candidate on all problems, and what is asked; `lessons` are the reference's, `reading` the tokens that the
    student reads to say what steps are worth."""

    candidates: Candidates
    sizes: Mapping[str, Sized]
    questions: Asking
    problems: int
    lessons: tuple[Lesson, ...]
    reading: int = 0

    def plan(self, config: StudyConfig, pace: Pace) -> SearchPlan:
        """The plan of this search, or of a smaller version of it."""
        problems = min(config.search.problems or self.problems, self.problems)
        part = problems / self.problems
        asked = Asking(*(part_of(items, config.transfer.share) for items in self.questions))
        sizes = {name: _smaller(sized, part) for name, sized in self.sizes.items()}
        plan = plan_of_search(config, self.candidates, sizes, asked, problems, pace)
        if not self.reading:
            return plan
        first = TrialPlan("what steps are worth", 0, 0, self.reading / (READS * pace.train), 0.0)
        return replace(plan, trials=(first, *plan.trials))


def outline_of(config: StudyConfig, console: Console) -> Outline:
    """Prepare the ground and compile every candidate once; nothing is trained, nothing is kept."""
    whole = config.model_copy(update={"transfer": config.transfer.model_copy(update={"share": 1.0})})
    ground = prepare(whole, None, console, with_made_up)
    candidates, problems = ground.candidates, ground.train
    study = derived(config, "outline", candidates.arms(), Sizes(problems, config.seeds[:1]), {}, False)
    model = load_model(config.student.model, weights=False)
    compiled = {arm.recipe: arm for arm in compile_arms(study, model, ground.problems[:problems]).arms}
    sizes = {}
    for name in candidates.names:
        arm = compiled[Candidate(name).arm]
        written = BEYOND + fmean(lesson.at(1.0).supervised for lesson in arm.examples)
        sizes[name] = Sized(arm.cost, written)
    lessons = compiled[candidates.references[0]].examples
    asked = Asking(*(_with_those_beside(config, q) for q in (ground.development, ground.confirmation)))
    return Outline(candidates, sizes, asked, problems, lessons, ground.reading)


def _with_those_beside(config: StudyConfig, questions: Questions) -> list[Item]:
    """What is asked for layers, too, and what interventions ask on top of a student's own answers."""
    suite = suite_of(config)
    home = Home((), {a.trace.id: a for a in questions.solved})
    own = [i for i in questions.items if i.family == "in_format"][: suite.layer_items]
    again = [replace(i, family=name) for name in suite.follow_ups.interventions for i in own]
    return [*questions.items, *first_round(suite, home, asked_seed(config)), *again]


def _smaller(sized: Sized, part: float) -> Sized:
    cost = sized.cost
    return sized._replace(
        cost=cost._replace(
            examples=ceil(part * cost.examples), updates=ceil(part * cost.updates), tokens=ceil(part * cost.tokens),
            supervised_tokens=ceil(part * cost.supervised_tokens), compute=part * cost.compute,
        )
    )  # fmt: skip
