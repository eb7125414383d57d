"""Foreign text made fit for a terminal: no control characters, no escape codes, no direction overrides."""

from __future__ import annotations

import re

LONGEST = 100_000
"""Characters of one text that are shown; the rest is counted, not printed."""
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def shown(text: str) -> str:
    """Return a text with every control, zero-width and direction character taken out, line feeds kept."""
    clean = _INVISIBLE.sub("", text[:LONGEST].replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n"))
    left = len(text) - LONGEST
    return f"{clean} [... {left} more characters]" if left > 0 else clean


def one_line(text: str) -> str:
    """Return a text as `shown`, on one line."""
    return " ".join(shown(text).split())
