"""The floor: what every room may lean on. A closed list: errors, ids, clock, logging, hashing, registry, settings."""
