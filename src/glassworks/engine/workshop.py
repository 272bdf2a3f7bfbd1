"""The workshop: one opened house, handed to everything in this room.

Opening it is cheap; the helper (`worker tools`) starts on first use and ends with `close`.
"""

from functools import cached_property
from importlib.metadata import entry_points

from glassworks.common.errors import BadData
from glassworks.common.settings import Settings, load_settings
from glassworks.engine.closing import Closing
from glassworks.engine.executor import Executor
from glassworks.engine.executors.local import LocalExecutor
from glassworks.engine.tools_client import ToolsClient
from glassworks.flow.catalog import CatalogSpec, load_catalog
from glassworks.specs.machine import MachineSpec
from glassworks.storage.atomic import read_json, write_json
from glassworks.storage.store import Store, open_home, open_store

STAGE_PLUGINS = "glassworks.stages"
"""Entry point group by which an installed package adds stages."""


class Workshop(Closing):
    """Settings, store, catalogue, executor and helper of one process."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load_settings()
        open_home(self.settings)
        self.store: Store = open_store(self.settings.store)
        self.executor: Executor = LocalExecutor()
        self._tools: ToolsClient | None = None

    @cached_property
    def catalog(self) -> CatalogSpec:
        """The catalogue of the package; where plugins bring stages, the helper's, which knows them."""
        if not entry_points(group=STAGE_PLUGINS):
            return load_catalog()
        return CatalogSpec.model_validate(self.tools.call("catalog", {}, timeout_s=120))

    @property
    def tools(self) -> ToolsClient:
        """The resident helper, started on first use."""
        if self._tools is None:
            self._tools = ToolsClient()
        return self._tools

    def machine(self) -> MachineSpec | None:
        """What `glassworks doctor` measured, or None. Raises BadData when the file is damaged."""
        file = self.settings.machine_file
        if not file.exists():
            return None
        try:
            return MachineSpec.model_validate(read_json(file))
        except ValueError as error:
            raise BadData(
                "machine-file-damaged",
                "The measurements of this machine cannot be read.",
                "Run `glassworks doctor`, which measures anew.",
                str(file),
            ) from error

    def measure_machine(self) -> MachineSpec:
        """Measure this machine's ceilings (some seconds) and keep them."""
        machine = MachineSpec.model_validate(self.tools.call("measure_machine", {}, timeout_s=120))
        write_json(self.settings.machine_file, machine.to_json())
        return machine

    def close(self) -> None:
        if self._tools is not None:
            self._tools.close()
            self._tools = None
