"""Endpoint: a language model behind an OpenAI-compatible address, asked in chat, or for JSON of a given schema.

    endpoint = Endpoint(EndpointSettings(model="some-model", base_url="http://localhost:8000/v1"))
    endpoint.ask(system, user, schema, json.loads)     # what the reader makes of the model's answer
    endpoint.chat([Message("user", "2 + 3?")], Limits(max_tokens=64))      # Reply(text="5", tokens=2, stop="end")
    endpoint.ledger.told(settings)                     # {"requests": 1, "cached": 0, "tokens_in": 812, …}

Every accepted answer is kept on disk under a hash of all that was asked, so that the same question is asked once, and a
run that was stopped goes on where it was. Too many requests, server errors, time-outs and answers that cannot be read
are tried again, with growing pauses. The key is read from an environment variable and goes nowhere else.
"""

import hashlib
import json
import os
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from fractionate.errors import InputError, WorkError
from fractionate.records import Message
from fractionate.storage import write_json

if TYPE_CHECKING:
    from openai import OpenAI

KEY_VARIABLE = "OPENAI_API_KEY"
"""The environment variable that holds the key; an endpoint of one's own may need none."""
LONGEST_PAUSE = 60.0
PASSING = (408, 409, 429)
"""Status codes below 500 that pass: time-outs, conflicts, too many requests."""

T = TypeVar("T")


class UnreadableAnswerError(WorkError):
    """The model answered every time, and no answer could be read."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Which model is asked where; prices are per million tokens, None where nobody stated them.

    `pause` is what is waited after a first failure, in seconds; it doubles with each further one.
    """

    model: str
    base_url: str | None = None
    price_in: float | None = None
    price_out: float | None = None
    cache: Path | None = None
    attempts: int = 6
    pause: float = 1.0
    timeout: float = 120.0
    at_once: int = 4


@dataclass(slots=True)
class Ledger:
    """What was asked and what it cost; requests that failed count too."""

    requests: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, requests: int = 0, cached: int = 0, tokens_in: int = 0, tokens_out: int = 0) -> None:
        """Count; several threads ask at once."""
        with self.lock:
            self.requests += requests
            self.cached += cached
            self.tokens_in += tokens_in
            self.tokens_out += tokens_out

    def told(self, settings: EndpointSettings) -> dict[str, Any]:
        """The counts, and the cost where both prices are known."""
        cost = None
        if settings.price_in is not None and settings.price_out is not None:
            cost = (self.tokens_in * settings.price_in + self.tokens_out * settings.price_out) / 1e6
        counts = {name: getattr(self, name) for name in ("requests", "cached", "tokens_in", "tokens_out")}
        return {"model": settings.model, **counts, "cost": cost}


class Reply(NamedTuple):
    """What the model wrote: its text, how many tokens that took, and why it ended."""

    text: str
    tokens: int = 0
    stop: Literal["end", "length"] = "end"


class Limits(NamedTuple):
    """How a chat is answered; `sample` tells repeated answers to one question apart."""

    max_tokens: int
    temperature: float = 0.0
    sample: int = 0


class _Failure(NamedTuple):
    """Why an attempt failed, and how long the endpoint asks to wait."""

    reason: str
    wait: float = 0.0
    answered: bool = False


