"""What a run looks like in a terminal: one live display, plain lines where there is none, and the words at the end."""
