"""One program a contestant: it prepares itself, says `ready`, then runs a burst each time it is asked."""
