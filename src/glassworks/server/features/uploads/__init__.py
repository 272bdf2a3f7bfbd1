"""Uploads: a text file of one's own, sent in pieces, gone on with after whatever broke it off."""
