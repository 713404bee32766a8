"""A student behind an endpoint: any OpenAI-compatible address, asked in its chat.

    student = EndpointStudent(EndpointSettings("some-model", "http://localhost:8000/v1"))
    ask(student, items, Path("runs/eval/responses.parquet"), Sampling())

An endpoint cannot be made to begin with given words, so cells that need that are not asked. Tokens are those that the
endpoint counts.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from fractionate.models.endpoint import Endpoint, EndpointSettings, Limits
from fractionate.records import Item, Message, Response
from fractionate.transfer.asking import Sampling
from fractionate.transfer.scoring import is_looping


class EndpointStudent:
    """Open from the start; asks `settings.at_once` questions at a time."""

    prefills = False

    def __init__(self, settings: EndpointSettings) -> None:
        self.endpoint = Endpoint(settings)
        self.name = settings.model

    @property
    def identity(self) -> str:
        """Name and address: nobody outside can see more."""
        return f"{self.name} at {self.endpoint.address}"

    def open(self, items: Sequence[Item], sampling: Sampling) -> "EndpointStudent":
        """Nothing to load."""
        return self

    def __enter__(self) -> "EndpointStudent":
        return self

    def __exit__(self, *problem: object) -> None:
        pass

    def respond(
        self, items: Sequence[Item], sampling: Sampling, on_done: Callable[[int], None] = lambda rows: None
    ) -> list[Response]:
        """All samples of every item, in order.

        Raises:
            InputError: the endpoint refuses.
            WorkError: it cannot be reached.
        """
        asked = [(item, k) for item in items for k in range(sampling.samples)]
        with ThreadPoolExecutor(self.endpoint.settings.at_once) as pool:
            waiting = [pool.submit(self._one, item, k, sampling) for item, k in asked]
            try:
                for _ in as_completed(waiting):
                    on_done(1)
                return [future.result() for future in waiting]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _one(self, item: Item, sample: int, sampling: Sampling) -> Response:
        assert not item.prefill, "an endpoint's response cannot be made to begin with given words"
        reply = self.endpoint.chat(
            [*item.history, Message("user", item.prompt)],
            Limits(item.max_new_tokens, sampling.temperature, sample),
        )
        return Response(
            item.id, reply.text, reply.tokens, reply.stop, looping=is_looping(reply.text), sample=sample
        )
