"""`parquet`: token ids, labels and weights as Parquet columns, for trainers that read weights.

trace_id: "t1"   input_ids: [1, 9690, …, 2]   labels: [-100, …, 2]   weights: [0.0, …, 0.5, …, 1.0]
"""

import numpy as np
import pyarrow as pa

from fractionate.supervision.export.base import EXPORTERS, Item, Row
from fractionate.supervision.export.trl import IGNORED, Trl

SHAPE = pa.schema(
    [
        ("trace_id", pa.string()),
        ("input_ids", pa.list_(pa.int32())),
        ("labels", pa.list_(pa.int32())),
        ("weights", pa.list_(pa.float32())),
    ]
)


@EXPORTERS.register("parquet")
class Tokens(Trl):
    """TRL's columns and the weights."""

    weights = True
    shape = SHAPE
    use = """\
```python
load_dataset("parquet", data_files="data.parquet", split="train")
```
The loss of an update is the mean over its tokens, weighted by `weights`."""

    def row(self, item: Item) -> Row:
        """All that our own trainer reads, but the roles; as arrays, which Parquet takes faster than lists."""
        example = item.examples[0]
        ids = np.array(example.ids, np.int32)
        weights = np.array(example.weights, np.float32)
        labels = np.where(weights > 0, ids, np.int32(IGNORED))
        return {"trace_id": example.trace_id, "input_ids": ids, "labels": labels, "weights": weights}
