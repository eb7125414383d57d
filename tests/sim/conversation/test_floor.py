"""Coming in over the customer, taking it back, going on: every entry graded as scoring/floor.py grades it."""

from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.floor import FloorKind, read_floor
from sim.conversation.conversation import IntentRefused
from sim.customer.reaction import facts_of_reply
from tests.personas.samples import Change
from tests.sim.stage import CHAT, COMPETE, EMAIL, NOTHING, VIDEO, Says, Stage, rules, says, told

DRIVER = "Do you know what your driver did?"
BELL = "and he never even rang the bell,"
HALL = "because I was sitting right there in the hall"
NUMBER = "and the number on it is eight four something,"
WRITING = "I can hardly read the man's writing,"
BUS = "so I've been to the post office twice on the bus"
LAST = "and nobody there has heard of it."
ON_TOPIC = says("acknowledges", facts=["card"])
REDIRECT: Change = (
    '{ text = "I can hardly read the man\'s writing,", end = true }',
    '{ text = "I can hardly read the man\'s writing,", end = true, need = "redirect", '
    'answer = "Yes. The point." }',
)


def cut(stage: Stage, clause: str, said: Says, text: str = "", into: float = 0.5) -> FloorKind:
    """Speak at a share of a clause's length; return how it is scored."""
    begun = stage.until_said(clause)
    stage.run_to(begun.t + round(begun.duration_ms * into))
    stage.say(said, text)
    turn = stage.talk.fold.turn
    reading = read_floor(
        turn, (), facts_of_reply(stage.setting, stage.talk.fold), rules(), stage.setting.medium
    )
    assert reading is not None
    return reading.kind


def stops(stage: Stage) -> list[type[ev.Event]]:
    return [type(event) for event in stage.events if isinstance(event, ev.CustomerCutOff | ev.Yielded)]


@pytest.mark.parametrize(
    ("clause", "into", "said", "text", "kind"),
    [
        # on another topic: always a grab
        (DRIVER, 0.5, says("gives_solution"), "", FloorKind.POWER),
        (BELL, 0.95, says("asks_closed"), "", FloorKind.POWER),
        # on the point, but in the middle of it
        (WRITING, 0.3, ON_TOPIC, "", FloorKind.INTRUSIVE),
        # on the point, but more than half of it is lost
        (BELL, 0.3, ON_TOPIC, "", FloorKind.POWER),
        (LAST, 0.2, ON_TOPIC, "", FloorKind.INTRUSIVE),
        # at a possible end, short and on the point
        (BELL, 0.95, says("restates", facts=["missed"]), "By the fifth.", FloorKind.RAPPORT),
        (BELL, 0.95, NOTHING, "Oh no.", FloorKind.RAPPORT),
        # the same, but long
        (
            WRITING,
            0.95,
            ON_TOPIC,
            "So you saw the card and he never rang and you were in the hall.",
            FloorKind.INTRUSIVE,
        ),
        # handing back at once
        (BELL, 0.3, NOTHING, "Sorry, go on.", FloorKind.RAPPORT),
        # something unclear
        (NUMBER, 0.9, says("asks_closed"), "Did you say eight four?", FloorKind.REPAIR),
        (WRITING, 0.1, says("asks_closed"), "Sorry, the number?", FloorKind.REPAIR),
        # on the very last words
        (LAST, 0.8, says("gives_solution"), "", FloorKind.TERMINAL),
        (LAST, 0.95, says("gives_solution"), "", FloorKind.CLEAN),
    ],
)
def test_how_an_entry_is_graded(clause: str, into: float, said: Says, text: str, kind: FloorKind) -> None:
    stage = Stage().start()
    assert cut(stage, clause, said, text, into) is kind
    expected: dict[FloorKind, list[type[ev.Event]]] = {
        FloorKind.POWER: [ev.CustomerCutOff],
        FloorKind.INTRUSIVE: [ev.CustomerCutOff],
        FloorKind.RAPPORT: [ev.Yielded],
        FloorKind.REPAIR: [ev.Yielded],
    }
    assert stops(stage) == expected.get(kind, [])


