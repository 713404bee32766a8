"""Do the intervals hold? Simulated students whose true accuracy is known, compared thousands of times.

    python -m benchmarks.false_alarms                 # 2,000 comparisons for each of 104 settings, some minutes
    python -m benchmarks.false_alarms --runs 300 --json

A simulated student answers a question right with the probability of a logistic model: skill, minus the difficulty of
the question (shared by arms, styles and seeds), plus what this arm finds easier, plus what this training finds
easier, plus an effect of the style and one of the training seed, half of whose variance is shared by arms with the same
seed. T is the mean of two families: four styles of the same questions, and one benchmark with questions of its own.

For each setting it counts how often two arms that are trained alike are called different (bar: ≤ 6%), how often the 95%
intervals of a difference and of T hold the truth (93 to 97%), how often an arm that is worse by exactly the margin
passes as not worse (≤ 6%), and how often one that is as good passes where the plan promised 80% (≥ 80%). The margin is
the smallest that the plan promises. Beside it the percentile bootstrap over questions and seeds. With one seed the
truth is that of the two students at hand (no spread between seeds); the last lines show what it says of arms.
"""

from benchmarks.false_alarms.settings import Setting, settings
from benchmarks.false_alarms.simulation import Row, simulate

__all__ = ["Row", "Setting", "settings", "simulate"]
