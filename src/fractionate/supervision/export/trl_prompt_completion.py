"""`trl-prompt-completion`: conversational prompt and completion for TRL's `SFTTrainer`.

    {"prompt": [{"role": "user", "content": "…"}], "completion": [{"role": "assistant", "content": "…"}]}

TRL applies the model's chat template and puts loss on the completion alone, whole (TRL 1.16, dataset formats).
"""

from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, messages


@EXPORTERS.register("trl-prompt-completion")
class TrlPromptCompletion(Exporter):
    """A prompt and what follows it."""

    use = """\
```python
data = load_dataset("json", data_files="data.jsonl", split="train")
SFTTrainer(model, SFTConfig(max_length=None), train_dataset=data)
```
Loss lies on the completion alone, which is TRL's default for this format."""

    def row(self, item: Item) -> Row:
        """Earlier turns and the question; the response."""
        supervision = item.supervisions[0]
        answer = {"role": "assistant", "content": supervision.response()}
        return {"prompt": messages(supervision), "completion": [answer]}