@pytest.mark.parametrize("place", range(11))
@pytest.mark.parametrize("into", [0.0, 0.34, 0.67, 0.99])
def test_what_a_cut_takes_away(place: int, into: float) -> None:
    """At every clause of the opening: words and facts not yet said, and nothing that was."""
    stage = Stage().start()
    clauses = stage.persona.opening.clauses
    clause = clauses[place]
    kind = cut(stage, clause.text, says("gives_solution"), into=into)
    words = len(clause.text.split())
    length = stage.of(ev.ClauseStarted)[-1].duration_ms
    left = -(-words * (length - round(length * into)) // length)
    if place == 10 and (left <= 2 or length - round(length * into) <= 800):
        assert kind in (FloorKind.CLEAN, FloorKind.TERMINAL)
        stage.listen()
        assert set(told(stage.events)) >= {"parcel", "missed", "card", "trips"}
        return
    if place == 0 and round(length * into) <= stage.setting.rules.floor.onset_ms:
        assert kind is FloorKind.BOTH_BEGAN
        assert not stage.of(ev.CustomerCutOff)
        return
    event = stage.of(ev.CustomerCutOff)[0]
    rest = clauses[place + 1 :]
    assert event.at_word == words - left
    assert event.unsaid_words == left + sum(len(other.text.split()) for other in rest)
    assert event.unsaid_facts == tuple(fact for other in (clause, *rest) for fact in other.facts)
    assert not set(event.unsaid_facts) & set(told(stage.events))
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF
    assert not set(event.unsaid_facts) & set(told(stage.events))


def test_the_pause_between_clauses_is_no_free_floor() -> None:
    stage = Stage().start()
    begun = stage.until_said("It was to be here on the fifth of May,")
    stage.run_to(begun.t + begun.duration_ms + 100)
    assert stage.talk.customer_speaking
    stage.say(says("gives_solution"))
    event = stage.of(ev.CustomerCutOff)[0]
    assert (event.at_word, event.unsaid_facts) == (0, ("missed", "card", "trips"))


def test_video_forgives_a_third_of_a_second_more() -> None:
    def kind(*changes: Change) -> list[type[ev.Event]]:
        stage = Stage(*changes).start()
        begun = stage.until_said(LAST)
        stage.run_to(begun.t + begun.duration_ms - 1_130)
        stage.say(NOTHING)
        return stops(stage)

    assert kind() == [ev.CustomerCutOff]
    assert kind(VIDEO) == []


def test_typing_customers_are_cut_off_only_before_something_new() -> None:
    stage = Stage(CHAT).start()
    begun = stage.until_said(LAST)
    stage.run_to(begun.t + 50)
    stage.say(NOTHING)
    assert stops(stage) == []
    stage.listen()
    assert LAST in stage.said_since(0)
    early = Stage(CHAT).start()
    early.until_said(BELL)
    early.say(says("gives_solution"))
    assert stops(early) == [ev.CustomerCutOff]


def test_after_a_repair_the_answer_comes_and_then_the_rest_of_the_opening() -> None:
    stage = Stage().start()
    assert cut(stage, NUMBER, says("asks_closed"), "Did you say eight four?") is FloorKind.REPAIR
    place = len(stage.events)
    at = stage.now
    assert stage.talk.next_due() == at + 200
    stage.listen()
    assert stage.said_since(place) == ["Eight four one one seven.", NUMBER, WRITING, BUS, LAST]
    assert stage.note.act is Act.RESUME and stage.note.facts == ("trips",)
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]
    assert stage.of(ev.SentenceVoiced)[-1].voice == "author"


def test_a_repair_two_clauses_later_still_gets_the_answer() -> None:
    stage = Stage().start()
    assert cut(stage, BUS, says("asks_closed"), "Was that eight four one?") is FloorKind.REPAIR
    place = len(stage.events)
    stage.listen()
    assert stage.said_since(place)[:2] == ["Eight four one one seven.", BUS]


def test_after_a_redirect_the_customer_comes_to_the_point() -> None:
    stage = Stage(REDIRECT).start()
    said = says("restates", facts=["card"])
    assert cut(stage, WRITING, said, "So he never rang.", 0.95) is FloorKind.RAPPORT
    place = len(stage.events)
    stage.listen()
    assert " ".join(stage.said_since(place)) == f"Yes. The point. {BUS} {LAST}"


def test_after_rapport_the_customer_goes_on_where_they_were() -> None:
    stage = Stage().start()
    cut(stage, BELL, says("restates", facts=["missed"]), "By the fifth.", 0.95)
    place = len(stage.events)
    stage.listen()
    said = stage.said_since(place)
    assert said[1:] == [BELL, HALL, NUMBER, WRITING, BUS, LAST]
    assert stage.note.act is Act.RESUME
    assert stage.talk.ledger.lost == set()


