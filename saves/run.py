"""One conversation as it is kept: what it was played with, what happened, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from saves.canonical import canonical_json, canonical_model, link, parse_json, sha256_text, sha256_texts
from saves.errors import SavesCorrupt
from saves.upcast import upcast
from scoring.events import FORMAT_VERSION, Event, Header

_EVENTS: TypeAdapter[list[Event]] = TypeAdapter(list[Event])


@dataclass(frozen=True)
class Materials:
    """The texts a conversation was played with, whole."""

    persona_text: str
    """The persona file."""
    manners: Mapping[str, str]
    """The files of shared lines the customer may have used, by name."""
    rubric_text: str
    """The rubric file."""

    @property
    def persona_sha256(self) -> str:
        """Hash for the header: of the persona text, UTF-8."""
        return sha256_text(self.persona_text)

    @property
    def manners_sha256(self) -> str:
        """Hash for the header: of the canonical JSON of {name: text}."""
        return sha256_texts(self.manners)

    @property
    def rubric_sha256(self) -> str:
        """Hash for the header: of the rubric text, UTF-8."""
        return sha256_text(self.rubric_text)

    def mismatch(self, header: Header) -> str | None:
        """Return which text is not the one that the header names, or None when all three are."""
        pairs = (
            ("persona", self.persona_sha256, header.persona_sha256),
            ("manners", self.manners_sha256, header.manners_sha256),
            ("rubric", self.rubric_sha256, header.rubric_sha256),
        )
        return next((name for name, mine, named in pairs if mine != named), None)


@dataclass(frozen=True)
class RunFile:
    """A whole conversation, in today's format."""

    header: Header
    events: tuple[Event, ...]
    materials: Materials
    result: Mapping[str, Any] | None = None
    """The summary at its end; None when it was interrupted."""


@dataclass(frozen=True)
class RawRun:
    """A whole conversation in the words it was written in, whatever its format."""

    header: str
    """Canonical JSON."""
    events: tuple[tuple[str, str], ...]
    """(canonical JSON, chain hash) of each event, by sequence number."""
    materials: Materials
    result: Mapping[str, Any] | None

    @property
    def format(self) -> int:
        """Format number that the header states."""
        return format_of(parse_json(self.header))


@dataclass(frozen=True)
class RunRow:
    """One line of the list of conversations."""

    run_id: str
    persona_id: str
    started_utc: str
    """ISO 8601 with offset."""
    mode: str
    seed: int
    voice_kind: str
    medium: str
    ended: str | None
    """Reason of the end; None when it was interrupted."""
    abandoned: bool
    """Whether the trainee chose not to go on with it."""
    parent_run: str | None
    """The run of which this one plays a moment again."""
    result: Mapping[str, Any] | None
    """The summary; None until it was finished."""


def chain_start(header: str) -> str:
    """Return the hash a chain starts from: SHA-256 of the header's canonical JSON."""
    return sha256_text(header)


def chain(start: str, texts: Sequence[str]) -> list[str]:
    """Return the chain hash of each canonical event text, following `start`."""
    hashes = []
    for text in texts:
        start = link(start, text)
        hashes.append(start)
    return hashes


def format_of(header: Any) -> int:
    """Return the format number of a parsed header.

    Raises:
        ValueError: when it states none.
    """
    number = header.get("format") if isinstance(header, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError("the header states no format number")
    return number


def parse_run(header: str, events: Sequence[str]) -> tuple[Header, list[Event]]:
    """Read a header and events of any known format, as today's.

    Args:
        header: JSON of the header.
        events: JSON of each event, in order.

    Raises:
        SavesNewer: when the format is newer than this program.
        SavesCorrupt: when one of them is not a header or an event; the message counts events from 0.
    """
    try:
        raw = parse_json(header)
        number = format_of(raw)
        if number == FORMAT_VERSION:
            return Header.model_validate(raw), parse_events(events)
        new_header, new_events = upcast(raw, [parse_json(text) for text in events])
        return Header.model_validate(new_header), parse_events([canonical_json(one) for one in new_events])
    except ValidationError as error:
        raise SavesCorrupt(f"the header is not one of this program: {_first_problem(error)}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise SavesCorrupt(f"the conversation cannot be read: {error}") from error


def parse_events(texts: Sequence[str]) -> list[Event]:
    """Read events of today's format from their JSON.

    Raises:
        SavesCorrupt: naming the first that is none, counted from 0.
    """
    try:
        return _EVENTS.validate_json(f"[{','.join(texts)}]")
    except ValidationError as error:
        location = error.errors(include_url=False, include_input=False)[0]["loc"]
        where = f"event {location[0]}" if location else _unreadable(texts)
        raise SavesCorrupt(f"{where} is not an event of this program: {_first_problem(error)}") from error


def to_raw(run: RunFile) -> RawRun:
    """Return a conversation in the words it is written in.

    Raises:
        ValueError: when a number in an event is NaN or infinite.
    """
    header = canonical_model(run.header)
    texts = [canonical_model(event) for event in run.events]
    hashes = chain(chain_start(header), texts)
    return RawRun(header, tuple(zip(texts, hashes, strict=True)), run.materials, run.result)


def _unreadable(texts: Sequence[str]) -> str:
    for number, text in enumerate(texts):
        try:
            parse_json(text)
        except ValueError:
            return f"event {number}"
    return "an event"


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"][-1:])
    return f"{problem['msg']} ({place})" if place else problem["msg"]
