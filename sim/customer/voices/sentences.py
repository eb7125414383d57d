"""Cutting text into sentences, whole or as it streams.

A stream gives the same sentences however it is chunked, because a boundary is only taken once the character
after it is known. A line break always ends a sentence.
"""

from __future__ import annotations

import codecs
import re

_MARK = re.compile(r"[.!?…。！？]+[\"'”’»)\]*_]*|\n")
"""A run of end marks with the quotes, brackets and markup that close after it; or a line break."""
_WIDE_MARKS = "。！？"
_EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d]+"
_FACES = re.compile(rf"[^\S\n]+(?:{_EMOJI}|[:;]['-]?[()/|DPp]+(?=\s|$))")
_MAYBE_FACE = re.compile(r"[^\S\n]+[:;]['-]?[()/|DPp]*$")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«]*$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALWAYS_OPEN = _words("mr mrs ms mx dr prof st sr jr rev hon capt sgt messrs vs e.g i.e cf")
"""Words whose full stop never ends a sentence."""
_OPEN_BEFORE_NUMBER = _words("no nos nr p pp fig ch sec vol ref ext tel approx ca est max min art")
_SHORT_FORMS = _words(
    "ref ext tel approx fig vol etc inc ltd co corp dept jan feb mar apr jun jul aug sep sept oct nov dec"
)
"""Words whose full stop ends a sentence only before a capital."""
_TRAILING_OFF = 3
"""Words before an ellipsis below which it is a hesitation ("Well... fine."), not an end."""


def _ends_here(before: str, mark: str, following: str) -> bool:
    """Say whether an end mark ends the sentence.

    Args:
        before: The sentence's text before the mark.
        mark: The run of marks with closing quotes and brackets.
        following: The next character that is not a space, "" at the end of the text.
    """
    stops = mark.rstrip("\"'”’»)]*_")
    closers = len(stops) < len(mark)
    if following == "":
        return True
    if "!" in stops or "?" in stops:
        return not (closers and following.islower())
    if stops == "…" or len(stops) > 1:
        return not following.islower() and (closers or len(before.split()) >= _TRAILING_OFF)
    found = _WORD_BEFORE.search(before)
    word = (found.group() if found else "").lstrip("*_")
    lower = word.lower()
    if lower in _ALWAYS_OPEN:
        return False
    if lower in _OPEN_BEFORE_NUMBER and following.isdigit():
        return False
    if _DOTTED.fullmatch(word + ".") and len(word) > 1:
        return following.isupper()
    if lower in _SHORT_FORMS:
        return following.isupper()
    if len(word) == 1 and word.isupper() and word != "I":
        return not following.isalpha()
    return not (closers and following.islower())


def _next_end(text: str, final: bool) -> int | None:
    """Return where the first sentence of the text ends, or None while that cannot be known yet.

    Args:
        text: Text that begins at a sentence's beginning.
        final: Whether no more text will come.
    """
    for found in _MARK.finditer(text):
        mark, end = found.group(), found.end()
        if mark == "\n":
            return end
        if end == len(text) and not final:
            return None
        if mark[0] in _WIDE_MARKS:
            return end
        if end < len(text) and not text[end].isspace():
            continue
        while face := _FACES.match(text, end):
            end = face.end()
        if not final and (end == len(text) or _MAYBE_FACE.match(text, end)):
            return None
        rest = text[end:].lstrip(" \t\r\f\v\u00a0\u2009\u202f")
        if not rest and not final:
            return None
        if rest[:1] == "\n" or end > found.end() or _ends_here(text[: found.start()], mark, rest.strip()[:1]):
            return end
    return None


def split_sentences(text: str) -> list[str]:
    """Cut a whole text into sentences, without changing a word.

    Joined with spaces the sentences are the text again, up to white space. A line break ends a sentence, so
    wrapped prose must be unwrapped first. Decimals, times ("3 p.m."), titles, initials and hesitations are no
    ends.
    """
    cutter = SentenceCutter()
    return [*cutter.feed(text), *cutter.finish()]


class SentenceCutter:
    """Cuts a stream of text into sentences; each is given out once its end is certain."""

    def __init__(self) -> None:
        self._held = ""
        self._marked = False

    @property
    def waits(self) -> bool:
        """Whether an end mark is held whose meaning the next characters decide."""
        return self._marked

    def feed(self, text: str) -> list[str]:
        """Take the next piece of the stream and return the sentences it completes, stripped."""
        self._held += text
        if not self._marked and not _MARK.search(text):
            return []
        sentences = self._take(final=False)
        self._marked = bool(_MARK.search(self._held))
        return sentences

    def finish(self) -> list[str]:
        """Return what is left when the stream is over."""
        sentences = self._take(final=True)
        rest, self._held = self._held.strip(), ""
        return [*sentences, rest] if rest else sentences

    def _take(self, *, final: bool) -> list[str]:
        sentences = []
        self._held = self._held.lstrip()
        while self._held and (end := _next_end(self._held, final)) is not None:
            sentence = self._held[:end].strip()
            self._held = self._held[end:].lstrip()
            if sentence:
                sentences.append(sentence)
        return sentences


class Utf8Pieces:
    """Joins the bytes of tokens into text: a character split over tokens comes out once it is whole."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")

    def feed(self, data: bytes) -> str:
        """Return the text that is certain now; bytes that are no UTF-8 are left out."""
        return self._decoder.decode(data)

    def finish(self) -> str:
        """Return what is left; an unfinished character is left out."""
        return self._decoder.decode(b"", final=True)
