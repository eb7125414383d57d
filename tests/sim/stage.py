"""A stage for one conversation: the small customer, a voice and a listener as told, a clock by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from personas.manners import Manners
from personas.schema import Persona
from scoring import events as ev
from scoring.listener.base import CHECKS, Answer, CheckName, Reading, ReadingContext, TouchKind
from scoring.rubric import RubricRules, shipped_rubric
from sim.conversation.conversation import Conversation
from sim.customer.note import VoiceRequest
from sim.customer.reaction import Setting
from sim.customer.speaker import Speaker
from sim.customer.voices.base import VoiceError, VoiceIdentity, VoicePiece
from sim.customer.voices.sentences import split_sentences
from sim.customer.voices.written import WrittenVoice
from tests.personas.samples import Change, edited, loaded, plain

E = TypeVar("E", bound=ev.Event)

OPENING_FACTS = ("parcel", "missed", "card", "trips")
GATED_FACTS = ("brother", "clock", "alone", "depot")
COMPETE: Change = ('on_interruption = "yield"', 'on_interruption = "compete"')
CHAT: Change = ('kind = "phone"', 'kind = "chat"')
VIDEO: Change = ('kind = "phone"', 'kind = "video"')
EMAIL: Change = ('kind = "phone"', 'kind = "email"\nsubject = "A parcel"')
SECOND_LINE = "One thing more, since I have my coat off."
SECOND_MAIL: Change = (
    "[need]\n",
    f"""
[[facts]]
id = "van"
text = "A neighbour saw your van turn round in the lane."
again = "The van turned round in our lane. It was seen."
gist = "the van was seen turning round"
heard_as = "Somebody next door watched the driver leave again."
topics = ["driver"]
gate = {{ second_mail = "one_more" }}
blocked = "There is something else, but I must find my glasses."

[[second_mails]]
id = "one_more"
after = "trips"
writing_s = 20
line = "{SECOND_LINE}"
reveals = ["van"]
cue = {{ text = "sent from a telephone", sense = "text", topic = "driver" }}

