"""From token bytes to text that may be shown at once.

In: the bytes of one token after another. Out: text, never half a character and never part of a stop string. Two things
are held back: the first bytes of a character whose rest has not come, and text that may yet become a stop string.
Bytes that are no UTF-8 become the replacement character.
"""

import codecs


class TextStream:
    """Incremental UTF-8 decoder with stop strings. `is_stopped` is set once a stop string has come.

    `num_decoded` counts the characters decoded so far, those that are held back included.
    """

    def __init__(self, stop: tuple[str, ...] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self.is_stopped = False
        self.num_decoded = 0

    def push(self, data: bytes) -> str:
        """Take a token's bytes; returns the text that is now certain (often empty)."""
        self._decode(data)
        return self._release()

    def finish(self) -> str:
        """No more bytes will come: whatever was held back, unfinished characters as the replacement character."""
        self._decode(b"", is_final=True)
        text = self._release() + self._held
        self._held = ""
        return text

    def _decode(self, data: bytes, is_final: bool = False) -> None:
        text = self._decoder.decode(data, is_final)
        self._held += text
        self.num_decoded += len(text)

    def _release(self) -> str:
        if self.is_stopped:
            self._held = ""
            return ""
        ends = [at for at in (self._held.find(text) for text in self._stop) if at >= 0]
        if ends:
            self.is_stopped = True
            text, self._held = self._held[: min(ends)], ""
            return text
        keep = self._num_held_back()
        cut = len(self._held) - keep
        text, self._held = self._held[:cut], self._held[cut:]
        return text

    def _num_held_back(self) -> int:
        """Length of the longest end of the held text that is a beginning of a stop string."""
        longest = max((len(text) - 1 for text in self._stop), default=0)
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(text.startswith(self._held[-length:]) for text in self._stop):
                return length
        return 0
