"""What each position thinks by itself between two looks around: one file per way. `feed_forwards` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.feed_forward.base import FeedForward

feed_forwards: Registry[type[FeedForward]] = Registry(__name__, FeedForward, "feed-forward")
