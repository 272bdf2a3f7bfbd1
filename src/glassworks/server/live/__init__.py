"""The live stream: one reader a run, however many look; a reconnect is a replay."""
