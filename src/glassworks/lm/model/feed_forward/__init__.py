"""What each position thinks by itself between two looks around: one file per way. `FEED_FORWARDS` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.model.feed_forward.base import FeedForward

FEED_FORWARDS: Registry[type[FeedForward]] = Registry(__name__, FeedForward, "feed-forward")