def test_an_entry_on_the_last_words_waits_for_them() -> None:
    stage = Stage().start()
    begun = stage.until_said(LAST)
    end = begun.t + begun.duration_ms
    stage.run_to(end - 500)
    stage.say(says("restates", facts=["card"]))
    assert stage.talk.customer_speaking and stage.talk.next_due() == end
    stage.listen()
    assert stage.of(ev.CustomerTurnStarted)[1].t == end + 200
    assert "story_heard" in stage.of(ev.MoodMoved)[-1].causes


def test_the_reaction_to_a_cut_waits_for_the_floor_to_be_given_back() -> None:
    stage = Stage().start()
    cut(stage, DRIVER, says("gives_solution"))
    at = stage.now
    assert stage.talk.next_due() == at + 1_500 + 200
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF


@pytest.mark.parametrize("after_ms", [0, 700, 1_500])
def test_giving_the_floor_back_at_once_mends_it(after_ms: int) -> None:
    stage = Stage().start()
    cut(stage, BELL, says("gives_solution"))
    cut_at = stage.now
    assert stage.talk.can_withdraw(cut_at + after_ms)
    place = len(stage.events)
    stage.run_to(cut_at + after_ms)
    stage.talk.withdraw(cut_at + after_ms)
    stage.listen()
    assert stage.said_since(place)[1:] == [BELL, HALL, NUMBER, WRITING, BUS, LAST]
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]
    turn = stage.talk.fold.turn
    assert not turn.spoken and len(turn.withdrawn) == 1
    assert "given_back" in stage.of(ev.MoodMoved)[-1].causes
    assert stage.talk.ledger.replies == 0
    stage.say(says("restates", facts=["card"]))
    stage.listen()
    assert "story_heard" in stage.of(ev.MoodMoved)[-1].causes
    assert "interrupted_power" not in {c for move in stage.of(ev.MoodMoved) for c in move.causes}


def test_later_it_is_too_late_to_give_the_floor_back() -> None:
    stage = Stage().start()
    cut(stage, BELL, says("gives_solution"))
    at = stage.now
    stage.run_to(at + 1_501)
    assert not stage.talk.can_withdraw(at + 1_501)
    with pytest.raises(IntentRefused):
        stage.talk.withdraw(at + 1_501)


def test_only_what_cut_in_can_be_taken_back() -> None:
    stage = Stage().start()
    with pytest.raises(IntentRefused):
        stage.talk.withdraw(100)
    stage.listen()
    stage.say(NOTHING)
    assert not stage.talk.can_withdraw(stage.now)
    let_in = Stage().start()
    cut(let_in, NUMBER, says("asks_closed"), "Did you say eight four?")
    assert not let_in.talk.can_withdraw(let_in.now)
    added = Stage().start()
    cut(added, BELL, says("gives_solution"))
    added.say(NOTHING, "And another thing.")
    assert not added.talk.can_withdraw(added.now)


def test_sorry_go_on_mends_most_of_it() -> None:
    stage = Stage().start()
    cut(stage, BELL, says("gives_solution"))
    stage.listen()
    assert stage.talk.ledger.lost == {"card", "trips"}
    place = len(stage.events)
    stage.answered(NOTHING, "Sorry, go on.")
    assert stage.note.act is Act.RESUME
    assert stage.said_since(place)[1:] == [BELL, HALL, NUMBER, WRITING, BUS, LAST]
    assert stage.talk.ledger.lost == set()


def test_sorry_go_on_comes_too_late_after_another_reply() -> None:
    stage = Stage().start()
    cut(stage, BELL, says("gives_solution"))
    stage.answered(says("restates", facts=["missed"]))
    assert stage.answered(NOTHING, "Sorry, go on.").act is not Act.RESUME
    assert stage.talk.ledger.lost == {"card", "trips"}


