"""A model on disk: write and read the folder of a checkpoint. Safetensors and JSON; nothing is ever unpickled."""

from glassworks.lm.checkpoint.files import Checkpoint, read_checkpoint, write_checkpoint

__all__ = ["Checkpoint", "read_checkpoint", "write_checkpoint"]
