"""How a position looks at the ones before it: one file per way. `ATTENTIONS` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.attention.base import Attention

ATTENTIONS: Registry[type[Attention]] = Registry(__name__, Attention, "attention")
