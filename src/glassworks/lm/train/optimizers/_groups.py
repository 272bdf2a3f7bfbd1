"""Weight-decay groups: which weights are pulled to zero, and which are let be.

In: a parameter's name and shape. Out: its group. Decay holds maps between vectors small, which is what it is for. A norm's
scale or a bias has its right size wherever that is, and a row of the embedding is read seldom: pulled at every step, the
rows of rare tokens would fade. So `matrices` and an untied `head` decay, `embeddings` and `vectors` do not; a tied head
is the embedding. Source: Radford et al. 2018, "Improving language understanding"; Loshchilov and Hutter 2019.
"""

from typing import Literal

from torch import Tensor

from glassworks.lm.train.optimizers.base import Named

Group = Literal["matrices", "head", "embeddings", "vectors"]
DECAYED: tuple[Group, ...] = ("matrices", "head")


def group_of(name: str, parameter: Tensor) -> Group:
    """The group of a parameter of the model, by its name in the checkpoint."""
    if parameter.ndim < 2:
        return "vectors"
    if name.startswith(("embedding.", "position.")):
        return "embeddings"
    return "head" if name.startswith("head.") else "matrices"


def decayed_names(parameters: Named, names: list[str], decayed: tuple[Group, ...]) -> list[str]:
    """Those of `names` whose group is among `decayed`, in their order."""
    return [name for name in names if group_of(name, parameters[name]) in decayed]
