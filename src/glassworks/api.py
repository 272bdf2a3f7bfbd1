"""The ten public names of `import glassworks as gw`. The command line is written on them."""
