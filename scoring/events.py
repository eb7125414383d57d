"""The event vocabulary: a conversation is its event log, and everything else is a fold over it.

Times are whole milliseconds on one monotonic clock from the start of the conversation. The `t` of an event
may lie before that of the event in front of it (a key is stamped when it is pressed, not when it is handled),
so folds compare `t` and never rely on order alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
)

from personas.acts import Act, MediumKind

FORMAT_VERSION = 1
"""Version of the event log's format; readers upcast older ones."""

EndReason = Literal["solved", "closed", "walked_out", "patience", "left", "stopped"]
"""solved: took an offer; closed: ended politely without; walked_out: hung up angry; patience: had enough;
left: the trainee ended it; stopped: the stop key, no fault of anybody."""
Channel = Literal["voice", "nod", "face", "typed"]
ClockReason = Literal["feedback", "paused", "suspended", "loading", "untimed"]
"""feedback: the coach has a line; paused: the trainee stopped the clock; suspended: the program was away;
loading: the machine needed time; untimed: nothing is timed."""


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    t: int
    """Milliseconds from the start of the conversation."""


class CustomerTurnStarted(_Event):
    """The customer took the floor (chat: began typing; e-mail: a mail arrived)."""

    kind: Literal["customer_turn_started"] = "customer_turn_started"
    turn: int


class SentenceVoiced(_Event):
    """A voice delivered a sentence that passed the critic; not yet heard."""

    kind: Literal["sentence_voiced"] = "sentence_voiced"
    text: str
    voice: str
    """author, written, local or remote: who these words came from."""
    rejected: tuple[str, ...] = ()
    """Why earlier draws of it were turned down, oldest first."""


class ClauseStarted(_Event):
    """A clause appeared and its words begin to be spoken."""

    kind: Literal["clause_started"] = "clause_started"
    text: str
    words: int
    duration_ms: int
    """How long it takes to say (chat: to type)."""
    turn_end: bool
    """Whether the customer could stop after it."""
    cue: str | None = None
    facts: tuple[str, ...] = ()
    """Facts that are told once it has been said."""
    bait: bool = False
    need: Literal["repair", "redirect"] | None = None


class ClauseEnded(_Event):
    """The clause has been said; its facts are told."""

    kind: Literal["clause_ended"] = "clause_ended"


class CustomerTurnEnded(_Event):
    """The customer has finished and the floor is free."""

    kind: Literal["customer_turn_ended"] = "customer_turn_ended"


class CustomerCutOff(_Event):
    """The customer was stopped against their will; what was left unsaid is not told for free."""

    kind: Literal["customer_cut_off"] = "customer_cut_off"
    at_word: int
    """Words of the broken clause that were said."""
    unsaid_words: int
    """Words planned and not said, as far as known."""
    unsaid_facts: tuple[str, ...] = ()


class Yielded(_Event):
    """The customer let the trainee in at a place where that was fine; the rest is still theirs to tell."""

    kind: Literal["yielded"] = "yielded"
    at_word: int
    unsaid_words: int
    unsaid_facts: tuple[str, ...] = ()


class HungUp(_Event):
    """The customer ended the call."""

    kind: Literal["hung_up"] = "hung_up"


class ComposingStarted(_Event):
    """First key of a draft."""

    kind: Literal["composing_started"] = "composing_started"


class ComposingPaused(_Event):
    """Time of the last key before a gap of two seconds or more, or before sending."""

    kind: Literal["composing_paused"] = "composing_paused"


class ComposingResumed(_Event):
    """First key after such a gap."""

    kind: Literal["composing_resumed"] = "composing_resumed"


class ComposingCleared(_Event):
    """The draft was emptied without sending."""

    kind: Literal["composing_cleared"] = "composing_cleared"


class Spoke(_Event):
    """The trainee sent a reply: the moment of speaking."""

    kind: Literal["spoke"] = "spoke"
    text: str
    pasted_chars: int = 0


class TraineeCutOff(_Event):
    """The customer cut in on a long reply; words after `at_word` were not heard."""

    kind: Literal["trainee_cut_off"] = "trainee_cut_off"
    at_word: int


class Withdrew(_Event):
    """The trainee gave the floor back right after cutting in; those words do not count as a reply."""

    kind: Literal["withdrew"] = "withdrew"


class Backchannelled(_Event):
    """A sign of listening that does not take the floor."""

    kind: Literal["backchannelled"] = "backchannelled"
    token: str
    channel: Channel
    specific: bool = False
    """Whether one of the tokens of this moment was chosen, and not the plain one."""
    fits: bool = True
    """Whether it fits what was just told."""


class HoldAnnounced(_Event):
    """The trainee told the customer that there will be a wait, and why."""

    kind: Literal["hold_announced"] = "hold_announced"
    text: str


class HoldEnded(_Event):
    """The trainee is back from an announced wait."""

    kind: Literal["hold_ended"] = "hold_ended"


class DeskOpened(_Event):
    """An item of the record was asked for; it can be read after `loading_ms`."""

    kind: Literal["desk_opened"] = "desk_opened"
    item: str
    loading_ms: int


