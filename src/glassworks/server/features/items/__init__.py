"""Items: what has a name, with its versions."""
