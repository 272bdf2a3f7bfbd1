"""Evaluation: the loss in nats and in bits per byte, yardsticks beside it, scores of answers, and what metrics mean."""
