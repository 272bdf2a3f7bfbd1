"""Learning: optimizers, schedules, objectives, precision, the loop, and the state that makes a resume exact."""
