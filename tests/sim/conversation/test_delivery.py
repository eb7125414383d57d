"""The customer's talk in virtual time: clauses to the millisecond, the voice awaited, facts told."""

from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from sim.conversation.conversation import IntentRefused
from sim.customer.voices.base import VoiceError
from tests.personas.samples import Change
from tests.sim.stage import CHAT, EMAIL, VIDEO, Stage, obedient, persona_of, rules, says, told

FURIOUS: Change = ("frustration = 55", "frustration = 100")
CALM: Change = ("frustration = 55", "frustration = 0")
FAST: Change = ("pace_wpm = 150", "pace_wpm = 175")
RESTATES = says("restates", facts=["card"])


def starts(stage: Stage) -> list[tuple[int, int]]:
    return [(clause.t, clause.duration_ms) for clause in stage.of(ev.ClauseStarted)]


# Words of the opening's clauses: 9 10 3 7 7 7 9 8 7 11 7. Pause between clauses: 375 ms.
def expected(wpm: int, pause: float, percent: int = 100) -> list[tuple[int, int]]:
    t, found = 0, []
    for clause in persona_of().opening.clauses:
        length = round(len(clause.text.split()) * 60_000 * 100 / (wpm * percent))
        found.append((t, length))
        t += length + round(pause * 100 / percent)
    return found


@pytest.mark.parametrize(
    ("changes", "wpm"),
    [
        ([CALM], 150),
        ([], 160),  # 150 and 12 % of it at frustration 100: 159.9 at 55
        ([FURIOUS], 168),
        ([FURIOUS, FAST], 175),  # never above 175
        ([VIDEO], 160),
    ],
)
def test_the_opening_is_spoken_at_the_customers_pace(changes: list[Change], wpm: int) -> None:
    stage = Stage(*changes).start().listen()
    assert starts(stage) == expected(wpm, 375)
    ends = [event.t for event in stage.of(ev.ClauseEnded)]
    assert ends == [t + length for t, length in starts(stage)]
    assert stage.of(ev.CustomerTurnEnded)[0].t == ends[-1] == stage.now


@pytest.mark.parametrize("percent", [50, 80, 200])
def test_the_trainees_pace_scales_clauses_and_pauses(percent: int) -> None:
    stage = Stage(CALM)
    stage.talk.set_pace(0, percent)
    stage.start().listen()
    assert starts(stage) == expected(150, 375, percent)


def test_a_change_of_pace_holds_from_the_next_clause_on() -> None:
    stage = Stage(CALM).start()
    stage.run_to(1_000)
    stage.talk.set_pace(1_000, 200)
    stage.listen()
    lengths = [length for _, length in starts(stage)]
    assert lengths[:3] == [3_600, 2_000, 600]


@pytest.mark.parametrize("percent", [49, 201, 0])
def test_the_pace_has_bounds(percent: int) -> None:
    with pytest.raises(IntentRefused):
        Stage().start().talk.set_pace(0, percent)


def test_a_mail_arrives_whole_and_chat_is_typed() -> None:
    mail = Stage(EMAIL).start().listen()
    assert {t for t, _ in starts(mail)} == {0}
    assert {event.t for event in mail.events} == {0}
    chat = Stage(CHAT).start().listen()
    assert starts(chat)[0] == (0, round(9 * 60_000 / rules().pace.chat_typing_wpm))


def test_a_fact_is_told_when_its_clause_has_been_said() -> None:
    stage = Stage(CALM).start()
    stage.run_to(3_599)
    assert stage.talk.fold.told == {} and stage.talk.ledger.told == set()
    stage.run_to(3_600)
    assert stage.talk.fold.told == {"parcel": 0} and stage.talk.ledger.told == {"parcel"}


def test_clauses_carry_cues_bait_needs_and_turn_ends() -> None:
    stage = Stage().start().listen()
    by_text = {clause.text: clause for clause in stage.of(ev.ClauseStarted)}
    assert by_text["Do you know what your driver did?"].bait
    assert not by_text["Do you know what your driver did?"].turn_end
    assert by_text["He put a card through the door"].cue == "her voice drops"
    assert by_text["and the number on it is eight four something,"].need == "repair"
    assert by_text["and nobody there has heard of it."].turn_end


