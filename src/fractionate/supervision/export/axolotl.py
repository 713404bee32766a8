"""`axolotl`: template-free spans for axolotl's `type: input_output`, each learned or only read.

    {"segments": [{"label": false, "text": "<|im_start|>user\\nHow many?…"}, {"label": true, "text": "12.<|im_end|>"}]}

axolotl tokenizes each segment by itself, adds nothing, and puts loss where `label` is true (0.19.0,
axolotl/prompt_strategies/input_output.py). The student's template is therefore part of the text; where a masked span
meets a learned one, tokens end at the border, while ours may cross it.
"""

from typing import Any

from fractionate.models.chat import Chat
from fractionate.supervision.encode import asked_of
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, Run, runs


@EXPORTERS.register("axolotl")
class Axolotl(Exporter):
    """Spans of text with labels."""

    masks = True
    use = """\
```yaml
datasets:
  - path: data.jsonl
    ds_type: json
    type: input_output
train_on_inputs: false
```
The text is in the chat template of the student named above."""

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self.end: str = chat.tokenizer.decode(list(chat.end_of_turn))

    def row(self, item: Item) -> Row:
        """The prompt in the template; the response, cut where loss begins or ends; the end of the turn."""
        supervision = item.supervisions[0]
        prompt = self.chat.headed([asked_of(supervision)])[0]
        pieces = runs(supervision.segments, self.joins)
        if pieces and pieces[-1].weight:
            pieces[-1] = Run(pieces[-1].text + self.end, 1.0)
        else:
            pieces.append(Run(self.end, 1.0))
        segments: list[dict[str, Any]] = [{"label": False, "text": prompt}]
        segments += [{"label": piece.weight > 0, "text": piece.text} for piece in pieces]
        return {"segments": segments}
