"""Options in a name: `keep?r=0.25&by=surprise` is the recipe `keep` with two options.

    recipe("roles?language=delete", seed=0)
    called(RECIPES, "keep?r=0.25", seed=0)        # what RECIPES["keep"](0, r=0.25) gives

Options are the keyword arguments of the registered factory, read as their annotated types; without options a part's
name stands alone. The form is that of a web address's query, as for benchmarks (`gym:chain_sum?max_terms=3`). An option
that is a word of Python (`from`) is a parameter with an underscore behind it (`from_`).
"""

import inspect
import keyword
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError

from fractionate.errors import InputError, unknown_name
from fractionate.registry import Registry

T = TypeVar("T")


def called(registry: Registry[Callable[..., T]], spec: str, seed: int) -> T:
    """What the part `spec` of the registry makes, with the options that its name carries.

    Raises:
        InputError: there is no such part, it has no such option, or a value does not fit.
    """
    name, _, query = spec.partition("?")
    factory = registry[name]
    return factory(seed, **_options(spec, query, factory))


def _options(spec: str, query: str, factory: Callable[..., Any]) -> dict[str, Any]:
    try:
        given = parse_qsl(query, strict_parsing=True)
    except ValueError:
        raise InputError(f"{spec!r}: options are written name?option=value&option=value") from None
    kinds = _kinds(factory)
    options: dict[str, Any] = {}
    for key, value in given:
        if key not in kinds:
            raise unknown_name(f"option of {spec.partition('?')[0]!r}", key, kinds)
        try:
            options[key + "_" * keyword.iskeyword(key)] = TypeAdapter(kinds[key]).validate_python(value)
        except ValidationError as error:
            raise InputError(f"{spec!r}: {key}: {error.errors()[0]['msg']}") from error
    return options


def _kinds(factory: Callable[..., Any]) -> Mapping[str, Any]:
    """The types of a factory's options: all its parameters but the seed."""
    hints = get_type_hints(factory, include_extras=True)
    names = list(inspect.signature(factory).parameters)[1:]
    return {name.removesuffix("_"): hints.get(name, str) for name in names}
