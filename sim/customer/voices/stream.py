"""A model's turn as it streams: what ends it, what is not speech, and the words that are left.

Works on any model's text, from this machine or another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from sim.customer.voices.sentences import SentenceCutter, Utf8Pieces


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


Rest = Literal["keep", "trail off", "drop"]
"""What becomes of an unfinished last sentence; trailing off, it ends at its last whole word."""
_DECIDES = re.compile(rb"[^A-Za-z0-9 ,'-]")
"""A byte that may begin or end something: a mark, a bracket, a line, a tag, a colon, all beyond ASCII."""


class TurnStream:
    """One turn of a model: token bytes in, cleaned sentences with their mean token probability out.

    Most tokens are plain letters, which decide nothing: they are put by and looked at together with the next
    token that can end a sentence, a tag or a stop string. On a small model a look costs a tenth of a token.
    """

    def __init__(self, names: Sequence[str], stops: Sequence[str], *, thinking: bool = False) -> None:
        """Begin a turn.

        Args:
            names: The customer's names, which the model may put before its words.
            stops: Strings that end the turn.
            thinking: Whether the prompt has already opened the model's reasoning.
        """
        self._names = tuple(names)
        self._pieces = Utf8Pieces()
        self._reasoning = ReasoningCut(inside=thinking)
        self._stop = StopCut(stops)
        self._cutter = SentenceCutter()
        self._put_by: list[bytes] = []
        self._waits = thinking
        self._sum = 0.0
        self._count = 0

    @property
    def stopped(self) -> bool:
        """Whether a stop string was met."""
        return self._stop.stopped

    def feed(self, data: bytes, probability: float = 0.0) -> list[tuple[str, float]]:
        """Take one token and return the sentences it completes."""
        self._sum += probability
        self._count += 1
        self._put_by.append(data)
        if not self._waits and not _DECIDES.search(data):
            return []
        sentences = self._cutter.feed(self._stop.feed(self._reasoning.feed(self._text())))
        self._waits = self._cutter.waits or self._stop.waits or self._reasoning.waits
        return self._clean(sentences)

    def _text(self) -> str:
        data, self._put_by = b"".join(self._put_by), []
        return self._pieces.feed(data)

    def finish(self, rest: Rest) -> list[tuple[str, float]]:
        """Give out what was held back.

        Args:
            rest: What to do with an unfinished last sentence. It trails off at its last whole word.
        """
        text = self._text() + self._pieces.finish()
        held = self._stop.feed(self._reasoning.feed(text) + self._reasoning.finish())
        sentences = self._cutter.feed(held + self._stop.finish())
        unfinished = self._cutter.finish()
        if rest == "keep":
            sentences += unfinished
        elif rest == "trail off":
            whole = [words.rsplit(" ", 1)[0] for words in unfinished if " " in words]
            sentences += [words.rstrip(" ,;:-") + "…" for words in whole]
        return self._clean(sentences)

    def _clean(self, sentences: list[str]) -> list[tuple[str, float]]:
        cleaned = []
        for sentence in sentences:
            mean = self._sum / self._count if self._count else 0.0
            self._sum, self._count = 0.0, 0
            if text := clean_sentence(sentence, self._names):
                cleaned.append((text, mean))
        return cleaned
