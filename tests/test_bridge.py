"""The bridge to lm-evaluation-harness: the same model, prompts and items give the same verdicts, item by item."""

import json
import os
from pathlib import Path

import pytest

from fractionate.errors import InputError
from fractionate.models import Prompt, generate
from fractionate.records import Item, Message, Response
from fractionate.transfer import items_for, load_benchmark, score
from fractionate.transfer.bridge import NO_ANSWER, judged, write_tasks

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("FRACTIONATE_DATA", ROOT.parent / "shared" / "data")) / "benchmarks"
HARNESS = "needs lm-evaluation-harness: make setup installs it"
STRICT, LAST = r"#### (\-?[0-9\.\,]+)", r"(-?[$0-9.,]{2,})|(-?[0-9]+)"
IGNORED = [",", r"\$", r"(?s).*#### ", r"\.$"]
"""The filters and the comparison of the harness's task gsm8k, version 3.0."""
FLEXIBLE = f"""\
  - name: flexible-extract
    filter:
      - function: regex
        group_select: -1
        regex_pattern: {json.dumps(LAST)}
      - function: take_first
"""

ITEM = Item("c/1", "c", "related", "What is 2 + 3?", "5", max_new_tokens=8)


@pytest.fixture(scope="module")
def gsm8k():
    """The fifty shortest problems of GSM8K's test file: the least time to read them."""
    if not DATA.is_dir():
        pytest.skip("needs the shared data folder (FRACTIONATE_DATA)")
    problems = sorted(load_benchmark(f"{DATA / 'gsm8k_test.jsonl'}"), key=lambda p: len(p.text))[:50]
    return items_for(problems, cell="gsm8k", family="related", style="plain", seed=0, max_new_tokens=64)


def test_the_harness_agrees_to_the_item_on_gsm8k(smollm, gsm8k, tmp_path):
    lm_eval = pytest.importorskip("lm_eval", reason=HARNESS)
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    (name,) = write_tasks(gsm8k, tmp_path, chat=smollm.chat)
    task = tmp_path / f"{name}.yaml"
    told = task.read_text().replace("filter_list:\n", f"filter_list:\n{FLEXIBLE}")
    ignored = f"    higher_is_better: true\n    regexes_to_ignore: {json.dumps(IGNORED)}\n"
    task.write_text(told.replace("    higher_is_better: true\n", ignored))
    harness = HFLM(
        pretrained=smollm.network, tokenizer=smollm.tokenizer, batch_size=50, max_length=smollm.context
    )
    results = lm_eval.simple_evaluate(
        harness, tasks=[name], task_manager=TaskManager(include_path=str(tmp_path), include_defaults=False)
    )
    theirs = {
        s["doc"]["id"]: (s["resps"][0][0], s["filtered_resps"][0], bool(s["exact_match"]))
        for s in results["samples"][name]
        if s["filter"] == "fractionate"
    }
    asked = [Prompt(smollm.chat.prompt(item.prompt), item.max_new_tokens) for item in gsm8k]
    written = generate(smollm, asked)
    responses = [Response(i.id, w.text, len(w.ids), w.stop) for i, w in zip(gsm8k, written, strict=True)]
    scores = score(gsm8k, responses, arm="base", seed=0)
    gold = {item.id: item.gold for item in gsm8k}
    ours = {
        s.item: (r.text, gold[s.item] if s.right else s.answer or NO_ANSWER, bool(s.right))
        for s, r in zip(scores, responses, strict=True)
    }
    assert theirs == ours and len(ours) == 50
    right = sum(s.right for s in scores)
    assert results["results"][name]["exact_match,fractionate"] == right / 50 and 0 < right < 50
    flexible = {
        s["doc"]["id"]: bool(s["exact_match"])
        for s in results["samples"][name]
        if s["filter"] == "flexible-extract"
    }
    assert flexible == {s.item: s.right for s in scores}


def test_the_harnesss_own_filters_judge_gsm8k_solutions_as_we_do(gsm8k, tmp_path):
    """Solutions of people, their own and the next problem's, by both filters; those of four models by one."""
    pytest.importorskip("lm_eval", reason=HARNESS)
    from lm_eval.filters.extraction import RegexFilter

    strict, flexible = RegexFilter(STRICT), RegexFilter(LAST, group_select=-1)
    (name,) = write_tasks(gsm8k, tmp_path)
    docs = {(d := json.loads(line))["asked"]: d for line in (tmp_path / f"{name}.jsonl").open()}
    people = {
        r["question"].strip(): r["answer"] for r in rows("gsm8k_test.jsonl") if r["question"].strip() in docs
    }
    assert len(people) == 50
    following = dict(zip(people, [*list(people.values())[1:], next(iter(people.values()))], strict=True))
    for said in (people, following):
        ours = verdicts(docs, said, lambda text, doc: judged([[text]], [doc])[0][0])
        for filter_ in (strict, flexible):
            assert verdicts(docs, said, lambda text, doc, of=filter_: of.apply([[text]], [doc])[0][0]) == ours
        assert len(ours) == 50 and (sum(ours.values()) == 50) is (said is people)
    models = [r for r in rows("gsm8k_example_model_solutions.jsonl") if r["question"].strip() in docs]
    for model in [key for key, value in models[0].items() if isinstance(value, dict)]:
        said = {r["question"].strip(): r[model]["solution"] for r in models}
        ours = verdicts(docs, said, lambda text, doc: judged([[text]], [doc])[0][0])
        assert verdicts(docs, said, lambda text, doc: flexible.apply([[text]], [doc])[0][0]) == ours, model
        assert 0 < sum(ours.values()) < len(ours) == 50


def rows(file):
    return map(json.loads, (DATA / file).open(encoding="utf-8"))


def verdicts(docs, said, read):
    """Whether what `read` takes from each text is the right answer, compared as the harness's GSM8K task does."""
    from lm_eval.api.metrics import exact_match_hf_evaluate

    return {
        question: bool(
            exact_match_hf_evaluate(
                predictions=[read(text, docs[question])], references=[docs[question]["gold"]],
                regexes_to_ignore=IGNORED, ignore_case=True,
            )["exact_match"]
        )
        for question, text in said.items()
    }  # fmt: skip


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
