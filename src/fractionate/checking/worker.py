"""Compare formulas in a process of its own, with a time limit that always holds.

math-verify stops long computations by a signal, which works in a main thread only and never inside one long
integer operation. So it runs in a child (`python -m fractionate.checking.worker`) that reads one JSON line
`[gold, answer]` and writes one of `true`, `false`, `null`; a child that takes too long is ended and replaced.

    same_formula("\\\\frac{\\\\sqrt{3}}{3}", "1/\\\\sqrt{3}")     # True
"""

import atexit
import json
import logging
import os
import re
import subprocess
import sys
import threading
from typing import Any

LIMIT = 60.0
"""Seconds for one comparison, the start of the process included: generous, so that a busy machine changes no
verdict. The parser's own limits of 3 and 5 seconds end sooner whatever they can stop."""

_PI = re.compile(r"(?<![\\A-Za-z])pi(?![A-Za-z])")
_UPRIGHT = re.compile(r"\\(?:mathrm|text)\{([ei])\}")
"""Constants in upright type, at which the parser gives up and keeps what stands before them."""
_LOCK = threading.Lock()
_CHILD: dict[int, subprocess.Popen[str]] = {}
"""The child of each process id, so that a forked process does not share its parent's."""


def same_formula(gold: str, answer: str) -> bool | None:
    """Whether two formulas (LaTeX or plain) are equal; None if one cannot be read or time runs out."""
    with _LOCK:
        child = _CHILD.get(os.getpid())
        if child is None or child.poll() is not None:
            child = _CHILD[os.getpid()] = _start()
        assert child.stdin is not None and child.stdout is not None, "the child was started with pipes"
        timer = threading.Timer(LIMIT, child.kill)
        timer.start()
        try:
            child.stdin.write(json.dumps([gold, answer]) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except BrokenPipeError:
            line = ""
        except BaseException:
            _stop()  # an interrupted child would give this reply to the next question
            raise
        finally:
            timer.cancel()
        if not line:
            _stop()
            return None
    same: bool | None = json.loads(line)
    return same


def _start() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fractionate.checking.worker"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, bufsize=1)


@atexit.register
def _stop() -> None:
    if child := _CHILD.pop(os.getpid(), None):
        child.kill()
        child.communicate()


def _parsed(text: str) -> list[Any]:
    from math_verify import parse

    text = _UPRIGHT.sub(r"\1 ", _PI.sub(r"\\pi ", text))
    anchored = text if re.search(r"(?<!\\)\$|\\[\[(]", text) else f"${text}$"
    return list(parse(anchored, parsing_timeout=3, raise_on_error=True))


def _compare(gold: str, answer: str) -> bool | None:
    from math_verify import verify

    golds, answers = _parsed(gold), _parsed(answer)
    if not golds:
        return None
    return bool(answers) and bool(
        verify(golds, answers, allow_set_relation_comp=True, timeout_seconds=5, raise_on_error=True)
    )


def main() -> None:
    """Answer comparisons line by line until the input ends."""
    logging.disable()
    for line in sys.stdin:
        gold, answer = json.loads(line)
        try:
            same = _compare(gold, answer)
        except Exception:  # whatever the parser trips over: it cannot be told
            same = None
        print(json.dumps(same), flush=True)


if __name__ == "__main__":
    main()
