"""The service: an index, a queue, a live stream and an HTTP interface round the engine. Never imports torch."""
