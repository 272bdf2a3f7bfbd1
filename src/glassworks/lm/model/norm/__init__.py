"""How the residual stream is brought to one scale before each part: one file per way. `NORMS` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.norm.base import Norm

NORMS: Registry[type[Norm]] = Registry(__name__, Norm, "norm")
