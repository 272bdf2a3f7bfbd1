"""Me: who the person is, and how they like things."""
