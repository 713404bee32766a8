"""What was acquired: representation, decomposition, search, error correction, coherence, each a score from 0 to 1.

    for name, layer in LAYERS.items():
        first = layer.items(home, seed=0, limit=50)              # asked with the first round, if anything
        second = layer.follow_ups(own, gold, seed=0)             # made of the student's own answers, if anything
        layer.score(Evidence(own, answered, gold, inside))       # LayerScore("coherence", Interval(0.71, …), n=60, …)

What a score means stands in the docstring of its layer, with the trivial baseline beside it. A layer of your own is an
object with these methods, registered with `@LAYERS.register("name")` or by the entry-point group "fractionate.layer".
"""

from fractionate.transfer.layers.base import LAYERS, Evidence, Gold, Inside, Layer, LayerScore
from fractionate.transfer.own import Answered

__all__ = ["LAYERS", "Answered", "Evidence", "Gold", "Inside", "Layer", "LayerScore"]
