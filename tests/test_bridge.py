"""The bridge to lm-evaluation-harness: the same model, prompts and items give the same verdicts, item by item."""

import json

import pytest

from fractionate.errors import InputError
from fractionate.models import Prompt, generate
from fractionate.records import Item, Message, Response
from fractionate.transfer import Problem, items_for, score
from fractionate.transfer.bridge import judged, write_tasks
from fractionate.worlds import WORLDS, Dials

ITEM = Item("c/1", "c", "related", "What is 2 + 3?", "5", max_new_tokens=8)


def test_the_harness_agrees_to_the_item(smollm, tmp_path):
    lm_eval = pytest.importorskip("lm_eval", reason="needs lm-evaluation-harness: make setup installs it")
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    easy = Dials(depth=(1, 1), distractors=(0, 0), numbers=(2, 9))
    traces = [anatomy.trace for anatomy in WORLDS["ledger"].sample(50, seed=0, dials=easy)]
    problems = [Problem(trace.id, trace.problem, str(trace.gold)) for trace in traces]
    items = items_for(problems, cell="easy", family="related", style="plain", seed=0, max_new_tokens=20)
    (name,) = write_tasks(items, tmp_path, chat=smollm.chat)
    harness = HFLM(
        pretrained=smollm.network, tokenizer=smollm.tokenizer, batch_size=50, max_length=smollm.context
    )
    results = lm_eval.simple_evaluate(
        harness, tasks=[name], task_manager=TaskManager(include_path=str(tmp_path), include_defaults=False)
    )
    theirs = {s["doc"]["id"]: bool(s["exact_match"]) for s in results["samples"][name]}

    asked = [Prompt(smollm.chat.prompt(item.prompt), item.max_new_tokens) for item in items]
    written = generate(smollm, asked)
    responses = [Response(i.id, w.text, len(w.ids), w.stop) for i, w in zip(items, written, strict=True)]
    ours = {s.item: bool(s.right) for s in score(items, responses, arm="base", seed=0)}
    assert theirs == ours and len(ours) == 50
    assert results["results"][name]["exact_match,fractionate"] == sum(ours.values()) / 50
    assert 0 < sum(ours.values()) < 50


def test_a_task_holds_what_is_sent_and_what_judges(smollm, tmp_path):
    at_once = Item("d/x", "d/x", "at_once", "What is 2 + 3?", "5", prefill="The answer is", max_new_tokens=8)
    history = Item(
        "c/2", "c", "related", "And 4 + 4?", "8", max_new_tokens=8, history=(Message("user", "Hi"),)
    )
    names = write_tasks([ITEM, at_once, history], tmp_path, chat=smollm.chat)
    assert names == ["fractionate_c", "fractionate_d_x"]
    rows = [json.loads(line) for line in (tmp_path / "fractionate_c.jsonl").read_text().splitlines()]
    assert [row["prompt"] for row in rows] == [
        smollm.chat.render(ITEM.prompt),
        smollm.chat.render(history.prompt, history=history.history),
    ]
    (forced,) = map(json.loads, (tmp_path / "fractionate_d_x.jsonl").read_text().splitlines())
    assert forced["prompt"].endswith("The answer is")
    assert judged([[" 5. Then 6."], [" 6, not 5."]], [forced, forced]) == [["5"], ["6"]]


def test_verdicts_stand_in_place_of_responses(tmp_path):
    write_tasks([ITEM], tmp_path)
    (doc,) = map(json.loads, (tmp_path / "fractionate_c.jsonl").read_text().splitlines())
    said = ["2 + 3 = 5 pens", "#### 5.0", "The answer is 6.", "What is 2 + 3?", "no idea"]
    assert judged([said], [doc]) == [["5", "5", "6", "[no answer]", "[no answer]"]]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([ITEM, Item("d", "c!", "related", "?", "5")], "same name"),
        ([ITEM, Item("d", "c", "related", "?", "5", max_new_tokens=9)], "different numbers of tokens"),
        ([Item("d", "c", "at_once", "?", "5", prefill="The answer is")], "give the model's chat"),
    ],
)
def test_what_cannot_be_a_task_is_refused(items, message, tmp_path):
    with pytest.raises(InputError, match=message):
        write_tasks(items, tmp_path)
