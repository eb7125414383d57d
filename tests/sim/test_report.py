"""A played call as one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

from scoring import events as ev
from scoring.listener.base import CHECKS
from scoring.rubric import shipped_rubric
from scoring.skills import SKILLS
from sim.report import call_report, rescored_lines
from sim.script import ScriptRun, parse_script
from tests.sim.calling import GOOD_CALL, PRIYA, begun, run_of, table_for

RUN_FILE = Path("/runs/one.hearmeout")


def report(script: str) -> dict[str, object]:
    table = table_for()
    talk = begun(table)
    ScriptRun(talk).run(parse_script(script))
    made = call_report(table.header, table.score(talk.events), talk.fold, RUN_FILE)
    again: dict[str, object] = json.loads(json.dumps(made, allow_nan=False))
    assert json.dumps(again) == json.dumps(made), "it is plain data"
    return made


def turns(made: dict[str, object]) -> list[dict[str, object]]:
    found = made["turns"]
    assert isinstance(found, list)
    return found


def test_it_says_what_was_played_and_how_it_ended() -> None:
    made = report(f"{GOOD_CALL}\nleave")
    assert {key: made[key] for key in ("persona", "seed", "voice", "mode", "ended", "run_file")} == {
        "persona": PRIYA,
        "seed": 3,
        "voice": "written",
        "mode": "practice",
        "ended": "left",
        "run_file": str(RUN_FILE),
    }
    assert made["outcome"] is not None
    assert set(made["skills"]) == set(SKILLS)  # type: ignore[call-overload]


def test_a_call_that_goes_on_has_no_end() -> None:
    made = report("listen")
    assert made["ended"] is None and made["outcome"] is None


def test_a_turn_is_what_the_customer_said_and_the_reply_to_it() -> None:
    one, two, *_ = turns(report(GOOD_CALL))
    assert str(one["customer"]).startswith("Right, before you ask me")
    assert str(one["customer"]).endswith("I'd like the second one back.")
    assert str(one["trainee"]).startswith("So you were charged")
    assert str(two["trainee"]).startswith("That left you short")
    for turn in (one, two):
        assert set(turn) == {
            "customer",
            "trainee",
            "floor",
            "silence_ms",
            "checks",
            "facts",
            "skills",
            "mood",
        }
        assert set(turn["checks"]) == set(CHECKS)  # type: ignore[call-overload]
        assert set(turn["mood"]) == {"frustration", "trust", "heard"}  # type: ignore[call-overload]


def test_what_comes_after_the_last_reply_is_a_turn_without_one() -> None:
    last = turns(report(GOOD_CALL))[-1]
    assert last["customer"] and last["trainee"] == ""
    assert last["floor"] is None and last["silence_ms"] is None


def test_silence_is_measured_in_milliseconds_without_the_typing() -> None:
    assert turns(report("listen\npause 2.5\nsay What happened then?"))[0]["silence_ms"] == 2500


def test_an_interruption_is_named_and_a_reply_that_waited_is_clean() -> None:
    cut = turns(report("after 12 say@200 When would you like your refund?"))[0]
    clean = turns(report("say What happened then?"))[0]
    assert cut["floor"]["kind"] == "power" or cut["floor"]["score"] < 50  # type: ignore[index]
    assert clean["floor"]["kind"] == "clean" and clean["floor"]["score"] == 100  # type: ignore[index]


def test_the_facts_that_were_told_are_listed() -> None:
    facts = turns(report("say What happened then?"))[0]["facts"]
    assert "charged_twice" in facts["told"]  # type: ignore[index]
    assert facts["engine"]["stock_phrases"] == 0  # type: ignore[index]


def test_words_of_a_foreign_text_are_kept_as_they_were_sent() -> None:
    evil = "\x1b[31mred\u202e [bold]"
    table = table_for()
    talk = begun(table)
    talk.speak(50_000, evil)
    made = call_report(table.header, table.score(talk.events), talk.fold, RUN_FILE)
    assert turns(made)[0]["trainee"] == evil
    assert json.dumps(made).isprintable()
    assert [event for event in talk.events if isinstance(event, ev.Spoke)]


def test_a_stored_call_is_scored_by_todays_rules_beside_its_own() -> None:
    table = table_for()
    talk = begun(table)
    ScriptRun(talk).run(parse_script(GOOD_CALL))
    lines = rescored_lines(run_of(table, talk.events), shipped_rubric())
    assert "today's rules" in lines[0]
    assert [line.split()[0] for line in lines[2:]] == list(SKILLS)
