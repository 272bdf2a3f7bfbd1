"""What the helper can answer: one op a file, the file name is its id."""

from glassworks.common.registry import Registry
from glassworks.worker.ops.base import Op

OPS: Registry[type[Op]] = Registry("glassworks.worker.ops", Op, "helper op")
