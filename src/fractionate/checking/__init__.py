"""Is this answer the same as that one? "Cannot tell" is an answer.

    extract_answer("3*4 = 12.\\n#### 12")          # "12"
    same_answer("1/2", "0.50")                    # Verdict(same=True, by="math")
    same_answer("B", "(b) twelve", "choice")      # Verdict(same=True, by="choice")
    same_answer("Yes", "It is true.", "boolean")  # Verdict(same=True, by="boolean")

A checker of your own is a function `(gold, answer) -> Verdict`, registered with `@CHECKERS.register("name")`
or by the entry-point group "fractionate.checker".
"""

from fractionate.checking.base import CHECKERS, Checker
from fractionate.checking.checkers import same_answer
from fractionate.checking.extract import extract_answer, first_answer

__all__ = ["CHECKERS", "Checker", "extract_answer", "first_answer", "same_answer"]
