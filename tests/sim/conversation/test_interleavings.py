"""Anything at any time: whatever a trainee, a clock and a voice do, the conversation stays whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from personas.acts import Act
from scoring import events as ev
from scoring.turns import MILLI
from sim.conversation.conversation import IntentRefused
from sim.customer import reaction as react
from sim.customer.voices.base import VoiceError
from tests.personas.samples import Change
from tests.sim.stage import (
    CHAT,
    COMPETE,
    EMAIL,
    NOTHING,
    VIDEO,
    Play,
    Says,
    Stage,
    says,
    told,
)

SAYS = st.sampled_from(
    [
        NOTHING,
        says("gives_solution"),
        says("restates", facts=["card"]),
        says("asks_open", topics=["contents", "driver"]),
        says("asks_closed", topics=["delivery"]),
        says("reflects_feeling", "restates", feelings=["grief"], facts=["brother"]),
        says("commits", facts=["brother"], resolutions=["search_today"]),
        says("dismisses", "contradicts"),
    ]
)
TEXTS = st.sampled_from(
    ["Yes.", "Sorry, go on.", "Did you say eight four?", "word " * 70, "Either way.", " "]
)
LATE = st.sampled_from([0, 0, 0, 0, 1, 60, 2_500])
STEPS = st.sampled_from([0, 1, 199, 200, 375, 900, 1_500, 3_000, 4_100, 10_000, 31_000])


@dataclass(frozen=True)
class Step:
    """Let time pass, then do something, with a time stamp that may lie a little back."""

    ms: int
    late: int
    what: str
    said: Says = NOTHING
    text: str = "Yes."


SPEAK = st.builds(Step, STEPS, LATE, st.just("speak"), SAYS, TEXTS)
OTHER = st.builds(
    Step,
    STEPS,
    LATE,
    st.sampled_from(
        [
            "started", "paused", "resumed", "cleared", "nod", "echo", "misfit", "hold", "end hold", "desk",
            "mail", "withdraw", "blur", "focus", "slow", "fast", "await", "release", "tick", "listen",
            "go on", "leave",
        ]
    ),
)  # fmt: skip
CALLS = st.lists(st.one_of(SPEAK, SPEAK, OTHER, OTHER), min_size=1, max_size=14)


def voices(kind: str) -> object:
    """Return what a voice plays by its kind."""
    plays: dict[str, Play | VoiceError] = {
        "slow": [None, "One thing, if I may.", None, "And another thing."],
        "broken": VoiceError("The model is gone."),
        "breaks off": ["One thing, if I may.", VoiceError("The model is gone.")],
        "odd": ["As an AI I have no parcel."],
    }
    return None if kind == "written" else lambda request: plays[kind]


class Trainee:
    """Carries out steps; knows what must always hold."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clock = 0
        self.last_key = 0

    def do(self, step: Step) -> None:
        talk = self.stage.talk
        self.clock += step.ms
        before, now = len(talk.events), talk.now
        try:
            self._do(step, self.clock - step.late)
        except IntentRefused as refused:
            assert str(refused).endswith(".")
        talk = self.stage.talk
        talk.advance(self.clock)
        self.clock = max(self.clock, talk.now)
        assert talk.now >= now
        due = talk.next_due()
        assert due is None or due >= talk.now
        if step.what != "go on":
            assert len(talk.events) >= before
        assert self.stage.kept == talk.events
        assert talk.over == (talk.fold.ended is not None)
        assert not (talk.over and (due is not None or talk.customer_speaking))

    def _do(self, step: Step, t: int) -> None:
        """Carry out a step; keys come in their order, but for the last key of a burst, which is told late."""
        stage, talk = self.stage, self.stage.talk
        key = t if step.what == "paused" else max(t, self.last_key)
        self.last_key = max(self.last_key, key)
        stage.listener.set[step.text.strip()] = step.said
        ways: dict[str, Callable[[], object]] = {
            "speak": lambda: talk.speak(key, step.text.strip()),
            "nod": lambda: talk.backchannel(key),
            "echo": lambda: talk.backchannel(key, "A whole week!", "nod"),
            "misfit": lambda: talk.backchannel(key, "Great!"),
            "hold": lambda: talk.announce_hold(key, "Let me look at the tracking."),
            "end hold": lambda: talk.end_hold(key),
            "desk": lambda: talk.open_desk(key, "tracking"),
            "mail": lambda: talk.open_mail(key, "mail_1"),
            "withdraw": lambda: talk.withdraw(key),
            "blur": lambda: talk.note_focus(key, lost=True),
            "focus": lambda: talk.note_focus(key, lost=False),
            "slow": lambda: talk.set_pace(key, 50),
            "fast": lambda: talk.set_pace(key, 200),
            "await": lambda: talk.await_voice(1.0),
            "release": stage.voice.release,
            "tick": lambda: talk.advance(t),
            "listen": self._listen,
            "go on": lambda: stage.go_on_anew(self.clock),
            "leave": lambda: talk.end(key, "left") if step.ms > 9_000 else None,
        }
        if step.what in ("started", "paused", "resumed", "cleared"):
            talk.compose(key, step.what)  # type: ignore[arg-type]
        else:
            ways[step.what]()
        assert len(stage.talk.tokens().tokens) <= 3

    def _listen(self) -> None:
        self.stage.listen()
        self.clock = max(self.clock, self.stage.now)

    def to_the_end(self) -> None:
        """Fall silent until the customer leaves, or leave where nobody waits."""
        talk = self.stage.talk
        for _ in range(8):
            self.stage.listen()
            talk = self.stage.talk
            if talk.over:
                return
            if talk.fold.composing:
                talk.compose(talk.now, "cleared")
            due = talk.next_due()
            if due is None:
                talk.end(talk.now, "left")
                return
            talk.advance(due)
        raise AssertionError("the call has no end")


