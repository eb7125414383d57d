"""Cutting text into sentences, whole or as it streams, and cleaning what a model writes around its words.

A stream gives the same sentences however it is chunked, because a boundary is only taken once the character
after it is known. A line break always ends a sentence.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence

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


def _held_back(text: str, needles: Iterable[str]) -> int:
    """Return how many characters at the end of the text could be the beginning of one of the needles."""
    longest = 0
    for needle in needles:
        for length in range(min(len(needle) - 1, len(text)), longest, -1):
            if text.endswith(needle[:length]):
                longest = length
                break
    return longest


class StopCut:
    """Ends a stream at the first of some stop strings, also when one is split over pieces."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False
        """Whether a stop string was met; nothing comes out any more."""

    @property
    def waits(self) -> bool:
        """Whether something is held back that may become a stop string."""
        return bool(self._held)

    def feed(self, text: str) -> str:
        """Return the text that is certainly before any stop string."""
        if self.stopped:
            return ""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            out, self._held, self.stopped = self._held[: min(places)], "", True
            return out
        keep = len(self._held) - _held_back(self._held, self._stops)
        out, self._held = self._held[:keep], self._held[keep:]
        return out

    def finish(self) -> str:
        """Return what was held back."""
        out, self._held = self._held, ""
        return out


class ReasoningCut:
    """Takes a thinking model's reasoning out of a stream: all between tags such as <think> and </think>."""

    NAMES = ("think", "thinking", "reasoning", "analysis")

    def __init__(self, *, inside: bool = False) -> None:
        self._held = ""
        self._inside = inside
        self._opening = tuple(f"<{name}>" for name in self.NAMES)
        self._closing = tuple(f"</{name}>" for name in self.NAMES)

    @property
    def waits(self) -> bool:
        """Whether the stream is inside reasoning, or something held back may become a tag."""
        return self._inside or bool(self._held)

    def feed(self, text: str) -> str:
        """Return the text that is certainly outside of reasoning."""
        self._held += text
        out = ""
        while True:
            tags = self._closing if self._inside else (*self._opening, *self._closing)
            hits = [(place, tag) for tag in tags if (place := self._held.find(tag)) >= 0]
            if not hits:
                break
            place, tag = min(hits)
            if not self._inside:
                out += self._held[:place]
            self._inside = tag in self._opening
            self._held = self._held[place + len(tag) :]
        keep = len(self._held) - _held_back(self._held, tags)
        if not self._inside:
            out += self._held[:keep]
        self._held = self._held[keep:]
        return out

    def finish(self) -> str:
        """Return what was held back, unless it is reasoning."""
        out, self._held = ("" if self._inside else self._held), ""
        return out


_STAGE_WORDS = re.compile(
    r"\b(?:sigh|pause|laugh|chuckle|scoff|groan|cough|sniff|sob|cr(?:y|ies)|clear|take|breath|mutter|whisper|shout|"
    r"yell|raise|roll|shak|nod|shrug|click|typ(?:e|ing)|silen|beat|hang|exhal|inhal|snort|huff|grumbl|slam|tap|glanc|"
    r"look|voice|tone|smil|frown|cross|grit|interrupt|lean|stare|rub|wait|angrily|sarcastically|annoyed|frustrated)\w*",
    re.IGNORECASE,
)
_DIRECTION = re.compile(r"\*([^*\n]{1,60})\*|\(([^()\n]{1,60})\)|\[([^\[\]\n]{1,60})\]")
_DIRECTION_WORDS = 8
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,40}>|<\|[^<>|\n]{1,40}\|>")
_LEAD = re.compile(r"^(?:[#>]+\s+|[-*•]\s+)+")
_ZERO_WIDTH = "\u200b\u2060\ufeff\ufffd"
_QUOTES = '"“”'
ROLE_NAMES = ("Customer", "Caller", "Client")


def _drop_direction(found: re.Match[str]) -> str:
    """Return "" for a stage direction, the words for emphasis, a bracket with ordinary words as it is."""
    inner = next(group for group in found.groups() if group is not None)
    words = inner.split()
    if len(words) <= _DIRECTION_WORDS and _STAGE_WORDS.search(" ".join(words[:3])):
        return ""
    return inner if found.group(1) is not None else found.group()


def clean_sentence(text: str, names: Sequence[str] = ()) -> str:
    """Return a model's sentence as speech: no role prefix, stage direction, markup, tag or control character.

    Args:
        text: One sentence.
        names: Names the model may put before its words ("Priya: ..."); "Customer", "Caller" and "Client"
            always count.

    Returns:
        The words, or "" when nothing to say is left.
    """
    text = "".join(" " if char.isspace() else char for char in text if _is_printable(char))
    text = _TAG.sub("", text)
    text = _LEAD.sub("", text.strip())
    text = _BOLD.sub(r"\2", text)
    text = _DIRECTION.sub(_drop_direction, text)
    text = re.sub(r"[*`]+", "", text)
    text = _without_prefix(text.strip(), (*names, *ROLE_NAMES))
    text = _without_wrapping(text)
    text = re.sub(r"\s+([,.!?;:])", r"\1", re.sub(r"\s+", " ", text)).strip()
    return text if any(char.isalnum() or ord(char) > 0x2600 for char in text) else ""


def _is_printable(char: str) -> bool:
    if char in "\n\t " or char == "\u200d":
        return True
    return char not in _ZERO_WIDTH and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _without_prefix(text: str, names: Sequence[str]) -> str:
    spellings = {part for name in names for part in (name, name.split()[0] if name.split() else "") if part}
    if not spellings:
        return text
    choice = "|".join(re.escape(name) for name in sorted(spellings, key=len, reverse=True))
    return re.sub(rf"^[\"“]?(?:{choice})\s*:\s*", "", text, flags=re.IGNORECASE)


def _without_wrapping(text: str) -> str:
    """Take away quotation marks around the sentence, or a single one that opens or closes the turn."""
    quotes = [char for char in text if char in _QUOTES]
    if len(quotes) == 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return text[1:-1]
    if len(quotes) == 1 and (text[0] in _QUOTES or text[-1] in _QUOTES):
        return text.strip(_QUOTES)
    return text
