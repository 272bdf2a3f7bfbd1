"""How a model knows the order of its tokens: one file per way. `positions` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.position.base import Position

positions: Registry[type[Position]] = Registry(__name__, Position, "position")
