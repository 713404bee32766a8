"""The command line: one verb a package around `fractionate study`, the main job.

    fractionate study                      # the embedded default study
    fractionate study study.toml --out runs/mine
    fractionate read traces.jsonl --json

Exit codes: 0 done, 1 the work failed, 2 wrong usage or unusable input, 130 interrupted. With `--json`, standard
output carries one JSON object; everything else goes to standard error. Heavy imports happen inside the verbs, so
that `--help` answers at once.
"""

import os
import sys

from fractionate.cli import search, studies, supervision, traces, transfer  # registers the verbs
from fractionate.cli.base import app
from fractionate.errors import FractionateError, InputError

__all__ = ["app", "main", "search", "studies", "supervision", "traces", "transfer"]

INTERRUPTED = 130
"""The exit code that the command-line library gives to Ctrl-C."""


def main() -> None:
    """Run the command line; errors that a user can act on become one line and an exit code."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            print("interrupted; the same command goes on where it stopped", file=sys.stderr)
        raise
    except FractionateError as error:
        print(f"fractionate: {error}", file=sys.stderr)
        raise SystemExit(2 if isinstance(error, InputError) else 1) from None
    except OSError as error:
        print(f"fractionate: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(2) from None
