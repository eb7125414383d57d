"""The pipe between the local voice and its child: one JSON object a line, each way.

Down: Load once, then Speak or Prepare, Cancel, Quit. Up: Ready or Failed, then for each turn Began,
Sentence..., Done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from sim.customer.note import VoiceRequest

T = TypeVar("T")
PromptForm = Literal["note-v1", "instruct-v1"]
DoneReason = Literal["end", "stop", "sentences", "length", "cancelled", "prepared"]


class WireError(Exception):
    """A line is not a message of this protocol."""


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn from the model's distribution (llama.cpp's sampler chain, in this order)."""

    top_k: int = 40
    repeat_penalty: float = 1.08
    """Over the last 64 tokens of this turn; 1 is none."""
    top_p: float = 0.95
    min_p: float = 0.05
    temperature: float = 0.8
    """0 always takes the likeliest token."""

    def line(self) -> str:
        """Return the settings as one stable line, for a run's header."""
        return (
            f"temp={self.temperature:g} top_k={self.top_k} top_p={self.top_p:g} min_p={self.min_p:g} "
            f"repeat={self.repeat_penalty:g}"
        )


@dataclass(frozen=True)
class Load:
    """Load the model; the first message."""

    model: str
    n_ctx: int
    n_threads: int
    n_threads_batch: int
    prompt_form: PromptForm | None = None
    """None: what the file's key hearmeout.prompt_form says, else instruct-v1."""
    kind: Literal["load"] = "load"


@dataclass(frozen=True)
class Speak:
    """Voice one turn."""

    id: int
    request: VoiceRequest
    seed: int
    """The sampler's seed, 1 .. 2**31-1."""
    sampling: Sampling
    max_tokens: int
    kind: Literal["speak"] = "speak"


@dataclass(frozen=True)
class Prepare:
    """Evaluate what is already known of the next turn's prompt; a later Speak stops it."""

    id: int
    request: VoiceRequest
    max_tokens: int
    kind: Literal["prepare"] = "prepare"


@dataclass(frozen=True)
class Cancel:
    """Stop a turn at once, at whatever point it is."""

    id: int
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True)
class Quit:
    """End the child. The end of its input means the same."""

    kind: Literal["quit"] = "quit"


@dataclass(frozen=True)
class Ready:
    """The model is loaded."""

    n_ctx: int
    """Context length in use, in tokens."""
    prompt_form: PromptForm
    has_template: bool
    load_ms: int
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True)
class Fingerprint:
    """The sha256 of the model file, in hex; computed beside the loading."""

    sha256: str
    kind: Literal["fingerprint"] = "fingerprint"


@dataclass(frozen=True)
class Began:
    """Prompt evaluation begins."""

    id: int
    prompt_tokens: int
    reused: int
    """Of these, found in the key-value cache."""
    kind: Literal["began"] = "began"


@dataclass(frozen=True)
class Sentence:
    """A whole sentence, cleaned."""

    id: int
    text: str
    mean_token_probability: float
    """Mean over the sentence's tokens of the probability the model gave the token drawn, before sampling."""
    kind: Literal["sentence"] = "sentence"


@dataclass(frozen=True)
class Done:
    """The turn is over."""

    id: int
    reason: DoneReason
    tokens: int
    """Tokens drawn."""
    evaluated: int
    """Prompt tokens that were evaluated, not reused; of a cancelled turn, those that were kept."""
    ms_first: int | None
    """From the command to the first sentence, or None when there was none."""
    ms_total: int
    kind: Literal["done"] = "done"


@dataclass(frozen=True)
class Failed:
    """Something went wrong; `id` is the turn it hit, or None when the child cannot go on."""

    message: str
    id: int | None = None
    kind: Literal["failed"] = "failed"


Command = Load | Speak | Prepare | Cancel | Quit
Reply = Ready | Fingerprint | Began | Sentence | Done | Failed

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="kind")])
_REPLIES: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="kind")])


def encode_command(message: Command) -> bytes:
    """Return a command as one line with its newline."""
    return _COMMANDS.dump_json(message) + b"\n"


def encode_reply(message: Reply) -> bytes:
    """Return a reply as one line with its newline."""
    return _REPLIES.dump_json(message) + b"\n"


def decode_command(line: bytes) -> Command:
    """Return the command of a line.

    Raises:
        WireError: when the line is none.
    """
    return _decode(_COMMANDS, line)


def decode_reply(line: bytes) -> Reply:
    """Return the reply of a line.

    Raises:
        WireError: when the line is none.
    """
    return _decode(_REPLIES, line)


def _decode(adapter: TypeAdapter[T], line: bytes) -> T:
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        raise WireError(f"not a message: {line[:80]!r} ({error.errors()[0]['msg']})") from None
