"""Adding one thing is adding one file: a registry is a folder whose file names are the ids.

`Registry("glassworks.stages", Stage)` lists the files of that folder without importing them; `load("split_dataset")`
imports that one file and returns the one thing in it that is a `Stage`: a subclass defined there, or an instance.
Files that start with `_` and the folder's `base.py` are not components. Plugins enter by an entry point group of the
package's name, under the same ids; a plugin never hides a built-in.
"""

from functools import cached_property
from importlib import import_module, util
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from glassworks.common.errors import NotFound, Unavailable

T = TypeVar("T")
NOT_COMPONENTS = {"base"}


class Registry(Generic[T]):
    """The components of one folder.

    package: dotted name of the folder, also the entry point group for plugins.
    base: the class that a component subclasses (`Registry[type[Base]]`) or is an instance of (`Registry[Base]`).
    noun: what one of them is called in an error message.
    """

    def __init__(self, package: str, base: type[Any], noun: str) -> None:
        self.package = package
        self.base = base
        self.noun = noun
        self._loaded: dict[str, T] = {}

    @cached_property
    def _built_in(self) -> frozenset[str]:
        spec = util.find_spec(self.package)
        folders = list(spec.submodule_search_locations or []) if spec else []
        stems = {file.stem for folder in folders for file in Path(folder).glob("*.py")}
        return frozenset(s for s in stems if not s.startswith("_") and s not in NOT_COMPONENTS)

    @cached_property
    def _plugins(self) -> dict[str, EntryPoint]:
        found = entry_points(group=self.package)
        return {e.name: e for e in found if e.name not in self._built_in}

    def names(self) -> list[str]:
        """All ids, sorted; nothing is imported."""
        return sorted(self._built_in | set(self._plugins))

    def origin(self, name: str) -> str:
        """`glassworks`, or the name of the installed distribution that brought the plugin."""
        entry = self._plugins.get(name)
        return "glassworks" if entry is None or entry.dist is None else entry.dist.name

    def load(self, name: str) -> T:
        """Import the file `name` and return its component. Raises NotFound, or Unavailable for a broken plugin."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def all(self) -> dict[str, T]:
        """Every component by id; imports them all."""
        return {name: self.load(name) for name in self.names()}

    def _load(self, name: str) -> T:
        if name in self._built_in:
            return self._component_of(import_module(f"{self.package}.{name}"), name)
        entry = self._plugins.get(name)
        if entry is None:
            raise NotFound(
                "unknown-component",
                f"There is no {self.noun} called {name!r}.",
                f"Choose one of: {', '.join(self.names())}.",
            )
        try:
            found: T = entry.load()
        except Exception as error:  # plugin loading is a named edge: other people's code
            raise Unavailable(
                "broken-plugin",
                f"The {self.noun} {name!r} from {self.origin(name)} does not load: {error}",
                "Update or remove that package.",
            ) from error
        return found

    def _component_of(self, module: ModuleType, name: str) -> T:
        found = [value for key, value in vars(module).items() if self._is_component(value, module)]
        if len(found) != 1:
            raise TypeError(
                f"{module.__name__} must define exactly one {self.base.__name__}, found {len(found)}"
            )
        component: T = found[0]
        return component

    def _is_component(self, value: object, module: ModuleType) -> bool:
        if isinstance(value, type):
            is_own = value.__module__ == module.__name__ and not value.__name__.startswith("_")
            return is_own and issubclass(value, self.base) and value is not self.base
        return isinstance(value, self.base)
