from __future__ import annotations

import pytest

from scoring import events as ev
from tests.personas.samples import Change
from tests.sim.stage import CHAT, NOTHING, Says, Stage, rules, says

STOCK = "I understand your frustration."


def causes_of(stage: Stage, since: int) -> tuple[str, ...]:
    """Return what moved the customer in the reaction after a place, cooling aside."""
    moves = [move for move in stage.of(ev.MoodMoved, since) if move.causes != ("time",)]
    assert len(moves) <= 1
    return moves[0].causes if moves else ()


def first_causes(said: Says, text: str = "", *changes: Change, pause_ms: int = 0) -> tuple[str, ...]:
    """Return what a first reply after the whole opening brings."""
    stage = Stage(*changes).start().listen()
    stage.wait(pause_ms)
    place = stage.say(said, text)
    stage.listen()
    return causes_of(stage, place)


HEARD = says("restates", "reflects_feeling", facts=["card"], feelings=["ignored"])

# What a reply brings (first group) and what it must not bring (second group).
TABLE: list[tuple[str, Says, str, set[str], set[str]]] = [
    ("nothing of theirs", NOTHING, "Right.", {"passed_over", "cue_missed", "story_heard"}, {"restated"}),
    (
        "facts",
        says("restates", facts=["card"]),
        "",
        {"restated"},
        {"reflected", "passed_over", "stock_empathy"},
    ),
    ("facts and feeling", HEARD, "", {"reflected", "cue_taken"}, {"restated", "stock_empathy", "cue_missed"}),
    (
        "a feeling named",
        says("reflects_feeling", feelings=["ignored"]),
        "",
        {"named_feeling"},
        {"stock_empathy"},
    ),
    ("a feeling not theirs", says("reflects_feeling"), "", {"stock_empathy"}, {"named_feeling"}),
    ("warm words", says("warmth"), "", {"stock_empathy"}, {"specific_empathy"}),
    ("tied to the case", says("specific_empathy", "warmth"), "", {"specific_empathy"}, {"stock_empathy"}),
    ("dismissing", says("dismisses"), "", {"dismissed"}, set()),
    ("blaming", says("blames_or_leads"), "", {"blamed"}, set()),
    ("asking again", says("re_asks", "asks_closed"), "", {"re_asked"}, set()),
    ("wrong", says("restates", "contradicts", facts=["card"]), "", {"contradicted"}, {"restated"}),
    ("parrot", says("restates", "parrots", facts=["card"]), "", {"parroted"}, {"restated"}),
    ("stacked questions", says("stacks_questions", "asks_open"), "", {"stacked"}, set()),
    ("bare policy", says("cites_policy_bare"), "", {"bare_policy"}, set()),
    ("a promise", says("commits"), "", {"committed"}, {"overpromised"}),
    ("too large a promise", says("commits", "overpromises"), "", {"overpromised"}, {"committed"}),
    ("out of reach", says("commits", resolutions=["promise"]), "", {"overpromised"}, {"committed"}),
    ("out of reach, not promised", says(resolutions=["promise"]), "", set(), {"overpromised"}),
    ("fix at once", says("gives_solution"), "", {"solution_too_soon"}, set()),
    (
        "heard, then a fix",
        says("gives_solution", "restates", facts=["card"]),
        "",
        set(),
        {"solution_too_soon"},
    ),
    ("sorry for this", says("apologises", facts=["card"]), "", {"apologised"}, {"apology_again"}),
    ("sorry for nothing", says("apologises"), "", set(), {"apologised", "apology_again"}),
    ("open question on topic", says("asks_open", topics=["driver"]), "", {"open_question"}, {"passed_over"}),
    ("open question on nothing", says("asks_open"), "", {"passed_over"}, {"open_question"}),
    (
        "a blaming question",
        says("asks_open", "blames_or_leads", topics=["driver"]),
        "",
        set(),
        {"open_question"},
    ),
    ("checked", says("restates", "checks_understanding", facts=["card"]), "", {"checked"}, set()),
    ("checked without content", says("checks_understanding"), "", set(), {"checked"}),
    ("room to go on", says("invites_more"), "", {"invited"}, {"passed_over"}),
    ("floor given back", NOTHING, "Please go on.", {"given_back"}, {"passed_over"}),
    ("two ways", says("gives_solution"), "Either this, or that.", {"two_options"}, set()),
    ("two ways without an offer", NOTHING, "Either this, or that.", set(), {"two_options"}),
    ("cue taken", says("asks_open", topics=["driver"]), "", {"cue_taken"}, {"cue_missed"}),
    ("feeling mirrored, cue apart", says("reflects_feeling", feelings=["grief"]), "", set(), {"cue_missed"}),
    ("one stock phrase", NOTHING, STOCK, set(), {"stock_phrase"}),
    ("two stock phrases", NOTHING, f"{STOCK} Rest assured.", {"stock_phrase"}, set()),
]


