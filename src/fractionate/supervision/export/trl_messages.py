"""`trl-messages`: whole conversations, for TRL and all that reads its `messages` column.

    {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}

The format cannot say which turn is learned: a trainer puts loss on all of the text or, told so, on every assistant
turn. An example with earlier assistant turns is therefore left out.
"""

from fractionate.supervision.base import NotApplicable
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, messages


@EXPORTERS.register("trl-messages")
class TrlMessages(Exporter):
    """Conversations."""

    use = """\
```python
data = load_dataset("json", data_files="data.jsonl", split="train")
SFTTrainer(model, SFTConfig(assistant_only_loss=True, max_length=None), train_dataset=data)
```
Without `assistant_only_loss=True` the question carries loss too. It needs a chat template with `{% generation %}`
marks; where the model's has none, the format `trl-prompt-completion` says the same without them."""

    def row(self, item: Item) -> Row:
        """The question and the response as turns."""
        supervision = item.supervisions[0]
        if any(turn.role == "assistant" for turn in supervision.history):
            raise NotApplicable("earlier assistant turns, on which this format's trainers put loss")
        answer = {"role": "assistant", "content": supervision.response()}
        return {"messages": [*messages(supervision), answer]}
