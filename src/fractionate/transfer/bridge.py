"""A bridge to lm-evaluation-harness: our cells as its tasks, asked and judged as we do.

    names = write_tasks(items, Path("tasks"), chat=model.chat)      # ["fractionate_ledger_boxed", …]
    # lm_eval --model hf --model_args pretrained=…,dtype=float32 --include_path tasks --tasks fractionate_ledger_boxed

A cell becomes a YAML file and a JSON-lines file beside it, which it names by its full path. The responses are greedy,
of the same length and end, and a filter finds and compares the answer by this package, so that the harness's
`exact_match` is our verdict, item by item; an answer that we cannot check counts as wrong there. With `chat` the
prompts are written as the model reads them, template and forced beginning included; without it they are bare, for
`--apply_chat_template`.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fractionate.checking import same_answer
from fractionate.errors import InputError
from fractionate.models.chat import Chat
from fractionate.records import Item
from fractionate.storage import write_text
from fractionate.transfer.scoring import find_answer, told

PREFIX = "fractionate_"
NO_ANSWER, WRONG = "[no answer]", "[wrong]"
_NOT_IN_NAMES = re.compile(r"\W+")

_TASK = """\
task: {name}
dataset_path: json
dataset_kwargs:
  data_files:
    test: {file}
test_split: test
output_type: generate_until
doc_to_text: prompt
doc_to_target: gold
generation_kwargs:
  do_sample: false
  max_gen_toks: {tokens}
  until: {until}
filter_list:
  - name: fractionate
    filter:
      - function: custom
        filter_fn: !function fractionate.transfer.bridge.judged
      - function: take_first
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
metadata:
  version: 1
  cell: {cell}
"""


def write_tasks(items: Sequence[Item], folder: Path, *, chat: Chat | None = None) -> list[str]:
    """Write a task for each cell of `items`, in their order; returns the tasks' names.

    Raises:
        InputError: two cells would have one name, the items of a cell differ in length, or an item needs `chat` for its
            history or its forced beginning.
    """
    cells: dict[str, list[Item]] = {}
    for item in items:
        cells.setdefault(item.cell, []).append(item)
    names = {cell: PREFIX + _NOT_IN_NAMES.sub("_", cell).strip("_") for cell in cells}
    if len(set(names.values())) < len(names):
        raise InputError(f"{folder}: two cells have the same name as tasks ({', '.join(cells)}); rename one")
    folder.mkdir(parents=True, exist_ok=True)
    for cell, asked in cells.items():
        _write_task(cell, names[cell], asked, folder.resolve(), chat)
    return list(names.values())


def judged(responses: Sequence[Sequence[str]], docs: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The harness's filter: the right answer in place of each response that gives it, else what it answers."""
    return [[_judged(text, doc) for text in texts] for texts, doc in zip(responses, docs, strict=True)]


def _write_task(cell: str, name: str, items: Sequence[Item], folder: Path, chat: Chat | None) -> None:
    lengths = {item.max_new_tokens for item in items}
    if len(lengths) > 1:
        raise InputError(
            f"cell {cell}: its items end after different numbers of tokens; make them one cell each"
        )
    file = folder / f"{name}.jsonl"
    rows = (json.dumps(_row(item, chat), ensure_ascii=False) for item in items)
    write_text(file, "".join(row + "\n" for row in rows))
    end = [chat.tokenizer.decode([chat.end_of_turn[-1]])] if chat else []
    task = _TASK.format(
        name=name,
        file=json.dumps(str(file)),
        tokens=lengths.pop(),
        until=json.dumps(end),
        cell=json.dumps(cell),
    )
    write_text(folder / f"{name}.yaml", task)


def _row(item: Item, chat: Chat | None) -> dict[str, str]:
    """What the harness sends, and what the filter needs to judge the response."""
    if chat is None and (item.history or item.prefill):
        raise InputError(f"item {item.id}: it has earlier turns or a forced beginning; give the model's chat")
    sent = chat.render(item.prompt, history=item.history) + item.prefill if chat else item.prompt
    kept = ("id", "cell", "family", "gold", "checker", "prefill")
    return {"prompt": sent, "asked": told(item), **{name: getattr(item, name) for name in kept}}


def _judged(text: str, doc: dict[str, Any]) -> str:
    kept = {name: doc[name] for name in ("id", "cell", "family", "gold", "checker", "prefill")}
    item = Item(prompt=doc["asked"], **kept)
    answer = find_answer(item, text)
    if same_answer(item.gold, answer, item.checker).same:
        return item.gold
    return WRONG if answer == item.gold else answer or NO_ANSWER
