"""`sharegpt`: conversations for LLaMA-Factory, with the entry of `dataset_info.json` that declares them.

    {"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}], "system": ""}

LLaMA-Factory puts loss on whole assistant turns (0.9.5, llamafactory/data/converter.py and processor/supervised.py), on
the last one alone with `mask_history: true`. It passes over conversations that do not alternate, so these are left out
here, where they are counted.
"""

import json
from collections.abc import Mapping

from fractionate.supervision.encode import asked_of
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, alternating

INFO = {
    "fractionate": {
        "file_name": "data.jsonl",
        "formatting": "sharegpt",
        "columns": {"messages": "conversations", "system": "system"},
    }
}


@EXPORTERS.register("sharegpt")
class ShareGpt(Exporter):
    """Conversations of a human and gpt."""

    use = """\
```yaml
dataset_dir: .            # this folder: dataset_info.json declares data.jsonl
dataset: fractionate
mask_history: true        # loss on the last turn alone
cutoff_len: 8192          # LLaMA-Factory cuts longer examples off
```
"""

    def companions(self) -> Mapping[str, str]:
        """The declaration that LLaMA-Factory looks for."""
        return {"dataset_info.json": json.dumps(INFO, indent=2) + "\n"}

    def row(self, item: Item) -> Row:
        """The turns, in LLaMA-Factory's default tags."""
        supervision = item.supervisions[0]
        system, history = alternating(supervision)
        turns = [*(m.content for m in history), asked_of(supervision)[0], supervision.response()]
        speakers = ("human", "gpt")
        conversation = [{"from": speakers[i % 2], "value": text} for i, text in enumerate(turns)]
        return {"conversations": conversation, "system": system}
