"""`trl-preference`: pairs of a chosen and a rejected response, for TRL's `DPOTrainer` and its kin.

    {"prompt": [{"role": "user", …}], "chosen": [{"role": "assistant", …}], "rejected": [{"role": "assistant", …}]}

The loss compares the log-probabilities of whole responses, in which a common beginning cancels (Rafailov et al. 2023,
arXiv 2305.18290); after the responses part, a span without loss cannot be said. Conversational form, TRL 1.16.
"""

from itertools import takewhile

from fractionate.errors import InputError
from fractionate.records import Supervision
from fractionate.supervision.encode import asked_of
from fractionate.supervision.export.base import EXPORTERS, Exporter, Item, Row, messages


@EXPORTERS.register("trl-preference")
class TrlPreference(Exporter):
    """A question and two responses."""

    pairs = True
    masks = True
    use = """\
```python
data = load_dataset("json", data_files="data.jsonl", split="train")
DPOTrainer(model, args=DPOConfig(max_length=None), train_dataset=data, processing_class=tokenizer)
```
"""

    def row(self, item: Item) -> Row:
        """The common question; each response as a turn."""
        chosen, rejected = item.supervisions
        if asked_of(chosen) != asked_of(rejected):
            raise InputError(f"trace {chosen.trace_id}: the two responses of a pair answer different prompts")
        letters = zip(chosen.response(), rejected.response(), strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
        for supervision in item.supervisions:
            _refuse_masks_after(supervision, common)
        answers = [[{"role": "assistant", "content": s.response()}] for s in item.supervisions]
        return {"prompt": messages(chosen), "chosen": answers[0], "rejected": answers[1]}


def _refuse_masks_after(supervision: Supervision, common: int) -> None:
    end = 0
    for segment in supervision.segments:
        if segment.visibility != "response":
            continue
        end += len(segment.text)
        if segment.weight == 0 and end > common and segment.text:
            raise InputError(
                f"recipe {supervision.recipe!r} shows spans without loss after the responses of a pair part, which "
                "preference formats cannot say"
            )
