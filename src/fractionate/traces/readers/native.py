"""Fractionate's own traces, as `fractionate.storage.write_records` stores them.

    {"id": "gsm8k#3", "problem": "…", "text": "…", "solution": [0, 34], "thinking": null, "answer": "12", …}

Identifiers and answers stay as they are (an answer that is null is known to be unknown); the thinking and solution
parts are found again in the text.
"""

import json
from pathlib import Path
from typing import Any

from fractionate.records import Message
from fractionate.traces.base import READERS, Draft, Read, Reader, Unusable, Where

OWN = {"id", "problem", "text", "solution", "thinking", "answer", "gold", "teacher", "domain", "history"}


@READERS.register("fractionate")
class Native(Reader):
    """One trace a row."""

    def sniff(self, row: Any, path: Path) -> float:
        """All fields of a trace."""
        return 1.0 if row.keys() >= OWN else 0.0

    def read(self, row: Any, where: Where) -> Read:
        """One draft that keeps its identifier."""
        if not row.keys() >= OWN:
            return [Unusable(f"lacks fields of a trace: {', '.join(sorted(OWN - row.keys()))}")]
        if not all(isinstance(row[name], str) for name in ("id", "problem", "text", "teacher", "domain")):
            return [Unusable("the id, problem, text, teacher or domain of the trace is not text")]
        if not all(isinstance(row[name], str | None) for name in ("answer", "gold")):
            return [Unusable("the answer or the gold answer of the trace is neither text nor null")]
        history = (m.values() if isinstance(m, dict) else m for m in row["history"])
        metadata = row.get("metadata") or {}
        return [
            Draft(
                problem=row["problem"],
                text=row["text"],
                gold=row["gold"],
                answer=row["answer"],
                answer_stated=True,
                teacher=row["teacher"],
                domain=row["domain"],
                history=tuple(Message(*m) for m in history),
                metadata=json.loads(metadata) if isinstance(metadata, str) else metadata,
                id=row["id"],
            )
        ]