class MailOpened(_Event):
    """A mail was opened."""

    kind: Literal["mail_opened"] = "mail_opened"
    item: str


class FocusLost(_Event):
    """The terminal lost the focus."""

    kind: Literal["focus_lost"] = "focus_lost"


class FocusGained(_Event):
    """The terminal got the focus back."""

    kind: Literal["focus_gained"] = "focus_gained"


class NoteIssued(_Event):
    """The director decided what the customer does next."""

    kind: Literal["note_issued"] = "note_issued"
    turn: int
    act: Act
    intensity: int
    facts: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    resolution: str | None = None
    """The offer that is being answered."""
    blocked: str | None = None
    """The locked fact that was touched."""
    beat: str | None = None
    tactic: str = ""


class VoiceWaited(_Event):
    """The machine needed time to find the words; it is in no measure of the trainee."""

    kind: Literal["voice_waited"] = "voice_waited"
    ms: int


class ChecksRead(_Event):
    """What the listener answered on the reply, and what the reply touches."""

    kind: Literal["checks_read"] = "checks_read"
    answers: dict[str, float | None]
    """Probability of yes per check, rounded to 0.01; null where it cannot apply."""
    spans: dict[str, tuple[tuple[int, int], ...]] = Field(default_factory=dict)
    """Character offsets in the reply, for checks answered with yes."""
    facts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class MoodMoved(_Event):
    """The customer's mood changed, in thousandths of a point of 0-100."""

    kind: Literal["mood_moved"] = "mood_moved"
    frustration: int
    trust: int
    heard: int
    causes: tuple[str, ...] = ()


class ClockStopped(_Event):
    """Time that counts stands still."""

    kind: Literal["clock_stopped"] = "clock_stopped"
    reason: ClockReason


class ClockStarted(_Event):
    """Time that counts goes on."""

    kind: Literal["clock_started"] = "clock_started"
    reason: ClockReason


class PaceChanged(_Event):
    """The trainee changed the pace of the customer's talk."""

    kind: Literal["pace_changed"] = "pace_changed"
    percent: int
    """100 is the customer's own pace; 50-200."""


class Ended(_Event):
    """The conversation is over."""

    kind: Literal["ended"] = "ended"
    reason: EndReason
    ending: Literal["won", "settled", "unsolved", "walked_out"] | None = None
    """Which of the author's endings was played; none when the trainee stopped it."""


Event = Annotated[
    CustomerTurnStarted
    | SentenceVoiced
    | ClauseStarted
    | ClauseEnded
    | CustomerTurnEnded
    | CustomerCutOff
    | Yielded
    | HungUp
    | ComposingStarted
    | ComposingPaused
    | ComposingResumed
    | ComposingCleared
    | Spoke
    | TraineeCutOff
    | Withdrew
    | Backchannelled
    | HoldAnnounced
    | HoldEnded
    | DeskOpened
    | MailOpened
    | FocusLost
    | FocusGained
    | NoteIssued
    | VoiceWaited
    | ChecksRead
    | MoodMoved
    | ClockStopped
    | ClockStarted
    | PaceChanged
    | Ended,
    Field(discriminator="kind"),
]
"""Any event."""

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Validates and dumps one event."""


class VoiceUsed(BaseModel):
    """Which voice spoke, for the header."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    model: str = ""
    model_sha256: str = ""
    sampling: str = ""


class Recalled(BaseModel):
    """A promise of an earlier call that the customer of a sequel remembers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    promise: str
    """The resolution of the earlier customer."""
    came: Literal["kept", "broken", "unknown"]
    """unknown: it was mentioned, and nobody said who would do it."""


class Header(BaseModel):
    """What a conversation was played with; written before the first event."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT_VERSION
    run_id: str
    """Random, unique: 32 hex digits."""
    app_version: str
    persona_id: str
    persona_sha256: str
    """Of the persona file's full text, UTF-8."""
    manners_sha256: str
    """Of the shared lines the customer may have used."""
    rubric_version: str
    rubric_sha256: str
    listener: str
    listener_fingerprint: str
    voice: VoiceUsed
    medium: MediumKind
    seed: int
    mode: Literal["practice", "rated", "competition"]
    timed: bool = True
    """False in plain play, where nothing is timed and timing skills are not scored."""
    pace_percent: int = 100
    parent_run: str | None = None
    parent_seq: int | None = None
    """The moment played again: number of the event after which this run branches off."""
    challenge: str | None = None
    """A host's nonce."""
    recalled: tuple[Recalled, ...] = ()
    """What the customer of a sequel remembers of the call before; the worst first."""
    started_utc: str
    """ISO 8601 with offset; with `started_monotonic_ms` the one pair of clocks of a run."""
    started_monotonic_ms: int

    @model_serializer(mode="wrap")
    def _without_nothing(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A call that goes on from none is written as it was before there were sequels.
        written: dict[str, Any] = dump(self)
        if not self.recalled:
            del written["recalled"]
        return written
