"""`ms-swift`: messages whose assistant turn comes in pieces, each with its own `loss_scale`.

    {"messages": [{"role": "user", "content": "…"},
                  {"role": "assistant", "content": "Tom has 3. ", "loss": false, "loss_scale": 0.0},
                  {"role": "assistant", "content": "So 3 * 4 = 12.", "loss": true, "loss_scale": 1.0}]}

ms-swift joins assistant messages that follow one another into one turn and keeps the `loss` and `loss_scale` of each
(4.6.0, swift/template/base.py and swift/loss_scale/base.py). It tokenizes pieces of different scale one by one.
Versions before 4 know `loss` alone and give the whole turn that of its first piece: not for masked spans.
"""

from typing import Any

from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, messages, runs


@EXPORTERS.register("ms-swift")
class MsSwift(Exporter):
    """Messages with weights."""

    masks = True
    weights = True
    use = """\
```bash
swift sft --dataset data.jsonl --loss_scale default --is_binary_loss_scale false …
```
Needs ms-swift 4.6 or newer. `--is_binary_loss_scale false` keeps weights other than 0 and 1."""

    def row(self, item: Item) -> Row:
        """Earlier assistant turns carry no loss, as in every other format."""
        supervision = item.supervisions[0]
        turns: list[dict[str, Any]] = [
            turn | {"loss": False} if turn["role"] == "assistant" else turn for turn in messages(supervision)
        ]
        for text, weight in runs(supervision.segments, self.joins):
            turns.append({"role": "assistant", "content": text, "loss": weight > 0, "loss_scale": weight})
        return {"messages": turns}
