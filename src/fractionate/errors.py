"""Errors that a user can act on. Each message is one line: what is wrong, where, and the remedy.

The command line turns `InputError` into exit code 2 and `WorkError` into exit code 1, without a traceback.
"""

import difflib
from collections.abc import Iterable


class FractionateError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(FractionateError):
    """The input or the usage is wrong: a file, a setting, a name."""


class WorkError(FractionateError):
    """The input was fine and the work failed."""


def unknown_name(what: str, name: str, known: Iterable[str]) -> InputError:
    """An `InputError` for a name that does not exist, with the nearest names that do."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names)}"
    return InputError(f"unknown {what} {name!r}: {hint}")
