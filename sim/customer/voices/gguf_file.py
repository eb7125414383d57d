"""What a GGUF file says of itself, read without native code, so that a bad file is refused with clear words.

Layout (GGUF specification, versions 2 and 3): magic "GGUF", version (uint32), tensor count and key count
(uint64), the keys with their values, the tensor table, padding to `general.alignment` (32 unless said), the
tensors' data.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sim.customer.voices.base import VoiceError

Scalar = int | float | bool | str

MAGIC = b"GGUF"
VERSIONS = (2, 3)
GIB = 1024**3
WEIGHT_OVERHEAD = 1.2
"""Memory a loaded model takes, as a multiple of its file: weights plus compute buffers."""

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class GgufSummary:
    """The part of a model file's header that the voice needs."""

    path: Path
    size: int
    """Bytes on disk."""
    tensors: int
    values: dict[str, Scalar] = field(default_factory=dict)
    """Scalar keys up to the tokenizer's, which stand last and are long."""

    def number(self, name: str) -> int:
        """Return an integer key of this model's architecture ("block_count"), or 0 when it is not there."""
        value = self.values.get(f"{self.values.get('general.architecture', '')}.{name}", 0)
        return int(value) if isinstance(value, int) else 0

    def context_bytes(self, n_ctx: int) -> int:
        """Return the memory of the key-value cache in bytes: two 16-bit vectors per layer and position."""
        heads = self.number("attention.head_count")
        if not heads:
            return 0
        kv_heads = self.number("attention.head_count_kv") or heads
        width = self.number("embedding_length") // heads * kv_heads
        return 2 * 2 * self.number("block_count") * width * n_ctx


class _Cut(Exception):
    """The file ends before its header does."""


class _Reader:
    """Reads header values in order and never past the end of the file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def bytes_(self, count: int) -> bytes:
        if count > self._size:
            raise _Cut
        data = self._file.read(count)
        if len(data) < count:
            raise _Cut
        return data

    def number(self, letter: str) -> int | float | bool:
        value: int | float | bool = struct.unpack("<" + letter, self.bytes_(struct.calcsize("<" + letter)))[0]
        return value

    def count(self) -> int:
        return int(self.number("Q"))

    def text(self) -> str:
        return self.bytes_(self.count()).decode("utf-8", "replace")

    def value(self, kind: int) -> Scalar | None:
        """Return a scalar value; skip an array and return None."""
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            self._skip_array()
            return None
        if kind not in _NUMBERS:
            raise ValueError(f"value type {kind}")
        return self.number(_NUMBERS[kind])

    def _skip_array(self) -> None:
        kind, count = int(self.number("I")), self.count()
        if kind in _NUMBERS:
            self.bytes_(struct.calcsize("<" + _NUMBERS[kind]) * count)
            return
        for _ in range(count):
            self.value(kind)

    def position(self) -> int:
        return self._file.tell()


def inspect(path: Path, *, whole: bool = False) -> GgufSummary:
    """Read a model file's header.

    Args:
        path: The model file.
        whole: Whether to walk the tokenizer and the tensor table too and check that the last tensor's data is
            there. Takes tens of milliseconds on a large vocabulary, so the child does it.

    Raises:
        VoiceError: when there is no such file, it cannot be read, is no GGUF, is of another version, or is
            cut short.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise VoiceError(f"{path} is a folder, not a model; give the path of a .gguf file.")
        with path.open("rb") as file:
            return _read(_Reader(file, size), path, size, whole)
    except FileNotFoundError:
        raise VoiceError(
            f"There is no model file at {path}; check the path or use the written voice."
        ) from None
    except PermissionError:
        raise VoiceError(f"The model file {path} may not be read; change its permissions.") from None
    except OSError as error:
        raise VoiceError(f"The model file {path} cannot be read ({error.strerror}).") from None
    except _Cut:
        raise VoiceError(
            f"The model file {path} is cut short inside its header; download it again."
        ) from None
    except (ValueError, OverflowError, MemoryError) as error:
        raise VoiceError(f"The model file {path} is damaged ({error}); download it again.") from None


def _read(reader: _Reader, path: Path, size: int, whole: bool) -> GgufSummary:
    if size == 0:
        raise VoiceError(f"The model file {path} is empty; download it again.")
    if size < len(MAGIC) or reader.bytes_(len(MAGIC)) != MAGIC:
        raise VoiceError(f"{path} is not a GGUF model file; give the path of a .gguf file.")
    version = int(reader.number("I"))
    if version not in VERSIONS:
        raise VoiceError(
            f"The model file {path} is GGUF version {version}, and versions 2 and 3 can be read; "
            f"use another file."
        )
    tensors, keys = reader.count(), reader.count()
    values: dict[str, Scalar] = {}
    for _ in range(keys):
        name = reader.text()
        if name.startswith("tokenizer.") and not whole:
            return GgufSummary(path, size, tensors, values)
        value = reader.value(int(reader.number("I")))
        if value is not None:
            values[name] = value
    if whole:
        _check_tensors(reader, path, size, tensors, int(values.get("general.alignment", 32)))
    return GgufSummary(path, size, tensors, values)


def _check_tensors(reader: _Reader, path: Path, size: int, tensors: int, alignment: int) -> None:
    last = 0
    for _ in range(tensors):
        reader.text()
        for _ in range(int(reader.number("I"))):
            reader.count()
        reader.number("I")
        last = max(last, reader.count())
    start = -(-reader.position() // max(1, alignment)) * max(1, alignment)
    if tensors and start + last >= size:
        raise VoiceError(
            f"The model file {path} is cut short: it has {gib(size)} and the last part of its weights would "
            f"begin at {gib(start + last)}; download it again."
        )


def gib(size: int) -> str:
    """Return a size as text: "4.2 GiB", and "0.4 MiB" below a tenth of a GiB."""
    return f"{size / GIB:.1f} GiB" if size >= GIB / 10 else f"{size / 1024**2:.1f} MiB"


def available_memory() -> int | None:
    """Return the memory free for a new process in bytes (Linux's MemAvailable), or None where nobody says."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def check(path: Path, n_ctx: int, memory: Callable[[], int | None]) -> GgufSummary:
    """Inspect a model file quickly and refuse one that does not fit into memory.

    Args:
        path: The model file.
        n_ctx: Context length in tokens.
        memory: Returns the free memory in bytes, or None when unknown.

    Raises:
        VoiceError: as `inspect`, and when the model needs more memory than is free.
    """
    summary = inspect(path)
    needed = int(summary.size * WEIGHT_OVERHEAD) + summary.context_bytes(n_ctx)
    free = memory()
    if free is not None and needed > free:
        raise VoiceError(
            f"The model {path.name} needs about {gib(needed)} of memory and {gib(free)} are free; choose a "
            f"smaller model, close other programs or use the written voice."
        )
    return summary
