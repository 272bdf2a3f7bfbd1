"""How a position looks at the ones before it: one file per way. `attentions` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.attention.base import Attention

attentions: Registry[type[Attention]] = Registry(__name__, Attention, "attention")