def test_the_reaction_comes_a_gap_after_the_reply() -> None:
    for changes, gap in (([], 200), ([VIDEO], 487), ([CHAT], 900)):
        stage = Stage(*changes).start().listen()
        at = stage.now
        stage.say(RESTATES)
        assert not stage.talk.floor_is_free and not stage.talk.customer_speaking
        assert stage.talk.next_due() == at + gap
        stage.listen()
        assert stage.of(ev.CustomerTurnStarted)[1].t == at + gap


def test_a_voiced_turn_is_cut_into_clauses_and_tells_its_fact_with_the_last() -> None:
    long = (
        "My brother packed it, you know, the week before he died, in his own kitchen, with his own two hands."
    )

    stage = Stage(
        ("trust = 30", "trust = 60"), play=lambda request: [long] if request.note.facts else ["Hm, well."]
    ).start()
    stage.answered(says("asks_open", topics=["contents"]))
    spoken = [clause for clause in stage.of(ev.ClauseStarted) if clause.text in long]
    assert " ".join(clause.text for clause in spoken) == long
    assert len(spoken) > 1
    assert [clause.facts for clause in spoken] == [()] * (len(spoken) - 1) + [("brother",)]
    assert [clause.turn_end for clause in spoken] == [False] * (len(spoken) - 1) + [True]
    voiced = [event for event in stage.of(ev.SentenceVoiced) if event.text == long]
    assert [event.voice for event in voiced] == ["local"]


def test_time_stands_still_while_the_first_words_are_awaited() -> None:
    stage = Stage(play=lambda _: [None, "Yes, but listen."]).start().listen()
    at = stage.now
    stage.say(RESTATES)
    stage.talk.advance(at + 200)
    assert stage.talk.starved and stage.talk.next_due() is None
    stage.talk.advance(at + 1_000)
    assert stage.talk.starved
    stage.voice.speeches[-1].release()
    stage.talk.advance(at + 2_500)
    assert not stage.talk.starved
    note, waited, turn = _after_note(stage)
    assert note.t == at + 200
    assert waited == ev.VoiceWaited(t=at + 200, ms=2_300)
    assert turn.t == at + 2_500


def _after_note(stage: Stage) -> tuple[ev.Event, ev.Event, ev.Event]:
    place = max(n for n, event in enumerate(stage.events) if isinstance(event, ev.NoteIssued))
    note, waited, turn = stage.events[place : place + 3]
    return note, waited, turn


def test_a_clock_that_stands_still_counts_no_wait() -> None:
    stage = Stage(play=lambda _: [None, "Yes, but listen."]).start()
    stage.answered(RESTATES)
    assert stage.of(ev.VoiceWaited) == []
    assert stage.said_since(0)[-1] == "Yes, but listen."


def test_waiting_in_the_middle_of_a_turn_is_recorded_and_shifts_what_follows() -> None:
    stage = Stage(CALM, play=lambda _: ["One.", None, "Two."]).start().listen()
    at = stage.now
    stage.say(RESTATES)
    stage.talk.advance(at + 200)  # the first sentence is there; the poll after it finds none
    begun = stage.of(ev.ClauseStarted)[-1]
    assert (begun.text, begun.t) == ("One.", at + 200)
    dry = begun.t + begun.duration_ms + 375
    stage.talk.advance(dry)
    assert stage.talk.starved and stage.talk.customer_speaking
    stage.talk.advance(dry + 1_000)
    stage.voice.speeches[-1].release()
    stage.talk.advance(dry + 5_000)
    assert not stage.talk.starved
    assert stage.of(ev.VoiceWaited)[-1] == ev.VoiceWaited(t=dry, ms=5_000)
    assert stage.of(ev.ClauseStarted)[-1].t == dry + 5_000
    stage.listen()
    silence = rules().silence.still_there_ms
    assert stage.talk.next_due() == stage.now + silence


def test_a_voice_that_waits_counts_in_no_measure_of_the_mood() -> None:
    def frustration(waits: int) -> int:
        stage = Stage(play=lambda request: [*[None] * waits, f"Turn {request.note.turn} then."]).start()
        for _ in range(3):
            stage.listen()
            stage.say(RESTATES)
            stage.talk.advance(stage.now + 200)
            if stage.talk.starved:
                stage.talk.advance(stage.now + 9_000)
                stage.voice.speeches[-1].release()
                stage.talk.advance(stage.now)
        stage.listen()
        return stage.talk.fold.mood.frustration

    assert frustration(0) == frustration(1)


