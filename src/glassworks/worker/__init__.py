"""The other process: `run` a stage, `tools` the resident helper, `serve` a loaded model; `shim.py` watches over `run`."""
