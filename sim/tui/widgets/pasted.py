"""Which characters of a draft came by paste, kept while the draft is edited."""

from __future__ import annotations


class PastedChars:
    """Follows a text from one state to the next and remembers which of its characters were pasted."""

    def __init__(self) -> None:
        self._text = ""
        self._pasted: list[bool] = []
        self._pastes: list[str] = []

    @property
    def count(self) -> int:
        """Pasted characters that are still there."""
        return sum(self._pasted)

    def become(self, text: str, *, pasting: bool = False) -> None:
        """Take the next state of the text; what changed is one stretch of it.

        A stretch that comes back, as by undo, is pasted when it is part of something that was pasted before.

        Args:
            text: the whole text now.
            pasting: whether the new stretch was pasted.
        """
        old = self._text
        shorter = min(len(old), len(text))
        head = next((place for place in range(shorter) if old[place] != text[place]), shorter)
        left = shorter - head
        tail = next((place for place in range(left) if old[-1 - place] != text[-1 - place]), left)
        new = text[head : len(text) - tail]
        if pasting and new:
            self._pastes.append(new)
        flag = pasting or (len(new) > 1 and any(new in paste for paste in self._pastes))
        after = self._pasted[len(old) - tail :]
        self._pasted = [*self._pasted[:head], *([flag] * len(new)), *after]
        self._text = text

    def forget(self) -> None:
        """Begin with an empty text."""
        self.__init__()  # type: ignore[misc]
