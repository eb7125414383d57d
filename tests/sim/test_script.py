"""Timed scripts: the words, the times, and every way a line can be wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import events as ev
from sim.conversation.conversation import Conversation
from sim.script import NOD_MS, VERBS, WITHDRAW_MS, Command, ScriptError, ScriptRun, parse_script
from tests.sim.calling import DANIEL, GOOD_CALL, begun, table_for


def played(script: str, persona: str = "priya-nair", seed: int = 3) -> Conversation:
    conversation = begun(table_for(persona, seed))
    ScriptRun(conversation).run(parse_script(script))
    return conversation


def only(conversation: Conversation, *kinds: type[object]) -> list[ev.Event]:
    return [event for event in conversation.events if isinstance(event, kinds)]


def first(conversation: Conversation, kind: type[object]) -> ev.Event:
    return only(conversation, kind)[0]


def turn_end(persona: str = "priya-nair") -> int:
    return first(played("listen", persona), ev.CustomerTurnEnded).t


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("listen", Command(1, "listen")),
        ("   listen  ", Command(1, "listen")),
        ("listen\r", Command(1, "listen")),
        ("pause 2.5", Command(1, "pause", ms=2500)),
        ("pause 0", Command(1, "pause", ms=0)),
        ("say Two days?", Command(1, "say", "Two days?")),
        ("say   Two   days? ", Command(1, "say", "Two   days?")),
        ("say # not a comment", Command(1, "say", "# not a comment")),
        ("say@75 Two days?", Command(1, "say", "Two days?", wpm=75)),
        ("after 6 say Two days?", Command(1, "say", "Two days?", after_ms=6000)),
        ("after 6.25 say@90 after 3 all", Command(1, "say", "after 3 all", after_ms=6250, wpm=90)),
        ("mm-hm", Command(1, "mm-hm")),
        ("mm-hm two weeks!", Command(1, "mm-hm", "two weeks!")),
        ("after 3 mm-hm", Command(1, "mm-hm", after_ms=3000)),
        ("after 3 mm-hm two weeks!", Command(1, "mm-hm", "two weeks!", after_ms=3000)),
        ("hold One moment, 12 seconds 12", Command(1, "hold", "One moment, 12 seconds", ms=12_000)),
        ("withdraw", Command(1, "withdraw")),
        ("desk billing", Command(1, "desk", "billing")),
        ("mail second", Command(1, "mail", "second")),
        ("leave", Command(1, "leave")),
    ],
)
def test_one_command(line: str, meant: Command) -> None:
    assert parse_script(line) == (meant,)


def test_every_verb_is_told_about() -> None:
    told = {line.split()[0].split("@")[0] for line in VERBS.split("\n\n")[0].splitlines()}
    assert told == {"listen", "pause", "say", "after", "mm-hm", "hold", "withdraw", "desk", "mail", "leave"}


def test_comments_and_empty_lines_count_as_lines() -> None:
    assert parse_script("# first\n\n  # indented\nlisten\n") == (Command(4, "listen"),)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("shout WHAT", "there is no command 'shout'; there is listen, pause, say"),
        ("Listen", "there is no command 'Listen'"),
        ("listen now", "'listen' takes nothing after it"),
        ("leave now", "'leave' takes nothing after it"),
        ("withdraw it", "'withdraw' takes nothing after it"),
        ("pause", "pause needs one number"),
        ("pause 1 2", "pause needs one number"),
        ("pause long", "the pause must be a number from 0 to 3600, not 'long'"),
        ("pause -1", "the pause must be a number from 0 to 3600, not '-1'"),
        ("pause nan", "the pause must be a number"),
        ("pause inf", "the pause must be a number"),
        ("pause 3601", "the pause must be a number"),
        ("say", "say needs words"),
        ("say@ hello", "say needs words"),
        ("say@fast hello", "the typing speed must be a number from 1 to 3600, not 'fast'"),
        ("say@0 hello", "the typing speed must be a number"),
        ("after", "after needs seconds and a command"),
        ("after 3", "after needs seconds and a command"),
        ("after 3 listen", "after needs seconds and a command"),
        ("after 3 say", "say needs words"),
        ("after soon say hello", "the time must be a number from 0 to 3600, not 'soon'"),
        ("after -2 mm-hm", "the time must be a number"),
        ("hold", "hold needs words and seconds"),
        ("hold 12", "hold needs words and seconds"),
        ("hold One moment please", "the wait must be a number from 0 to 3600, not 'please'"),
        ("desk", "desk needs the name of one item"),
        ("desk a b", "desk needs the name of one item"),
        ("mail", "mail needs the name of one item"),
        ("mm-hm-hm", "there is no command 'mm-hm-hm'"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as error:
        parse_script(f"listen\n# a comment\n{line}\n")
    assert error.value.line == 3
    assert str(error.value).startswith(f"line 3: {complaint}")


@given(st.text(max_size=80))
def test_any_text_is_a_script_or_a_named_line(source: str) -> None:
    try:
        commands = parse_script(source)
    except ScriptError as error:
        assert 1 <= error.line <= source.count("\n") + 1
    else:
        assert all(1 <= command.line <= source.count("\n") + 1 for command in commands)


def test_listen_goes_to_the_end_of_the_turn_and_no_further() -> None:
    talk = played("listen")
    assert isinstance(talk.events[-1], ev.CustomerTurnEnded)
    assert talk.now == talk.events[-1].t


def test_an_empty_script_still_hears_the_customer_out() -> None:
    assert played("").events == played("listen").events


def test_pause_lets_time_pass_and_nothing_else() -> None:
    assert played("listen\npause 2.5").now == turn_end() + 2500


def test_say_listens_first_and_types_at_forty_words_a_minute() -> None:
    talk = played("say What happened after that, and who did you speak to?")
    assert first(talk, ev.ComposingStarted).t == turn_end()
    assert first(talk, ev.Spoke).t == turn_end() + 10 * 1500


def test_say_at_another_speed() -> None:
    assert first(played("say@120 What happened after that?"), ev.Spoke).t == turn_end() + 4 * 500


def test_after_say_sends_at_that_moment_of_the_turn() -> None:
    talk = played("after 12 say You were charged twice?")
    assert first(talk, ev.Spoke).t == 12_000
    assert first(talk, ev.ComposingStarted).t == 12_000 - 4 * 1500
    assert talk.fold.turns[0].overlaps


def test_after_say_counts_from_the_start_of_the_turn_that_comes() -> None:
    talk = played("say Go on.\nafter 5 say@200 Which date?")
    starts = [event.t for event in only(talk, ev.CustomerTurnStarted)]
    assert only(talk, ev.Spoke)[1].t == starts[1] + 5000


def test_after_say_past_the_end_of_the_turn_is_an_ordinary_reply() -> None:
    end_s = turn_end() / 1000
    talk = played(f"after {end_s + 3:.3f} say What happened then?")
    assert first(talk, ev.Spoke).t == turn_end() + 3000
    assert not talk.fold.turns[0].overlaps


def test_after_say_cannot_begin_to_type_before_the_turn() -> None:
    with pytest.raises(ScriptError, match=r"line 2: typing this takes 6\.0 s and would have to begin before"):
        played("# two seconds in\nafter 2 say You were charged twice?")


def test_after_say_cannot_begin_to_type_before_the_line_above() -> None:
    with pytest.raises(ScriptError, match=r"line 2: .*or before what came last"):
        played("after 10 mm-hm\nafter 12 say You were charged twice?")


def test_after_needs_a_customer_who_speaks() -> None:
    for line in ("after 3 say Hello", "after 3 mm-hm"):
        with pytest.raises(ScriptError, match="line 2: the customer is not speaking and waits for you"):
            played(f"listen\n{line}")


def test_a_nod_comes_right_after_the_clause() -> None:
    talk = played("mm-hm")
    nod = first(talk, ev.Backchannelled)
    assert nod.t == first(talk, ev.ClauseEnded).t + NOD_MS
    assert isinstance(nod, ev.Backchannelled) and (nod.token, nod.channel) == ("mm-hm", "voice")


def test_a_nod_at_a_moment_and_with_a_token() -> None:
    nod = first(played("after 7.5 mm-hm Eleven years."), ev.Backchannelled)
    assert isinstance(nod, ev.Backchannelled)
    assert (nod.t, nod.token) == (7500, "Eleven years.")


def test_a_nod_cannot_come_in_the_past() -> None:
    with pytest.raises(ScriptError, match="line 2: that moment of the customer's turn has passed"):
        played("after 9 mm-hm\nafter 4 mm-hm")


def test_a_nod_on_the_free_floor_comes_at_once() -> None:
    assert first(played("listen\nmm-hm"), ev.Backchannelled).t == turn_end()


def test_a_nod_in_chat_is_typed() -> None:
    nod = first(played("mm-hm", DANIEL), ev.Backchannelled)
    assert isinstance(nod, ev.Backchannelled) and nod.channel == "typed"


def test_hold_announces_and_comes_back() -> None:
    talk = played("hold I'll open the contact notes 13")
    announced, back = only(talk, ev.HoldAnnounced, ev.HoldEnded)
    assert announced.t == turn_end()
    assert back.t == announced.t + 13_000


def test_withdraw_comes_soon_after_cutting_in() -> None:
    talk = played("after 12 say@200 When would you like your refund?\nwithdraw")
    assert first(talk, ev.Withdrew).t == 12_000 + WITHDRAW_MS


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("withdraw", "line 1: nothing was said that could be taken back"),
        ("say Go on.\nwithdraw", "line 2: There is nothing to give back"),
        ("desk cellar", "line 1: There is no 'cellar' on the desk; there is billing, notes, trace."),
        ("mail first", "line 1: There is no mail here"),
        ("leave\nlisten", "line 2: the call is over before this line"),
    ],
)
def test_a_line_that_cannot_be_carried_out_is_named(script: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as error:
        played(script)
    assert str(error.value).startswith(complaint)


def test_desk_opens_at_once_and_loads_for_its_time() -> None:
    opened = first(played("desk trace\nlisten"), ev.DeskOpened)
    assert isinstance(opened, ev.DeskOpened)
    assert (opened.t, opened.item, opened.loading_ms) == (0, "trace", 9000)


def test_leave_ends_the_call_and_comments_may_follow() -> None:
    talk = played("listen\nleave\n# done\n")
    assert talk.fold.ended is not None and talk.fold.ended.reason == "left"


def test_the_same_script_and_seed_are_the_same_events_and_another_seed_is_not() -> None:
    assert played(GOOD_CALL).events == played(GOOD_CALL).events
    one, two = (
        [event.text for event in played(GOOD_CALL, seed=seed).events if isinstance(event, ev.ClauseStarted)]
        for seed in (4, 5)
    )
    assert one != two


def test_time_passes_at_once_however_long_the_pause() -> None:
    talk = played("listen\npause 3600")
    assert talk.now >= turn_end() + 3_600_000 or talk.over
