"""The queue and the threads that drive runs."""
