"""Does the answer depend on the reasoning? The student's own steps are changed, and it is asked again.

    for name, intervention in INTERVENTIONS.items():
        items = intervention.items(answered, seed=0)         # a second round, of the student's own responses
        effects = intervention.effects(answered, after)      # Effect("filler: agreement", value=Interval(-0.41, …), …)

An intervention of your own is an object with these two methods, registered with `@INTERVENTIONS.register("name")` or by
the entry-point group "fractionate.intervention".
"""

from fractionate.transfer.interventions.base import (
    FAMILY,
    INTERVENTIONS,
    OWN_STEPS,
    Effect,
    Intervention,
    cell_of,
)
from fractionate.transfer.own import Answered

__all__ = ["FAMILY", "INTERVENTIONS", "OWN_STEPS", "Answered", "Effect", "Intervention", "cell_of"]