[need]
""",
)
"""A second mail, with EMAIL: it follows the first mail by 20 s of writing."""


@cache
def persona_of(*changes: Change) -> Persona:
    """Return the small customer with each text of the file replaced once."""
    return loaded(edited(*changes)).persona


def rules() -> RubricRules:
    return shipped_rubric().rules


@cache
def manners() -> Manners:
    return plain()


@dataclass(frozen=True)
class Says:
    """What the listener shall read in a reply."""

    yes: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    def touched(self) -> dict[TouchKind, tuple[str, ...]]:
        return {
            "fact": self.facts,
            "topic": self.topics,
            "feeling": self.feelings,
            "resolution": self.resolutions,
            "record": self.records,
        }


def says(
    *checks: CheckName,
    facts: Iterable[str] = (),
    topics: Iterable[str] = (),
    feelings: Iterable[str] = (),
    resolutions: Iterable[str] = (),
    records: Iterable[str] = (),
) -> Says:
    return Says(
        frozenset(checks), tuple(facts), tuple(topics), tuple(feelings), tuple(resolutions), tuple(records)
    )


NOTHING = says()


class ScriptedListener:
    """Reads in each line of a reply what was set for it; nothing in any other."""

    name = "scripted"
    fingerprint = "scripted"

    def __init__(self) -> None:
        self.set: dict[str, Says] = {}

    def read(self, context: ReadingContext, reply: str) -> Reading:
        found = [self._said(line) for line in reply.split("\n")]
        answers = {
            check: Answer(1.0 if any(check in said.yes for said in found) else 0.0) for check in CHECKS
        }
        touched: dict[TouchKind, tuple[str, ...]] = {}
        for said in found:
            for kind, ids in said.touched().items():
                touched[kind] = tuple(dict.fromkeys((*touched.get(kind, ()), *ids)))
        return Reading(answers, touched)

    def _said(self, line: str) -> Says:
        """Return what was set for a line, or for the longer one that the customer cut in on."""
        begun = (said for text, said in self.set.items() if text.startswith(f"{line} "))
        return self.set[line] if line in self.set else next(begun, NOTHING)

    def close(self) -> None:
        """Nothing is held."""


Play = Sequence[str | VoiceError | None]
"""What a scripted voice gives: sentences and failures; None holds back the rest until somebody waits."""


@dataclass
class ScriptedSpeech:
    """One scripted turn."""

    left: list[str | VoiceError | None]
    cancelled: bool = False

    def poll(self, timeout_s: float) -> VoicePiece | None:
        if timeout_s > 0:
            self.release()
        if self.cancelled or not self.left:
            return VoicePiece("", done=True)
        if self.left[0] is None:
            return None
        piece = self.left.pop(0)
        if isinstance(piece, VoiceError):
            raise piece
        return VoicePiece(piece or "", done=False)

    def release(self) -> None:
        """Let the words after the pause come."""
        while self.left and self.left[0] is None:
            self.left.pop(0)

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class ScriptedVoice:
    """A model's voice that plays what `play` returns for a request; a VoiceError there fails the start."""

    play: Callable[[VoiceRequest], Play | VoiceError]
    requests: list[VoiceRequest] = field(default_factory=list)
    speeches: list[ScriptedSpeech] = field(default_factory=list)

    @property
    def identity(self) -> VoiceIdentity:
        return VoiceIdentity("local", "scripted")

    def speak(self, request: VoiceRequest) -> ScriptedSpeech:
        self.requests.append(request)
        played = self.play(request)
        if isinstance(played, VoiceError):
            raise played
        self.speeches.append(ScriptedSpeech(list(played)))
        return self.speeches[-1]

    def release(self) -> None:
        """Let the words after every pause come."""
        for speech in self.speeches:
            speech.release()

    def prepare(self, request: VoiceRequest) -> None:
        self.requests.append(request)

    def close(self) -> None:
        """Nothing is held."""


def obedient(request: VoiceRequest) -> list[str | VoiceError | None]:
    """Play a line of its own, then the author's words for every fact of the note."""
    note = request.note
    facts = [text for fact in (*note.repeats, *note.facts) for text in split_sentences(fact.text)]
    return [f"Well, this is turn {note.turn} of mine, said {note.act}.", *facts]


class RecordingWritten(WrittenVoice):
    """The written voice, remembering what it was asked."""

    def __init__(self, persona: Persona) -> None:
        super().__init__(persona, manners())
        self.requests: list[VoiceRequest] = []

    def speak(self, request: VoiceRequest):  # type: ignore[no-untyped-def]
        self.requests.append(request)
        return super().speak(request)


