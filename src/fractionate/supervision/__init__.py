"""From anatomy to supervision: recipes choose what the student sees, `encode` turns it into tokens."""

from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, recipe
from fractionate.supervision.course import SCHEDULES, check_arm, is_schedule, schedule
from fractionate.supervision.encode import Example, encode

__all__ = [
    "RECIPES",
    "SCHEDULES",
    "Example",
    "NotApplicable",
    "Recipe",
    "check_arm",
    "encode",
    "is_schedule",
    "recipe",
    "schedule",
]
