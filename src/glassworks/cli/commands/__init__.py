"""The commands: one file each, the file name is the command; `main.py` scans this folder."""
