"""The architectures to start from: `{}` -> `{items: [{id, title, family, note, source, is_published, parameters, document}]}`."""

from typing import Any

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class ArchitecturePresets(Op):
    """List the presets, smallest first, each complete and counted."""

    class Args(Spec):
        pass

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.model.architecture import parse_architecture
        from glassworks.lm.model.presets import load_preset, preset_names
        from glassworks.lm.model.shapes import shape_table

        found = []
        for name in preset_names():
            preset = load_preset(name)
            architecture = parse_architecture(preset.document)
            counted = {
                "parameters": shape_table(architecture).num_parameters,
                "document": architecture.to_json(),
            }
            found.append({**preset.to_json(), **counted})
        return {"items": sorted(found, key=lambda preset: preset["parameters"])}
