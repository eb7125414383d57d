r"""One text for one value: the bytes that are stored, hashed and compared.

Canonical JSON here is: keys sorted, no spaces, pure ASCII (everything else as `\uXXXX`), no NaN or infinity.
Pure ASCII keeps line separators, right-to-left marks and control characters visible and harmless in any
viewer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_SURROGATE_ESCAPE = re.compile(r"\\ud[89a-f]")


def clean_text(text: str) -> str:
    """Return the text with every lone surrogate replaced by U+FFFD, and split pairs joined.

    Python strings can hold halves of a character (bad bytes of a terminal); UTF-8 and SQLite cannot. Text is
    cleaned where it enters a conversation, so that what is scored is what is stored; storing cleans again.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def canonical_json(value: Any) -> str:
    """Return the canonical JSON of plain data (dicts with text keys, lists, text, numbers, booleans, None).

    Lone surrogates become U+FFFD.

    Raises:
        ValueError: when a number is NaN or infinite.
        TypeError: when something in it is not plain data.
    """
    text = _dump(value)
    # Pairs (an emoji) match too; cleaning leaves those as they are.
    return _dump(_cleaned(value)) if _SURROGATE_ESCAPE.search(text) else text


def canonical_model(model: BaseModel) -> str:
    """Return the canonical JSON of an event or a header.

    Raises:
        ValueError: when a number in it is NaN or infinite.
    """
    return canonical_json(model.model_dump(mode="json"))


def parse_json(text: str | bytes) -> Any:
    """Parse JSON strictly: no NaN, no infinity, bounded nesting.

    Raises:
        ValueError: when it is not JSON of that kind.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def sha256_text(text: str) -> str:
    """Return the hex SHA-256 of a text's UTF-8 bytes (lone surrogates as U+FFFD)."""
    return hashlib.sha256(clean_text(text).encode("utf-8")).hexdigest()


def sha256_texts(texts: Mapping[str, str]) -> str:
    """Return the hex SHA-256 over named texts: that of the canonical JSON of {name: text}."""
    return sha256_text(canonical_json(dict(texts)))


def link(previous_hash: str, text: str) -> str:
    """Return the next hash of a chain: SHA-256 of the previous hash's hex digits and the text."""
    return hashlib.sha256(f"{previous_hash}{text}".encode()).hexdigest()


def quoted(text: str, limit: int = 60) -> str:
    """Return foreign text as one short ASCII literal that is safe to print."""
    short = text if len(text) <= limit else text[:limit] + "..."
    return json.dumps(short)


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")
