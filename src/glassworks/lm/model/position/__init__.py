"""How a model knows the order of its tokens: one file per way. `POSITIONS` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.position.base import Position

POSITIONS: Registry[type[Position]] = Registry(__name__, Position, "position")