class Endpoint:
    """Asks, remembers, tries again, counts. Safe to use from several threads."""

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self.ledger = Ledger()
        self.client = _client(settings)

    @property
    def address(self) -> str:
        """Where it is asked."""
        return str(self.client.base_url)

    def ask(self, system: str, user: str, schema: Mapping[str, Any], read: Callable[[str], T]) -> T:
        """What `read` makes of the model's answer; `read` raises ValueError for one that is no use.

        Raises:
            InputError: the endpoint refuses the request as it stands (key, model, schema).
            UnreadableAnswerError: no answer could be read, attempt after attempt.
            WorkError: the endpoint cannot be reached.
        """
        request = _request(self.settings.model, system, user, schema)
        return self._send(request, self._file(request), lambda reply: read(reply.text))

    def chat(self, messages: Sequence[Message], limits: Limits) -> Reply:
        """What the model says to a conversation; its errors are those of `ask`."""
        request = {
            "model": self.settings.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "max_tokens": limits.max_tokens,
            "temperature": limits.temperature,
        }
        return self._send(request, self._file({**request, "sample": limits.sample}), lambda reply: reply)

    def _send(self, request: dict[str, Any], file: Path | None, read: Callable[[Reply], T]) -> T:
        if file is not None and file.is_file():
            self.ledger.add(cached=1)
            kept = json.loads(file.read_text(encoding="utf-8"))
            return read(Reply(kept["answer"], kept.get("tokens", 0), kept.get("stop", "end")))
        failure = _Failure("nothing was tried")
        for attempt in range(self.settings.attempts):
            if attempt:
                time.sleep(self._pause(attempt, failure))
            outcome = self._attempt(request, read)
            if not isinstance(outcome, _Failure):
                reply, value = outcome
                if file is not None:
                    kept = {"answer": reply.text, "tokens": reply.tokens, "stop": reply.stop}
                    write_json(file, {"model": self.settings.model, **kept})
                return value
            failure = outcome
        kind = UnreadableAnswerError if failure.answered else WorkError
        raise kind(
            f"{self.client.base_url}: no use after {self.settings.attempts} attempts: {failure.reason}"
        )

    def _attempt(self, request: dict[str, Any], read: Callable[[Reply], T]) -> tuple[Reply, T] | _Failure:
        from openai import APIConnectionError, APIError, APIStatusError

        self.ledger.add(requests=1)
        try:
            completion = self.client.chat.completions.create(**request)
            written = 0
            if usage := completion.usage:
                written = usage.completion_tokens
                self.ledger.add(tokens_in=usage.prompt_tokens, tokens_out=written)
            choice = completion.choices[0]
            stop: Literal["end", "length"] = "length" if choice.finish_reason == "length" else "end"
            reply = Reply(choice.message.content or "", written, stop)
            return reply, read(reply)
        except APIStatusError as error:
            if error.status_code in PASSING or error.status_code >= 500:
                return _Failure(f"status {error.status_code}", _asked_wait(error.response.headers))
            reason = f"refused with status {error.status_code}: {self._said(error)}"
            raise InputError(f"{self.client.base_url}: {reason}") from None
        except APIConnectionError as error:  # time-outs too
            return _Failure(f"it cannot be reached ({type(error.__cause__ or error).__name__})")
        except (APIError, ValueError, IndexError, TypeError, AttributeError) as error:
            return _Failure(f"the answer cannot be read ({self._said(error)})", answered=True)

    def _said(self, error: Exception) -> str:
        """The first line of an error, without the key that some endpoints repeat."""
        return (str(error).splitlines() or [""])[0].replace(self.client.api_key, "…")[:200]

    def _pause(self, attempt: int, failure: _Failure) -> float:
        """Seconds to wait: doubling, a little at random so that threads do not return together."""
        grown = self.settings.pause * float(2 ** (attempt - 1)) * random.uniform(1, 1.25)
        return min(max(grown, failure.wait), LONGEST_PAUSE)

    def _file(self, request: dict[str, Any]) -> Path | None:
        if self.settings.cache is None:
            return None
        asked = json.dumps([str(self.client.base_url), request], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(asked.encode()).hexdigest()[:40]
        return self.settings.cache / digest[:2] / f"{digest}.json"


def _request(model: str, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
        },
    }


def _asked_wait(headers: Mapping[str, str]) -> float:
    try:
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        return 0.0  # a date


def _client(settings: EndpointSettings) -> "OpenAI":
    try:
        from openai import OpenAI
    except ImportError:
        raise InputError("endpoints need the OpenAI client: pip install 'fractionate[endpoint]'") from None
    key = os.environ.get(KEY_VARIABLE, "")
    if not key and settings.base_url is None and not os.environ.get("OPENAI_BASE_URL"):
        raise InputError(f"set {KEY_VARIABLE} to your key, or give --base-url of an endpoint that needs none")
    return OpenAI(api_key=key or "none", base_url=settings.base_url, timeout=settings.timeout, max_retries=0)
