"""Items as files: `items/<project>/<kind>/<name>.json`, the truth for good."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from glassworks.common.clock import utc_now
from glassworks.common.errors import BadData, Conflict, InvalidSpec, NotFound
from glassworks.common.ids import is_name
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.specs.item import ITEM_KINDS, ItemKind, ItemSpec, VersionSpec
from glassworks.storage.atomic import read_json, sync_folder, write_json
from glassworks.storage.locks import exclusive


class ItemStore:
    """All items below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, kind: ItemKind, name: str, project: str = DEFAULT_PROJECT) -> ItemSpec:
        """Raises NotFound, or BadData when the file cannot be read."""
        path = self._path(kind, name, project)
        if not path.exists():
            raise NotFound(
                "item-not-found",
                f"There is no {kind} called {name!r} in project {project!r}.",
                "`glassworks ls items` lists what there is.",
            )
        return self.read(path)

    def find(self, name: str, project: str = DEFAULT_PROJECT) -> list[ItemSpec]:
        """Every item of this name, of any kind."""
        paths = (self._path(kind, name, project) for kind in ITEM_KINDS)
        return [self.read(path) for path in paths if path.exists()]

    def find_or_none(self, name: str) -> list[ItemSpec] | None:
        """Like `find` in the default project, but a text that cannot be a name finds nothing."""
        return (self.find(name) or None) if is_name(name) else None

    def all(self, project: str | None = None) -> Iterator[ItemSpec]:
        for path in self.files(project):
            yield self.read(path)

    def files(self, project: str | None = None) -> list[Path]:
        """Every item's file; nothing is read."""
        found = sorted(self.root.glob(f"{project or '*'}/*/*.json"))
        return [path for path in found if not path.name.startswith(".")]

    def add_version(
        self,
        kind: ItemKind,
        name: str,
        artifact: str,
        run: str | None,
        project: str = DEFAULT_PROJECT,
        note: str = "",
    ) -> VersionSpec:
        """Point `name` at `artifact` as a new version; the same artifact as the latest adds none."""
        path = self._path(kind, name, project)
        with exclusive(_lock_of(path), _busy(kind, name)):
            before = self.read(path) if path.exists() else None
            if before is not None and before.latest.artifact == artifact:
                return before.latest
            version = VersionSpec(
                number=_last_number(before) + 1,
                artifact=artifact,
                run=run,
                note=note,
                created_at=utc_now(),
            )
            item = ItemSpec(
                kind=kind,
                name=name,
                project=project,
                versions=(*(before.versions if before else ()), version),
                aliases=before.aliases if before else {},
                last_number=version.number,
            )
            write_json(path, item.to_json())
        return version

    def remove_versions(
        self, kind: ItemKind, name: str, numbers: set[int], project: str = DEFAULT_PROJECT
    ) -> None:
        """Take versions away, with the aliases that point to them; with the last one the item goes. Raises NotFound."""
        self.get(kind, name, project)
        path = self._path(kind, name, project)
        with exclusive(_lock_of(path), _busy(kind, name)):
            item = self.get(kind, name, project)
            left = tuple(one for one in item.versions if one.number not in numbers)
            if not left:
                path.unlink()
                sync_folder(path.parent)
                return
            aliases = {alias: n for alias, n in item.aliases.items() if n not in numbers}
            update = {"versions": left, "aliases": aliases, "last_number": _last_number(item)}
            write_json(path, item.model_copy(update=update).to_json())

    def _path(self, kind: str, name: str, project: str) -> Path:
        for word in (name, project):
            check_name(word)
        return self.root / project / kind / f"{name}.json"

    def read(self, path: Path) -> ItemSpec:
        """The item in a file. Raises BadData when it cannot be read."""
        try:
            return ItemSpec.model_validate(read_json(path))
        except (ValueError, ValidationError) as error:
            raise BadData(
                "item-damaged",
                f"The item file {path.name} cannot be read.",
                "Run `glassworks doctor --store`, which explains what is damaged.",
                str(path),
            ) from error


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.stem}.lock")


def _busy(kind: str, name: str) -> Conflict:
    return Conflict(
        "item-busy", f"Another command is changing {kind}/{name}.", "Try again in a moment."
    )


def _last_number(item: ItemSpec | None) -> int:
    return max(item.last_number, item.latest.number) if item else 0


def check_name(word: str) -> None:
    """Raises InvalidSpec for what cannot be the name of an item, a run or a project."""
    if not is_name(word):
        raise InvalidSpec(
            "bad-name",
            f"{word!r} cannot be a name.",
            "Use lower-case letters, digits, '.', '_' and '-', at most 63 characters.",
        )
