"""Anatomy: a trace taken apart into steps, roles, links, checks and importance, by rules or by another annotator.

from fractionate.anatomy import analyze

anatomy = analyze(trace)
anatomy.steps[1].results      # ("12",)
anatomy.decision_points()     # the steps that could have gone another way
"""

from fractionate.anatomy.annotate import ANNOTATORS, Annotator, AnnotatorSettings, annotator
from fractionate.anatomy.many import analyze_all
from fractionate.anatomy.passes import EXTRA_PASSES, PASSES, analyze
from fractionate.anatomy.tree import tree

__all__ = [
    "ANNOTATORS",
    "EXTRA_PASSES",
    "PASSES",
    "Annotator",
    "AnnotatorSettings",
    "analyze",
    "analyze_all",
    "annotator",
    "tree",
]