@pytest.mark.parametrize(
    ("said", "text", "brought", "not_brought"),
    [row[1:] for row in TABLE],
    ids=[row[0].replace(" ", "_") for row in TABLE],
)
def test_what_a_first_reply_brings(said: Says, text: str, brought: set[str], not_brought: set[str]) -> None:
    found = set(first_causes(said, text))
    assert brought <= found
    assert not not_brought & found


def test_every_cause_is_one_of_the_rubric() -> None:
    for _, said, text, *_ in TABLE:
        assert set(first_causes(said, text)) <= set(rules().mood.moves)


def test_a_password_brings_little() -> None:
    """The empathy phrase alone against the same opening heard and given back."""
    password = Stage().start().listen()
    password.say(says("warmth", "reflects_feeling"), STOCK)
    password.listen()
    heard = Stage().start().listen()
    heard.say(HEARD)
    heard.listen()
    assert password.talk.fold.mood.heard < heard.talk.fold.mood.heard / 2
    assert password.talk.fold.mood.frustration > heard.talk.fold.mood.frustration


def test_the_password_again_and_again_makes_it_worse() -> None:
    stage = Stage().start()
    heard = []
    for _ in range(4):
        stage.answered(says("warmth", "reflects_feeling"), STOCK)
        heard.append(stage.talk.fold.mood.trust)
    assert heard == sorted(heard, reverse=True)
    later = [cause for move in stage.of(ev.MoodMoved)[2:] for cause in move.causes]
    assert "stock_phrase" in later


def test_an_apology_works_once() -> None:
    stage = Stage().start()
    stage.answered(says("apologises", facts=["card"]))
    place = len(stage.events)
    stage.answered(says("apologises"))
    assert "apology_again" in causes_of(stage, place)
    assert "apologised" not in causes_of(stage, place)


def test_the_story_is_heard_once_and_only_to_its_end() -> None:
    stage = Stage().start()
    stage.until_said("Do you know what your driver did?")
    place = stage.say(says("gives_solution"))
    stage.listen()
    assert "story_heard" not in causes_of(stage, place)
    whole = Stage().start()
    whole.answered()
    place = len(whole.events)
    whole.answered()
    assert "story_heard" not in causes_of(whole, place)


@pytest.mark.parametrize("pause_ms", [1_000, 2_500, 5_000])
def test_a_pause_after_no_disclosure_is_no_gift(pause_ms: int) -> None:
    """The last clause of the opening tells nothing that was hard to tell."""
    assert "silence_held" not in first_causes(NOTHING, pause_ms=pause_ms)


LAST_IS_CARD: Change = (
    '{ text = "and nobody there has heard of it.", end = true }',
    '{ text = "and nobody there has heard of it.", facts = ["card"], end = true }',
)
NO_CARD_BEFORE: Change = (
    '{ text = "and he never even rang the bell,", facts = ["card"], end = true }',
    '{ text = "and he never even rang the bell,", end = true }',
)
HARD_TO_TELL: Change = (
    'topics = ["driver"]\nfeeling = "ignored"',
    'topics = ["driver"]\nfeeling = "ignored"\npeak = true',
)
ENDS_ON_QUESTION: Change = ("and nobody there has heard of it.", "and who there has heard of it?")


@pytest.mark.parametrize(
    ("pause_ms", "held"),
    [(0, False), (1_900, False), (2_000, True), (5_000, True), (9_000, True), (9_001, False)],
)
def test_a_silence_held_after_a_disclosure_counts(pause_ms: int, held: bool) -> None:
    found = first_causes(NOTHING, "", LAST_IS_CARD, NO_CARD_BEFORE, HARD_TO_TELL, pause_ms=pause_ms)
    assert ("silence_held" in found) is held