def whole(stage: Stage) -> None:
    """Check what must hold of every event log."""
    events: Sequence[ev.Event] = stage.events
    spoken = told(events)
    assert len(spoken) == len(set(spoken))
    assert sum(isinstance(event, ev.Ended) for event in events) == 1
    assert isinstance(events[-1], ev.Ended)
    mine = [event.t for event in events if isinstance(event, ev.CustomerTurnStarted)]
    assert mine == sorted(mine)
    speaking = False
    for event in events:
        if isinstance(event, ev.CustomerTurnStarted):
            assert not speaking
            speaking = True
        elif isinstance(event, ev.CustomerTurnEnded | ev.CustomerCutOff | ev.Yielded):
            assert speaking
            speaking = False
        elif isinstance(event, ev.ClauseStarted):
            assert speaking
            assert event.duration_ms >= 0
        if isinstance(event, ev.CustomerCutOff | ev.Yielded):
            assert event.at_word >= 0 and event.unsaid_words >= 0
        if isinstance(event, ev.VoiceWaited):
            assert event.ms > 0
    secrets = [stage.persona.need.real]
    named = {fact for note in stage.of(ev.NoteIssued) for fact in note.facts}
    secrets += [fact.text for fact in stage.persona.facts if fact.id not in named]
    shown = " ".join(event.text for event in events if isinstance(event, ev.SentenceVoiced))
    assert not [secret for secret in secrets if secret in shown]
    for asked in stage.requests:
        # A decision that the trainee overtook was open when it was made.
        open_then = {fact.text for fact in asked.note.facts}
        assert not [secret for secret in secrets if secret in repr(asked) and secret not in open_then]


def decides_again(stage: Stage) -> None:
    """Check that the reaction to every reply follows from the events before it alone."""
    fresh = Stage(*stage.changes)
    fold, ledger = fresh.talk.fold, fresh.talk.ledger
    moves: list[ev.MoodMoved] = []
    for event in stage.events:
        if isinstance(event, ev.NoteIssued) and fold.turn.spoken:
            again = react.to_reply(stage.setting, fold, ledger, event.t)
            assert again.note == event
            assert list(again.moves) == moves
        if isinstance(event, ev.MoodMoved):
            moves.append(event)
            continue
        if isinstance(event, ev.NoteIssued):
            for move in moves:
                fold.apply(move)
                ledger.apply(move)
            moves = []
        fold.apply(event)
        ledger.apply(event)
    assert all(
        0 <= value <= 100 * MILLI for value in (fold.mood.frustration, fold.mood.trust, fold.mood.heard)
    )
    assert fold.mood == stage.talk.fold.mood


CUSTOMERS: list[tuple[Change, ...]] = [
    (),
    (COMPETE,),
    (VIDEO,),
    (CHAT,),
    (EMAIL,),
    (("trust = 30", "trust = 80\nheard = 60"),),
    (("frustration = 55", "frustration = 85"), COMPETE),
]


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(CUSTOMERS),
    st.sampled_from(["written", "slow", "broken", "breaks off", "odd"]),
    CALLS,
    st.integers(1, 9),
)
def test_whatever_happens_the_conversation_stays_whole(
    customer: tuple[Change, ...], voice: str, calls: list[Step], seed: int
) -> None:
    stage = Stage(*customer, play=voices(voice), seed=seed)  # type: ignore[arg-type]
    stage.start()
    trainee = Trainee(stage)
    for step in calls:
        trainee.do(step)
    trainee.to_the_end()
    whole(stage)
    decides_again(stage)
    assert Act.OPEN in {note.act for note in stage.of(ev.NoteIssued)}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CUSTOMERS), CALLS)
def test_the_same_intents_at_the_same_times_give_the_same_events(
    customer: tuple[Change, ...], calls: list[Step]
) -> None:
    def play(ticks: int) -> list[ev.Event]:
        stage = Stage(*customer).start()
        trainee = Trainee(stage)
        for step in calls:
            if step.what in ("go on", "listen") or step.late:
                continue
            for part in range(ticks):
                stage.talk.advance(trainee.clock + step.ms * part // ticks)
            trainee.do(step)
        return stage.events

    assert play(0) == play(5)
