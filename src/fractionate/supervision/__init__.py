"""From anatomy to supervision: recipes choose what the student sees, `encode` turns it into tokens."""

from fractionate.supervision.base import RECIPES, NotApplicable, Recipe, recipe
from fractionate.supervision.encode import Example, encode

__all__ = ["RECIPES", "Example", "NotApplicable", "Recipe", "encode", "recipe"]
