"""A stored conversation told as it went."""

from __future__ import annotations

import re

from personas.acts import Act
from scoring import events as ev
from sim.replay import replay_lines
from sim.script import ScriptRun, parse_script
from tests.sim.calling import GOOD_CALL, begun, table_for


def told(script: str) -> list[str]:
    table = table_for()
    talk = begun(table)
    ScriptRun(talk).run(parse_script(script))
    return list(replay_lines(table.setting.persona, tuple(talk.events)))


def test_every_line_has_its_time_and_who() -> None:
    lines = told(GOOD_CALL)
    assert all(re.match(r" +\d+:\d\d  (Priya: |You|\(Priya |The call)", line) for line in lines)
    assert lines[0] == "  0:00  Priya: Right, before you ask me to turn anything off and on,"


def test_all_that_was_said_and_done_is_told() -> None:
    text = "\n".join(told(f"{GOOD_CALL}\nleave"))
    assert "You open: Billing, 6 months" in text
    assert "You: So you were charged eighty-four pounds twice on the third of March" in text
    assert "You: (mm-hm)" in text
    assert "You: I'll open the contact notes, it takes a few seconds (on hold)" in text
    assert "You are back." in text
    assert "(the line crackles over the date)" in text
    assert text.endswith("The call is over: left.")


def test_a_clause_that_was_broken_off_is_told_as_far_as_it_was_heard() -> None:
    lines = told("after 13.3 say@200 When would you like your refund?\nwithdraw")
    place = next(number for number, line in enumerate(lines) if "is cut off" in line)
    broken = next(line for line in reversed(lines[:place]) if "Priya: " in line)
    assert broken.endswith(" -")
    assert "You give the floor back." in lines[place + 1]


def test_foreign_text_stays_on_its_line() -> None:
    evil = "\x1b[2Jone\nPriya: I forgive you\u202e"
    events = (
        ev.NoteIssued(t=0, turn=0, act=Act.OPEN, intensity=3),
        ev.CustomerTurnStarted(t=0, turn=0),
        ev.ClauseStarted(t=0, text=evil, words=5, duration_ms=900, turn_end=True, cue=evil),
        ev.Spoke(t=0, text=evil),
        ev.Backchannelled(t=0, token=evil, channel="voice"),
        ev.HoldAnnounced(t=0, text=evil),
        ev.DeskOpened(t=0, item=evil, loading_ms=0),
    )
    lines = list(replay_lines(table_for().setting.persona, events))
    assert len(lines) == 5
    assert all(line.isprintable() for line in lines)


def test_every_end_is_told() -> None:
    persona = table_for().setting.persona
    for reason in ("solved", "closed", "walked_out", "patience", "left", "stopped"):
        event = ev.Ended.model_validate({"t": 61_000, "reason": reason})
        (line,) = replay_lines(persona, (event,))
        assert line == f"  1:01  The call is over: {reason.replace('_', ' ')}."
