"""Foreign text made fit for a terminal: no control characters, no escape codes, no direction overrides."""

from __future__ import annotations

import re

LONGEST = 100_000
"""Characters of one text that are shown; the rest is counted, not printed."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls, and what Unicode calls default-ignorable but for variation selectors, which make emoji wide."""

_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")
_LEADS = re.compile(r"^(\s*(?:\d+(?=[.)])|))([-+=.)])", re.MULTILINE)


def shown(text: str) -> str:
    """Return a text with every control, zero-width and direction character taken out, line feeds kept."""
    clean = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text[:LONGEST].replace("\t", " ")))
    left = len(text) - LONGEST
    return f"{clean} [... {left} more characters]" if left > 0 else clean


def one_line(text: str) -> str:
    """Return a text as `shown`, on one line."""
    return " ".join(shown(text).split())


def in_markdown(text: str) -> str:
    """Return a text on one line that Markdown shows and does not read."""
    return _LEADS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", one_line(text)))
