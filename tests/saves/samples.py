"""A small conversation to save, with real shapes: about thirty events a turn."""

from __future__ import annotations

from typing import Any

from personas.acts import Act, MediumKind
from saves.run import Materials, RunFile
from scoring.events import (
    Backchannelled,
    ChecksRead,
    ClauseEnded,
    ClauseStarted,
    ComposingPaused,
    ComposingResumed,
    ComposingStarted,
    CustomerTurnEnded,
    CustomerTurnStarted,
    Ended,
    Event,
    Header,
    MoodMoved,
    NoteIssued,
    SentenceVoiced,
    Spoke,
    VoiceUsed,
)
from scoring.listener.base import CHECKS

MATERIALS = Materials(
    persona_text='schema = 1\n[identity]\nid = "tests/rosa"\ntitle = "The bill, twice – £84.20"\n',
    manners={"warm": 'tell = ["Well, you see…"]\n', "curt": 'tell = ["Look."]\n'},
    rubric_text='version = "1"\n',
)

RUN_ID = "0123456789abcdef0123456789abcdef"
STAMP = "20260102T030405Z"


def make_header(run_id: str = RUN_ID, materials: Materials = MATERIALS, **changes: Any) -> Header:
    values: dict[str, Any] = {
        "run_id": run_id,
        "app_version": "0.1.0",
        "persona_id": "tests/rosa",
        "persona_sha256": materials.persona_sha256,
        "manners_sha256": materials.manners_sha256,
        "rubric_version": "1",
        "rubric_sha256": materials.rubric_sha256,
        "listener": "rules",
        "listener_fingerprint": "f" * 64,
        "voice": VoiceUsed(kind="written"),
        "medium": MediumKind.PHONE,
        "seed": 7,
        "mode": "rated",
        "started_utc": "2026-01-02T03:04:05+00:00",
        "started_monotonic_ms": 123456,
    }
    return Header(**(values | changes))


def turn(number: int, start: int) -> list[Event]:
    """One turn of the customer and the trainee's reply, 30 events."""
    events: list[Event] = [
        NoteIssued(t=start, turn=number, act=Act.TELL, intensity=3, facts=("charged_twice",)),
        CustomerTurnStarted(t=start, turn=number),
    ]
    for sentence in range(4):
        text = (
            f"I was charged eighty-four pounds twenty twice, and nobody [{number}.{sentence}] called me back."
        )
        events.append(SentenceVoiced(t=start, text=text, voice="written"))
        for half in (text[:40], text[40:]):
            at = start + 1000 * len(events)
            events.append(
                ClauseStarted(
                    t=at, text=half, words=8, duration_ms=900, turn_end=half == text[40:], cue="sigh"
                )
            )
            events.append(ClauseEnded(t=at + 900))
    at = start + 1000 * len(events)
    events += [
        Backchannelled(t=at - 500, token="mm-hm", channel="voice"),
        CustomerTurnEnded(t=at),
        ComposingStarted(t=at + 100),
        ComposingPaused(t=at + 2100),
        ComposingResumed(t=at + 4300),
        Spoke(t=at + 6000, text="So you paid twice, and you are still waiting. What happened when you rang?"),
        ChecksRead(
            t=at + 6010,
            answers={check: round(place / 20, 2) for place, check in enumerate(CHECKS)},
            spans={"restates": ((0, 17),)},
            facts=("charged_twice",),
        ),
        MoodMoved(t=at + 6010, frustration=-2500, trust=1800, heard=4200, causes=("restates", "asks_open")),
    ]
    return events


def conversation(turns: int) -> list[Event]:
    events: list[Event] = []
    for number in range(turns):
        events += turn(number, number * 60_000)
    return [*events, Ended(t=turns * 60_000, reason="solved", ending="won")]


RESULT = {
    "outcome": "won",
    "skills": {"empathy": 71.25, "pauses": None},
    "ended_utc": "2026-01-02T03:20:00+00:00",
}


def sample_run(turns: int = 2) -> RunFile:
    return RunFile(make_header(), tuple(conversation(turns)), MATERIALS, RESULT)
