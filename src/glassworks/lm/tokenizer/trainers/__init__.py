"""Ways to make a tokenizer, one file each."""

from glassworks.common.registry import Registry
from glassworks.lm.tokenizer.trainers.base import TokenizerTrainer

TRAINERS: Registry[type[TokenizerTrainer]] = Registry(
    "glassworks.lm.tokenizer.trainers", TokenizerTrainer, "tokenizer trainer"
)
