"""The database: an index over the store's folders, the queue, and the people. Only the last two are its own truth."""
