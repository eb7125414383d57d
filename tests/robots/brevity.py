"""What a customer who cuts in has not heard: taken back, so that it is said again, and shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.virtual import VirtualCall


class Claims:
    """What a reply claims to have said, with how to take each claim back."""

    def __init__(self) -> None:
        self._made: list[tuple[str, Callable[[], object]]] = []

    def made(self, text: str, take_back: Callable[[], object]) -> None:
        """Note that a text is about to be said."""
        self._made.append((text, take_back))

    def settle(self, heard: str) -> None:
        """Take back every claim whose words are not among those that were heard."""
        for text, take_back in self._made:
            if text not in heard:
                take_back()
        self._made.clear()


def fitting(parts: Sequence[str], weightiest: Sequence[str], most_words: int | None) -> str:
    """Join parts in their order; those that go beyond so many words stay out, the least weighty first.

    Args:
        parts: what there is to say; empty ones do not count.
        weightiest: the same parts, weightiest first; the first one is always said.
        most_words: words at most; None for no end.
    """
    kept: list[str] = []
    for part in (one for one in weightiest if one):
        words = sum(len(one.split()) for one in (*kept, part))
        if not kept or most_words is None or words <= most_words:
            kept.append(part)
    return " ".join(part for part in parts if part in kept)


def heard_of(call: VirtualCall, text: str) -> tuple[str, int | None]:
    """What the customer heard of the reply just sent, and after how many words they cut in."""
    at_word = call.conversation.fold.turn.heard_words
    return (text if at_word is None else " ".join(text.split()[:at_word])), at_word
