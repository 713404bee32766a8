"""`trl`: token ids and labels for TRL's `SFTTrainer`; a label of -100 carries no loss.

    {"input_ids": [1, 9690, …, 2], "labels": [-100, -100, …, 2]}

The trainer uses both columns as they are (TRL 1.16, trl/trainer/sft_trainer.py: a dataset with `input_ids` counts as
processed, and "an optional `labels` column … is used as is"), so its loss is ours.
"""

from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row

IGNORED = -100
"""The label that PyTorch's cross entropy passes over."""


@EXPORTERS.register("trl")
class Trl(Exporter):
    """Pre-tokenized rows."""

    tokens = True
    masks = True
    use = """\
```python
data = load_dataset("json", data_files="data.jsonl", split="train")
SFTTrainer(model, SFTConfig(max_length=None), train_dataset=data)
```
`max_length=None`, for TRL cuts longer rows off by default."""

    def row(self, item: Item) -> Row:
        """Ids, and the same again where there is loss."""
        example = item.examples[0]
        start = example.prompt_length
        answer = zip(example.ids[start:], example.weights[start:], strict=True)
        labels = [*[IGNORED] * start, *[token if weight else IGNORED for token, weight in answer]]
        return {"input_ids": example.ids, "labels": labels}