class Stage:
    """A conversation with the small customer whose clock moves only when told."""

    def __init__(
        self,
        *changes: Change,
        play: Callable[[VoiceRequest], Play | VoiceError] | None = None,
        seed: int = 7,
        timed: bool = True,
        keep: Callable[[Sequence[ev.Event]], None] | None = None,
    ) -> None:
        """Set the stage.

        Args:
            changes: edits of the customer's file.
            play: what a model's voice plays; None lets the written voice speak.
            seed: of the run.
            timed: False for plain play.
            keep: stores batches; None collects them in `kept`.
        """
        self.changes = changes
        self.persona = persona_of(*changes)
        self.setting = Setting(self.persona, rules(), self.persona.medium.kind, timed, seed)
        self.listener = ScriptedListener()
        self.written = RecordingWritten(self.persona)
        self.voice = ScriptedVoice(play or obedient)
        self._model = play is not None
        self.log: list[str] = []
        self.kept: list[ev.Event] = []
        self._keep = keep or self.kept.extend
        self._replies = 0
        self.talk = self._conversation()

    def _conversation(self) -> Conversation:
        speaker = Speaker(
            self.persona, self.voice if self._model else self.written, self.written, self.log.append
        )
        return Conversation(self.setting, manners(), self.listener, speaker, self._keep)

    # what there is to see

    @property
    def now(self) -> int:
        return self.talk.now

    @property
    def events(self) -> list[ev.Event]:
        return self.talk.events

    def of(self, kind: type[E], since: int = 0) -> list[E]:
        return [event for event in self.events[since:] if isinstance(event, kind)]

    @property
    def note(self) -> ev.NoteIssued:
        return self.of(ev.NoteIssued)[-1]

    @property
    def acts(self) -> list[str]:
        return [note.act.value for note in self.of(ev.NoteIssued)]

    def said_since(self, place: int) -> list[str]:
        return [clause.text for clause in self.of(ev.ClauseStarted, place)]

    @property
    def requests(self) -> list[VoiceRequest]:
        return [*self.voice.requests, *self.written.requests]

    # time

    def start(self) -> Stage:
        self.talk.start(0)
        return self

    def go_on(self, events: Sequence[ev.Event], t: int) -> Stage:
        self.kept[:] = events
        self.talk.go_on(events, t)
        return self

    def go_on_anew(self, t: int) -> None:
        """Close the program and start it again with what was kept."""
        events = list(self.talk.events)
        self.talk = self._conversation()
        self.go_on(events, t)

    def run_to(self, t: int) -> None:
        """Move the clock to a time; while the voice is awaited the clock stands still."""
        for _ in range(10_000):
            if self.talk.over:
                return
            if self.talk.starved:
                self.talk.await_voice(1.0)
                continue
            due = self.talk.next_due()
            if due is None or due > t:
                self.talk.advance(max(t, self.now))
                return
            self.talk.advance(due)
        raise AssertionError("time does not pass")

    def wait(self, ms: int) -> None:
        self.run_to(self.now + ms)

    def listen(self) -> Stage:
        """Let the customer finish, without letting a silence begin."""
        for _ in range(10_000):
            if self.talk.over or self.talk.floor_is_free:
                return self
            if self.talk.starved:
                self.talk.await_voice(1.0)
                continue
            due = self.talk.next_due()
            assert due is not None
            self.talk.advance(due)
        raise AssertionError("the customer never stops")

    def until_said(self, text: str) -> ev.ClauseStarted:
        """Run until a clause of that text begins; return it."""
        for _ in range(10_000):
            if self.events and isinstance(last := self.events[-1], ev.ClauseStarted) and last.text == text:
                return last
            if self.talk.starved:
                self.talk.await_voice(1.0)
                continue
            due = self.talk.next_due()
            assert due is not None and not self.talk.floor_is_free, f"never said: {text}"
            self.talk.advance(due)
        raise AssertionError("the customer never stops")

    # the trainee

    def say(self, said: Says = NOTHING, text: str = "", at: int | None = None) -> int:
        """Send a reply now, or at a time; return how many events there were before."""
        before = len(self.events)
        self._replies += 1
        words = text or f"Number {self._replies}"
        self.listener.set[words] = said
        self.talk.speak(self.now if at is None else at, words)
        return before

    def answered(self, said: Says = NOTHING, text: str = "") -> ev.NoteIssued:
        """Hear the customer out, reply, hear the reaction; return its note."""
        self.listen()
        self.say(said, text)
        self.listen()
        return self.note


def told(events: Iterable[ev.Event]) -> list[str]:
    """Return the facts told by the clauses that were said to their end, in order, repeats included."""
    found: list[str] = []
    running: ev.ClauseStarted | None = None
    for event in events:
        if isinstance(event, ev.ClauseStarted):
            running = event
        elif isinstance(event, ev.CustomerCutOff | ev.Yielded):
            running = None
        elif isinstance(event, ev.ClauseEnded) and running is not None:
            found += running.facts
            running = None
    return found
