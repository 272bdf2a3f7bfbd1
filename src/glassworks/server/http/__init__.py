"""The interface: sign-in, sessions, headers, errors, and the app that the feature slices are hung into."""
