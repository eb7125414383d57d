"""Small words of the feedback: pronouns, counts, quotations."""

from __future__ import annotations

from dataclasses import dataclass

from personas.schema import Persona


@dataclass(frozen=True)
class Pronouns:
    """How the customer is spoken of."""

    they: str
    them: str
    their: str
    theirs: str
    were: str
    """The past of "be" that goes with `they`."""


_PRONOUNS = {
    "she": Pronouns("she", "her", "her", "hers", "was"),
    "he": Pronouns("he", "him", "his", "his", "was"),
    "they": Pronouns("they", "them", "their", "theirs", "were"),
}


def pronouns(persona: Persona) -> Pronouns:
    """Return the pronouns of a customer."""
    return _PRONOUNS[persona.customer.they]


def capital(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return a text as a sentence: first letter up, closed by a mark."""
    text = capital(text.strip())
    return text if not text or text[-1] in ".!?…" else text + "."


def seconds(ms: float) -> str:
    """Return a time in words: "1 second", "3.5 seconds"."""
    shown = f"{ms / 1000:.1f}".removesuffix(".0")
    return f"{shown} second" if shown == "1" else f"{shown} seconds"


def shortened(text: str, limit: int) -> str:
    """Return a text cut at a word so that it has at most `limit` characters, with a mark where it was cut."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: max(1, limit - 1)]
    whole = head.rsplit(" ", 1)[0] if " " in head else head
    return whole.rstrip(" ,;:-") + "…"


def tail(text: str, limit: int) -> str:
    """Return the end of a text, cut at a word so that it has at most `limit` characters."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    end = text[-max(1, limit - 1) :]
    whole = end.split(" ", 1)[1] if " " in end else end
    return "…" + whole
