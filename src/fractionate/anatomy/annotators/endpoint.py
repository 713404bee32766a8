"""`endpoint`: a language model says what each step is, what it uses and whether it is wrong.

    fractionate analyze traces.jsonl --annotator endpoint --model some-model --base-url http://localhost:8000/v1

The built-in segmentation stays, so that two annotators speak of the same steps; the model answers by their numbers.
What the answer leaves open or gets impossibly wrong is read by the built-in rules instead, and noted.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from fractionate.anatomy.annotate import ANNOTATORS, AnnotatorSettings
from fractionate.anatomy.answers import SCHEMA, SYSTEM, apply, question, read_answer
from fractionate.anatomy.passes import judge, read
from fractionate.errors import InputError
from fractionate.models.endpoint import Endpoint, EndpointSettings, UnreadableAnswerError
from fractionate.models.load import cache_folder
from fractionate.records import Anatomy, Trace

MOST_STEPS = 400
"""A trace of more steps is not sent: nobody answers for so many in one go."""


@ANNOTATORS.register("endpoint")
class EndpointAnnotator:
    """Asks for several traces at once; gives their anatomies in order."""

    def __init__(self, settings: AnnotatorSettings, endpoint: Endpoint | None = None) -> None:
        if settings.model is None:
            raise InputError("the endpoint annotator needs a model: --model NAME")
        self.settings = EndpointSettings(
            settings.model, settings.base_url, settings.price_in, settings.price_out,
            cache=cache_folder() / "endpoint",
        )  # fmt: skip
        self.endpoint = endpoint or Endpoint(self.settings)

    def __call__(self, traces: Iterable[Trace]) -> Iterator[Anatomy]:
        """Each trace's anatomy; an endpoint that cannot be reached ends the work, what was answered is kept."""
        at_once = self.endpoint.settings.at_once
        with ThreadPoolExecutor(at_once) as pool:
            waiting: deque[Future[Anatomy]] = deque()
            try:
                for trace in traces:
                    waiting.append(pool.submit(self.annotate, trace))
                    if len(waiting) > 2 * at_once:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def annotate(self, trace: Trace) -> Anatomy:
        """One trace's anatomy."""
        draft = read(trace)
        if not 0 < len(draft.steps) <= MOST_STEPS:
            draft.note(f"{len(draft.steps)} steps: read by the built-in rules, the endpoint was not asked")
            return judge(draft)
        try:
            answer = self.endpoint.ask(SYSTEM, question(draft), SCHEMA, read_answer)
        except UnreadableAnswerError:
            draft.note("the endpoint's answers could not be read: the built-in rules took its place")
            return judge(draft)
        apply(draft, answer)
        return judge(draft, f"endpoint:{self.endpoint.settings.model}")

    def costs(self) -> dict[str, Any]:
        """Requests, tokens, and what they cost where the prices are known."""
        return self.endpoint.ledger.told(self.endpoint.settings)
