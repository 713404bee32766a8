"""The nouns: frozen, typed records that every part of the system hands to the next.

    Trace  --analyze-->  Anatomy  --recipe-->  Supervision  --train, evaluate-->  Score

Character spans are the only coordinates: half-open `[start, end)` into `Trace.text` (steps, answers) or
into `Trace.problem` (problem parts). All records go to JSON and Parquet and back without loss
(`fractionate.storage`).

Example of one trace and its first step:

    Trace(id="gsm8k#3", problem="Tom has 3 boxes of 4 pens. How many pens?",
          text="Each box has 4 pens. So 3*4 = 12.\\n#### 12", answer="12", gold="12", ...)
    Step(index=1, span=Span(21, 33), role=Role.STRUCTURE, kind="compute", results=("12",), ...)
"""

from fractionate.records.anatomy import (
    DEPENDS,
    Anatomy,
    CheckResult,
    Kind,
    Link,
    Paths,
    Piece,
    Premise,
    Role,
    Step,
    Via,
)
from fractionate.records.answers import Item, Response, Score, Verdict
from fractionate.records.supervision import Segment, Supervision, Visibility
from fractionate.records.traces import Message, Part, Span, Trace

__all__ = [
    "DEPENDS",
    "Anatomy",
    "CheckResult",
    "Item",
    "Kind",
    "Link",
    "Message",
    "Part",
    "Paths",
    "Piece",
    "Premise",
    "Response",
    "Role",
    "Score",
    "Segment",
    "Span",
    "Step",
    "Supervision",
    "Trace",
    "Verdict",
    "Via",
    "Visibility",
]