def test_a_cut_in_an_answer_does_not_bring_the_lost_opening_back() -> None:
    stage = Stage(("trust = 30", "trust = 80"), ("frustration = 55", "frustration = 30")).start()
    cut(stage, BELL, says("gives_solution"))
    stage.answered(says("restates", "asks_open", topics=["contents"], facts=["missed"]))
    assert stage.note.facts == ("brother",)
    stage.say(says("restates", "asks_open", facts=["trips"], topics=["delivery"]))
    while "trips" not in stage.note.facts or not stage.talk.customer_speaking:
        stage.wait(50)
    stage.wait(700)
    stage.say(says("gives_solution"))
    stage.listen()
    assert stage.acts[-1] == "broken_off"
    place = len(stage.events)
    stage.answered(NOTHING, "Sorry, go on.")
    assert stage.note.act is Act.RESUME and "trips" in stage.note.facts
    assert "card" not in told(stage.events)
    assert LAST not in stage.said_since(place)


def test_a_customer_who_competes_says_the_broken_clause_again() -> None:
    stage = Stage(COMPETE).start()
    cut(stage, BELL, says("gives_solution"))
    place = len(stage.events)
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF
    assert stage.said_since(place)[-1] == BELL
    assert told(stage.events)[-1] == "card"
    assert stage.talk.ledger.lost == {"trips"}
    place = len(stage.events)
    stage.answered(NOTHING, "Sorry, go on.")
    assert stage.said_since(place)[1:] == [HALL, NUMBER, WRITING, BUS, LAST]
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]


def test_a_clause_of_several_sentences_said_again_is_not_said_a_third_time() -> None:
    two = ('text = "and he never even rang the bell,"', 'text = "Not a bell. Not a word."')
    stage = Stage(COMPETE, two).start()
    cut(stage, "Not a bell. Not a word.", says("gives_solution"))
    place = len(stage.events)
    stage.listen()
    assert stage.said_since(place)[-1] == "Not a bell. Not a word."
    place = len(stage.events)
    stage.answered(NOTHING, "Sorry, go on.")
    assert stage.said_since(place)[1] == HALL
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]


def test_last_words_are_not_lost_to_a_friendly_word() -> None:
    stage = Stage(("trust = 30", "trust = 80\nheard = 80")).start()
    stage.answered(says("asks_open", topics=["contents"]))
    stage.say(says("commits", "restates", facts=["brother"], resolutions=["search_today"]))
    while not (stage.note.act is Act.ACCEPT and stage.talk.customer_speaking):
        stage.wait(20)
    begun = stage.of(ev.ClauseStarted)[-1]
    stage.run_to(begun.t + begun.duration_ms - 300)
    stage.say(says("restates", facts=["brother"]), "For your brother's sake.")
    stage.listen()
    assert stops(stage) == []
    assert isinstance(stage.events[-1], ev.Ended)


def test_a_mail_cannot_be_talked_over() -> None:
    stage = Stage(EMAIL).start()
    stage.say(says("gives_solution"), at=0)
    assert stops(stage) == []


@pytest.mark.parametrize("late_ms", [1, 50, 3_000, 40_000])
@pytest.mark.parametrize("phase", ["opening", "between", "reaction"])
def test_a_key_stamped_before_what_has_happened_does_no_harm(late_ms: int, phase: str) -> None:
    stage = Stage().start()
    if phase == "opening":
        stage.until_said(HALL)
    else:
        stage.listen()
        if phase == "reaction":
            stage.say(NOTHING)
            while not stage.talk.customer_speaking:
                stage.wait(10)
    now = stage.now
    stage.talk.compose(now - late_ms, "started")
    stage.talk.backchannel(now - late_ms)
    stage.say(says("restates", facts=["card"]), at=now - late_ms)
    assert stage.now >= now
    due = stage.talk.next_due()
    assert due is not None and due >= stage.now
    for event in stage.of(ev.CustomerCutOff):
        assert event.at_word >= 0
    stage.listen()
    begun = [event.t for event in stage.of(ev.CustomerTurnStarted)]
    assert begun == sorted(begun)
    assert stage.note.act is not Act.OPEN


def test_a_reply_sent_just_before_the_customer_spoke_is_no_interruption() -> None:
    stage = Stage().start().listen()
    stage.say(NOTHING)
    while not stage.talk.customer_speaking:
        stage.wait(10)
    began = stage.of(ev.CustomerTurnStarted)[-1].t
    stage.wait(30)
    stage.say(says("restates", facts=["card"]), at=began - 20)
    assert stops(stage) == []
    stage.listen()
    assert "restated" in stage.of(ev.MoodMoved)[-1].causes
