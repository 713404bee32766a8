"""`records`: the supervisions themselves, segment by segment, each with the teacher's span that it quotes.

from fractionate.storage import read_records
read_records(Path("data.parquet"), Supervision)[0].segments[0].span      # Span(start=0, end=21)
"""

from fractionate.records import Supervision
from fractionate.storage import plain, schema
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row

to_row = plain(Supervision)


@EXPORTERS.register("records")
class Records(Exporter):
    """`Supervision` records, without loss of anything."""

    masks = True
    weights = True
    shape = schema(Supervision)
    use = """\
```python
from fractionate import Supervision
from fractionate.storage import read_records
read_records(Path("data.parquet"), Supervision)
```
"""

    def row(self, item: Item) -> Row:
        """The record as Parquet takes it."""
        return to_row(item.supervisions[0])
