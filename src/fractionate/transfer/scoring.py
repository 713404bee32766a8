"""From responses to scores: find the answer, compare it, note what went wrong.

score(items, responses, arm="compact", seed=0)
# [Score(arm="compact", seed=0, cell="svamp", right=True, answer="145", truncated=False, …), …]
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from fractionate.checking import extract_answer, first_answer, same_answer
from fractionate.errors import InputError
from fractionate.records import Item, Response, Score
from fractionate.transfer.items import AT_ONCE_PREFILL

_CHUNK = 20
_TIMES = 4
_WINDOW = 8
_SENTENCES = re.compile(r"\n+|(?<=[.!?])\s+")


def score(items: Sequence[Item], responses: Iterable[Response], *, arm: str, seed: int) -> list[Score]:
    """One score a response, in the order of the responses. An answer that cannot be checked has `right=None`.

    Raises:
        InputError: a response to an item that is not among `items`.
    """
    by_id = {item.id: item for item in items}
    scores = []
    for response in responses:
        item = by_id.get(response.item)
        if item is None:
            raise InputError(f"a response of arm {arm} is for item {response.item!r}, which was not asked")
        answer = find_answer(item, response.text)
        scores.append(
            Score(
                arm=arm,
                seed=seed,
                cell=item.cell,
                family=item.family,
                item=item.id,
                cluster=item.cluster,
                right=same_answer(item.gold, answer, item.checker).same,
                answer=answer,
                tokens=response.tokens,
                truncated=response.stop == "length",
                looping=response.looping,
                sample=response.sample,
            )
        )
    return scores


def find_answer(item: Item, text: str) -> str | None:
    """The answer in a response: its final one, or the first one where the item asks for it at once.

    What is forced to begin with "The answer is" is cut off after a few tokens, maybe inside a number that it adds.
    """
    if item.family == "at_once" or item.prefill.endswith(AT_ONCE_PREFILL):
        return first_answer(text, item.checker)
    return extract_answer(item.prefill + text, item.checker, told(item))


def told(item: Item) -> str:
    """All that a student reads before it answers: the prompt and, before it, the turns with examples."""
    return "\n\n".join([*(turn.content for turn in item.history), item.prompt])


def is_looping(text: str) -> bool:
    """Whether a text ends in a loop: 20 or more characters four times over, or one sentence again and again."""
    text = text.rstrip()
    for size in range(_CHUNK, len(text) // _TIMES + 1):
        if text[-size * _TIMES : -size] == text[-size * (_TIMES - 1) :]:
            return True
    last = [s.strip() for s in _SENTENCES.split(text[-4000:]) if s.strip()][-_WINDOW:]
    return any(times >= _TIMES and len(s) > 3 for s, times in Counter(last).items())