def test_typing_ends_a_held_silence_but_costs_nothing() -> None:
    stage = Stage(LAST_IS_CARD, NO_CARD_BEFORE, HARD_TO_TELL).start().listen()
    stage.wait(1_000)
    stage.talk.compose(stage.now, "started")
    stage.wait(30_000)
    place = stage.say(NOTHING)
    stage.listen()
    assert not {"silence_held", "left_waiting", "late_answer"} & set(causes_of(stage, place))


def test_a_word_for_word_repeat_is_noticed() -> None:
    stage = Stage().start()
    stage.answered(says("restates", facts=["card"]), "So nobody tried your bell that day.")
    place = len(stage.events)
    stage.answered(says("restates", facts=["card"]), "So nobody tried your bell that day.")
    assert "said_before" in causes_of(stage, place)


@pytest.mark.parametrize("pause_ms", [3_900, 9_000])
def test_thinking_about_their_question_is_free(pause_ms: int) -> None:
    assert "late_answer" not in first_causes(NOTHING, "", ENDS_ON_QUESTION, pause_ms=pause_ms)


def test_an_answer_that_comes_late_costs() -> None:
    """Two stretches of silence with a burst between, so that nobody had to ask."""
    stage = Stage(ENDS_ON_QUESTION).start().listen()
    stage.wait(6_000)
    stage.talk.compose(stage.now, "started")
    stage.wait(500)
    stage.talk.compose(stage.now, "paused")
    stage.wait(6_000)
    place = stage.say(NOTHING)
    stage.listen()
    assert "late_answer" in causes_of(stage, place)


@pytest.mark.parametrize(("desk", "cause"), [(False, "left_waiting"), (True, "left_on_hold")])
def test_dead_air_costs_more_than_thinking(desk: bool, cause: str) -> None:
    stage = Stage().start().listen()
    if desk:
        stage.talk.open_desk(stage.now, "tracking")
    for _ in range(2):
        stage.wait(8_000)
        stage.talk.compose(stage.now, "started")
        stage.wait(100)
        stage.talk.compose(stage.now, "paused")
    place = stage.say(NOTHING)
    stage.listen()
    assert cause in causes_of(stage, place)


def test_an_announced_wait_is_no_dead_air() -> None:
    stage = Stage().start().listen()
    stage.talk.announce_hold(stage.now, "Let me look at the tracking, it takes a few seconds.")
    stage.wait(30_000)
    stage.talk.end_hold(stage.now)
    place = stage.say(NOTHING)
    stage.listen()
    found = causes_of(stage, place)
    assert "hold_announced" in found
    assert not {"left_waiting", "left_on_hold"} & set(found)


def test_nothing_is_timed_in_plain_play() -> None:
    stage = Stage(LAST_IS_CARD, NO_CARD_BEFORE, HARD_TO_TELL, timed=False).start().listen()
    stage.wait(3_000)
    place = stage.say(NOTHING)
    stage.listen()
    assert "silence_held" not in causes_of(stage, place)


def test_signs_of_listening_count_three_times_a_turn() -> None:
    stage = Stage().start()
    stage.until_said("He put a card through the door")
    for _ in range(7):
        stage.talk.backchannel(stage.now)
    place = stage.say(NOTHING) if stage.talk.floor_is_free else len(stage.events)
    stage.answered()
    assert causes_of(stage, place).count("backchannelled") == rules().mood.backchannels_per_turn == 3


def test_a_fitting_word_counts_more_than_a_plain_one_and_a_misfit_hurts() -> None:
    def after(token: str | None) -> tuple[str, ...]:
        stage = Stage().start()
        stage.until_said("Do you know what your driver did?")
        stage.talk.backchannel(stage.now, token)
        place = len(stage.events)
        stage.answered()
        return causes_of(stage, place)

    assert "backchannelled" in after(None)
    assert "specific_token" in after("A whole week!")
    assert "misfit_token" in after("Lovely!")


def test_a_sign_given_after_the_reply_does_not_change_what_the_reply_brings() -> None:
    """The voice is awaited; what is pressed meanwhile belongs to no decision that is already taken."""

    def reaction(*, nod: bool) -> tuple[str, ...]:
        stage = Stage(play=lambda _: [None, "Yes, well then."]).start().listen()
        place = stage.say(NOTHING, "Right.")
        stage.talk.advance(stage.now + 1_000)
        assert stage.talk.starved
        if nod:
            stage.talk.backchannel(stage.now)
            stage.talk.open_desk(stage.now, "tracking")
        stage.listen()
        return causes_of(stage, place)

    assert reaction(nod=True) == reaction(nod=False)


