"""Registration by decorator, and discovery of third parties' parts by entry point.

    RECIPES: Registry[RecipeFactory] = Registry("recipe")

    @RECIPES.register("answer_only")
    def answer_only(seed: int = 0) -> Recipe: ...

    RECIPES["answer_only"]            # built in, or from the entry-point group "fractionate.recipe"

The built-in modules of a package are imported when a name is first looked up, so that importing
`fractionate` stays cheap.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import TypeVar

from fractionate.errors import InputError, unknown_name

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Named parts of one kind. `home` is the package whose modules register the built-in ones."""

    def __init__(self, kind: str, home: str | None = None) -> None:
        self.kind = kind
        self.home = home
        self._parts: dict[str, T] = {}
        self._loaded = False

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator: register the part under `name`; a second part of that name is refused."""

        def add(part: T) -> T:
            if name in self._parts and self._parts[name] is not part:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self._parts[name] = part
            return part

        return add

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        if self.home is not None:
            package = importlib.import_module(self.home)
            for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
                importlib.import_module(f"{self.home}.{module}")
        for point in entry_points(group=f"fractionate.{self.kind}"):
            try:
                self._parts.setdefault(point.name, point.load())
            except (ImportError, AttributeError, SyntaxError) as error:
                raise InputError(
                    f"{self.kind} {point.name!r} of another package ({point.value}) cannot be loaded: {error}; "
                    "mend that package or take it out"
                ) from error

    def __getitem__(self, name: str) -> T:
        self._load()
        if name not in self._parts:
            raise unknown_name(self.kind, name, self._parts)
        return self._parts[name]

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(self._parts)

    def __len__(self) -> int:
        self._load()
        return len(self._parts)
