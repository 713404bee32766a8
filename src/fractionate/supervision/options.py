"""Options in a name: `keep?r=0.25&by=surprise` is the recipe `keep` with two options.

    recipe("roles?language=delete", seed=0)
    called(RECIPES, "keep?r=0.25", seed=0)        # what RECIPES["keep"](0, r=0.25) gives

Options are the keyword arguments of the registered factory, read as their annotated types; without options a part's
name stands alone. The form is that of a web address's query, as for benchmarks (`gym:chain_sum?max_terms=3`). An option
that is a word of Python (`from`) is a parameter with an underscore behind it (`from_`). An option named `file` is a
path, from where one is (`+` and `&` in it are written `%2B` and `%26`); what the file holds is part of what a study or
a dataset is known by.
"""

import inspect
import keyword
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError

from fractionate.errors import InputError, unknown_name
from fractionate.registry import Registry

T = TypeVar("T")


def called(registry: Registry[Callable[..., T]], spec: str, seed: int) -> T:
    """What the part `spec` of the registry makes, with the options that its name carries.

    Raises:
        InputError: there is no such part, it has no such option, one is missing, or a value does not fit.
    """
    name, _, query = spec.partition("?")
    factory = registry[name]
    options = _options(spec, query, factory)
    for parameter in list(inspect.signature(factory).parameters.values())[1:]:
        if parameter.default is parameter.empty and parameter.name not in options:
            needed = parameter.name.removesuffix("_")
            raise InputError(f"{spec!r}: needs the option {needed!r}: {name}?{needed}=…")
    return factory(seed, **options)


def given(spec: str) -> Iterator[tuple[str, str]]:
    """All options that a name carries, and those of names among its options (`errors?of=patterns?file=…`)."""
    for key, value in parse_qsl(spec.partition("?")[2]):
        yield key, value
        yield from given(value)


def files(spec: str) -> Iterator[Path]:
    """The files that options of a name point to."""
    return (Path(value) for key, value in given(spec) if key == "file")


def _options(spec: str, query: str, factory: Callable[..., Any]) -> dict[str, Any]:
    try:
        pairs = parse_qsl(query, strict_parsing=True)
    except ValueError:
        raise InputError(f"{spec!r}: options are written name?option=value&option=value") from None
    kinds = _kinds(factory)
    options: dict[str, Any] = {}
    for key, value in pairs:
        if key not in kinds:
            raise unknown_name(f"option of {spec.partition('?')[0]!r}", key, kinds)
        if key + "_" * keyword.iskeyword(key) in options:
            raise InputError(f"{spec!r}: {key} is given twice; one value is meant")
        try:
            options[key + "_" * keyword.iskeyword(key)] = TypeAdapter(kinds[key]).validate_python(value)
        except ValidationError as error:
            raise InputError(f"{spec!r}: {key}: {error.errors()[0]['msg']}") from error
    return options


def _kinds(factory: Callable[..., Any]) -> Mapping[str, Any]:
    """The types of a factory's options: all its parameters but the first, the seed."""
    hints = get_type_hints(factory, include_extras=True)
    names = list(inspect.signature(factory).parameters)[1:]
    return {name.removesuffix("_"): hints.get(name, str) for name in names}