def test_the_record_helps_once_it_can_be_read() -> None:
    def used(wait_ms: int) -> tuple[str, ...]:
        stage = Stage().start().listen()
        stage.talk.open_desk(stage.now, "tracking")
        stage.talk.announce_hold(stage.now, "It takes a few seconds to load.")
        stage.wait(wait_ms)
        place = stage.say(says(records=["tracking"]))
        stage.listen()
        return causes_of(stage, place)

    assert "record_used" in used(12_000)
    assert "record_used" not in used(11_900)


def test_a_summary_takes_up_two_turns() -> None:
    stage = Stage().start()
    stage.answered(says("asks_open", topics=["contents"], facts=["parcel"]))
    stage.answered(says("restates", facts=["parcel", "card"]))
    moved = stage.of(ev.MoodMoved)[-1]
    assert "summarised" not in moved.causes
    trusting = Stage(("trust = 30", "trust = 60")).start()
    trusting.answered(says("asks_open", topics=["contents"]))
    assert "brother" in trusting.talk.ledger.told
    trusting.answered(says("restates", facts=["parcel", "brother"]))
    assert "summarised" in trusting.of(ev.MoodMoved)[-1].causes


def test_a_disclosure_answered_well_pulls_harder() -> None:
    def heard_gain(fact: str) -> int:
        stage = Stage(("trust = 30", "trust = 60")).start()
        stage.answered(says("asks_open", topics=["contents"]))
        place = len(stage.events)
        stage.answered(says("restates", "reflects_feeling", facts=[fact], feelings=["grief"]))
        return stage.of(ev.MoodMoved, place)[-1].heard

    assert heard_gain("brother") > 0
    peak = Stage(("trust = 30", "trust = 60"), ("peak = true\n", "")).start()
    peak.answered(says("asks_open", topics=["contents"]))
    place = len(peak.events)
    peak.answered(says("restates", "reflects_feeling", facts=["brother"], feelings=["grief"]))
    assert heard_gain("brother") > peak.of(ev.MoodMoved, place)[-1].heard


def test_comfort_for_something_new_is_no_repetition() -> None:
    def gains(facts: list[str]) -> list[int]:
        stage = Stage().start()
        found = []
        for fact in facts:
            before = stage.talk.fold.mood.heard
            stage.answered(says("restates", facts=[fact]))
            found.append((stage.talk.fold.mood.heard - before) * 100_000 // (100_000 - before))
        return found

    same, other = gains(["card", "card", "card"]), gains(["card", "parcel", "missed"])
    assert same[0] == other[0]
    assert same[1] < other[1]
    assert same[2] < other[2]


def test_chat_times_no_silence() -> None:
    stage = Stage(CHAT).start().listen()
    stage.wait(20_000)
    place = stage.say(NOTHING)
    stage.listen()
    assert not {"left_waiting", "late_answer", "silence_held"} & set(causes_of(stage, place))


def test_a_reply_that_is_too_long_is_talked_over() -> None:
    stage = Stage().start().listen()
    text = " ".join(f"word{n}" for n in range(61))
    place = stage.say(NOTHING, text)
    stage.listen()
    assert "talked_too_long" in causes_of(stage, place)
    assert stage.of(ev.TraineeCutOff)[0].at_word == 60
    assert stage.note.act.value == "cut_in"


def test_the_silence_of_a_slow_voice_is_held_by_nobody() -> None:
    """A beat that fires counts as a held silence however long the voice then takes."""
    held = []
    quick, slow = ["Well."], [None, "Well."]
    for play in (lambda _: quick, lambda _: slow):
        stage = Stage(("trust = 30", "trust = 60"), play=play).start()
        stage.answered(says("asks_open", topics=["contents"]))
        stage.wait(2_900)
        assert stage.talk.floor_is_free
        stage.talk.advance(stage.now + 200)
        stage.talk.advance(stage.now + 4_000)
        stage.listen()
        assert "clock" in stage.talk.ledger.told
        place = len(stage.events)
        stage.answered(says("restates", facts=["clock"]))
        held.append("silence_held" in causes_of(stage, place))
    assert held == [True, True]
