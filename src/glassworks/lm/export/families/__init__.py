"""Model classes of the `transformers` library that compute what one of our architectures computes: one file each."""

from glassworks.common.errors import InvalidSpec
from glassworks.common.registry import Registry
from glassworks.lm.export.families.base import Family
from glassworks.lm.model.architecture import ArchitectureConfig

FAMILIES: Registry[Family] = Registry(__name__, Family, "model family")


def choose_family(architecture: ArchitectureConfig) -> Family:
    """The family that covers every field. Raises InvalidSpec that names the field in which the nearest one differs."""
    misfits = {name: family.misfits(architecture) for name, family in FAMILIES.all().items()}
    nearest = min(misfits, key=lambda name: (len(misfits[name]), name))
    if not misfits[nearest]:
        return FAMILIES.load(nearest)
    first = misfits[nearest][0]
    others = [misfit.field for misfit in misfits[nearest][1:]]
    also = f" It also differs in {' and '.join(others)}." if others else ""
    raise InvalidSpec(
        "not-exportable",
        f"No stock class of the transformers library has {first.field} = {first.value}: the nearest, "
        f"{FAMILIES.load(nearest).model_class}, needs {first.needed}.{also}",
        f"Train a model with {first.field} = {first.needed} to export it to this layout.",
        first.field,
    )
