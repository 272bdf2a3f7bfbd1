"""The registry: a file is a component, nothing is imported to list them, plugins come beside and never instead."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.common.errors import NotFound, Unavailable
from glassworks.common.registry import Registry

BASE = "class Base:\n    pass\n"
COMPONENT = "from {package}.base import Base\n\n\nclass {name}(Base):\n    origin = __name__\n"


class Site:
    """A folder on `sys.path` with one package of components."""

    def __init__(self, root: Path, package: str) -> None:
        self.root, self.package = root, package
        self.folder = root / package
        self.folder.mkdir()
        self.add("__init__", "")
        self.add("base", BASE)

    def add(self, file: str, text: str) -> None:
        (self.folder / f"{file}.py").write_text(text)

    def add_component(self, file: str, name: str) -> None:
        self.add(file, COMPONENT.format(package=self.package, name=name))

    def install(self, dist: str, module: str, text: str, entry_points: dict[str, str]) -> None:
        """A distribution beside the package, with entry points in the package's group."""
        (self.root / f"{module}.py").write_text(text)
        info = self.root / f"{dist}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.0\n")
        lines = [f"[{self.package}]", *(f"{k} = {v}" for k, v in entry_points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")

    @property
    def registry(self) -> Registry[type]:
        from importlib import import_module

        base = import_module(f"{self.package}.base").Base
        return Registry(self.package, base, "gadget")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    package = f"gadgets_{tmp_path.name.replace('-', '_').replace('[', '').replace(']', '')}"
    monkeypatch.syspath_prepend(tmp_path)
    yield Site(tmp_path, package)
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def test_file_names_are_the_ids_and_listing_imports_nothing(site: Site) -> None:
    site.add("beta", "raise RuntimeError('imported')\n")
    site.add_component("alpha", "Alpha")
    site.add("_helper", "raise RuntimeError('imported')\n")
    (site.folder / "notes.txt").write_text("")
    assert site.registry.names() == ["alpha", "beta"]
    assert f"{site.package}.alpha" not in sys.modules


def test_loading_imports_that_file_alone(site: Site) -> None:
    site.add_component("alpha", "Alpha")
    site.add("beta", "raise RuntimeError('imported')\n")
    registry = site.registry
    assert registry.load("alpha").__name__ == "Alpha"
    assert registry.load("alpha") is registry.load("alpha")
    assert registry.origin("alpha") == "glassworks"


def test_all_loads_every_one(site: Site) -> None:
    site.add_component("alpha", "Alpha")
    site.add_component("beta", "Beta")
    assert {name: cls.__name__ for name, cls in site.registry.all().items()} == {
        "alpha": "Alpha",
        "beta": "Beta",
    }


def test_an_unknown_name_is_told_with_those_there_are(site: Site) -> None:
    site.add_component("alpha", "Alpha")
    with pytest.raises(NotFound) as caught:
        site.registry.load("gamma")
    assert caught.value.code == "unknown-component"
    assert caught.value.message == "There is no gadget called 'gamma'."
    assert caught.value.hint == "Choose one of: alpha."


@pytest.mark.parametrize(
    ("text", "num_found"),
    [
        ("x = 1\n", 0),
        ("from {package}.base import Base\n", 0),
        ("from {package}.alpha import Alpha\n", 0),
        ("from {package}.base import Base\nclass _Hidden(Base): ...\n", 0),
        ("from {package}.base import Base\nclass A(Base): ...\nclass B(Base): ...\n", 2),
    ],
)
def test_a_file_defines_exactly_one(site: Site, text: str, num_found: int) -> None:
    site.add_component("alpha", "Alpha")
    site.add("beta", text.format(package=site.package))
    with pytest.raises(TypeError, match=f"must define exactly one Base, found {num_found}"):
        site.registry.load("beta")


def test_a_component_may_be_an_instance(site: Site) -> None:
    site.add("alpha", f"from {site.package}.base import Base\nTHING = Base()\n")
    assert type(site.registry.load("alpha")).__name__ == "Base"


def test_a_plugin_comes_beside_the_built_in(site: Site) -> None:
    site.add_component("alpha", "Alpha")
    text = COMPONENT.format(package=site.package, name="Extra")
    site.install("more-gadgets", "more_gadgets", text, {"extra": "more_gadgets:Extra"})
    registry = site.registry
    assert registry.names() == ["alpha", "extra"]
    assert "more_gadgets" not in sys.modules
    assert registry.load("extra").__name__ == "Extra"
    assert registry.origin("extra") == "more-gadgets"


def test_a_plugin_never_hides_a_built_in(site: Site) -> None:
    site.add_component("alpha", "Alpha")
    text = COMPONENT.format(package=site.package, name="Thief")
    site.install("thief", "thief_gadgets", text, {"alpha": "thief_gadgets:Thief"})
    registry = site.registry
    assert registry.names() == ["alpha"]
    assert registry.load("alpha").__name__ == "Alpha"
    assert registry.origin("alpha") == "glassworks"


@pytest.mark.parametrize(
    "text", ["raise RuntimeError('nothing works')\n", "import no_such_module_at_all\n", ""]
)
def test_a_broken_plugin_breaks_itself_alone(site: Site, text: str) -> None:
    site.add_component("alpha", "Alpha")
    module = f"broken_{site.package}"
    site.install("broken", module, text, {"extra": f"{module}:Extra"})
    registry = site.registry
    assert registry.names() == ["alpha", "extra"]
    assert registry.load("alpha").__name__ == "Alpha"
    with pytest.raises(Unavailable) as caught:
        registry.load("extra")
    assert caught.value.code == "broken-plugin"
    assert caught.value.message.startswith("The gadget 'extra' from broken does not load: ")
    assert caught.value.hint == "Update or remove that package."


def test_a_folder_that_does_not_exist_has_nothing() -> None:
    assert Registry[type]("glassworks.nowhere", object, "gadget").names() == []