def test_a_reply_sent_while_the_voice_is_awaited_joins_the_one_before() -> None:
    stage = Stage(play=lambda _: [None, "Yes, but listen."]).start().listen()
    place = stage.say(RESTATES, "First.")
    stage.talk.advance(stage.now + 300)
    assert stage.talk.starved
    stage.say(says("apologises"), "Second.")
    stage.listen()
    assert [event.text for event in stage.of(ev.Spoke, place)] == ["First.", "Second."]
    assert stage.talk.fold.turns[0].reply == "First.\nSecond."
    assert len(stage.of(ev.NoteIssued, place)) == 1
    answers = stage.of(ev.ChecksRead, place)[-1].answers
    assert answers["restates"] == answers["apologises"] == 1.0
    assert not stage.of(ev.CustomerCutOff) and not stage.of(ev.Yielded)


def test_replies_sent_before_the_customer_reacts_are_one_reply() -> None:
    stage = Stage().start().listen()
    place = stage.say(RESTATES, "First.")
    stage.wait(150)
    stage.say(says("apologises"), "Second.")
    due = stage.talk.next_due()
    assert due == stage.now + 200
    stage.listen()
    assert len(stage.of(ev.NoteIssued, place)) == 1
    assert stage.talk.fold.turns[0].reply == "First.\nSecond."


def test_a_reply_while_the_voice_is_stuck_in_the_middle_is_no_interruption() -> None:
    stage = Stage(play=lambda _: ["One thing I know.", None, "And another I do."]).start().listen()
    stage.say(RESTATES)
    stage.talk.advance(stage.now + 4_000)
    assert stage.talk.starved and stage.talk.customer_speaking
    place = stage.say(says("gives_solution"))
    stage.listen()
    assert not stage.of(ev.CustomerCutOff) and not stage.of(ev.Yielded)
    assert "And another I do." in stage.said_since(place)
    assert stage.note.act is not Act.BROKEN_OFF


def test_a_voice_that_fails_leaves_no_trace_but_a_line_in_the_log() -> None:
    stage = Stage(play=lambda _: VoiceError("The model is gone.")).start()
    note = stage.answered(RESTATES)
    assert {event.voice for event in stage.of(ev.SentenceVoiced)} == {"written"}
    assert note.act is Act.SOFTEN
    assert len(stage.log) == 1


def test_what_a_model_leaves_out_is_told_by_the_author() -> None:
    stage = Stage(("trust = 30", "trust = 60"), play=lambda _: ["Well, you do ask."]).start()
    stage.answered(says("asks_open", topics=["contents"]))
    last = stage.of(ev.SentenceVoiced)[-1]
    assert (last.voice, last.text) == ("author", "My brother packed it the week before he died.")
    assert told(stage.events)[-1] == "brother"


def test_rejected_draws_are_stored_with_the_sentence_that_was_spoken() -> None:
    drawn: list[int] = []

    def play(request) -> list[str | VoiceError | None]:  # type: ignore[no-untyped-def]
        drawn.append(request.draw)
        return ["As an AI I am calm."] if request.draw == 0 else ["I am not calm at all."]

    stage = Stage(play=play).start()
    stage.answered(RESTATES)
    assert stage.of(ev.SentenceVoiced)[-1] == ev.SentenceVoiced(
        t=stage.note.t, text="I am not calm at all.", voice="local", rejected=("breaks the role",)
    )


def test_the_voice_is_shown_what_was_said_up_to_the_reply_it_answers() -> None:
    stage = Stage(play=obedient).start()
    stage.answered(RESTATES, "You had a card through the door.")
    asked = next(r for r in stage.requests if r.note.turn == 1 and r.last_reply)
    assert asked.history[-1].trainee == asked.last_reply == "You had a card through the door."
    assert asked.history[-1].customer.startswith("Good morning, I'm ringing")
    assert asked.history[-1].customer.endswith("heard of it.")
    stage.wait(10_500)
    stage.listen()
    prompt = [r for r in stage.requests if r.note.act is Act.PROMPT][-1]
    assert prompt.history[-1].trainee == "" == prompt.last_reply
    assert "this is turn 1 of mine" in prompt.history[-1].customer
