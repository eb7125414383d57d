"""A customer who crosses a line: until somebody fairly says so, nothing is agreed; then the tone changes."""

from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.debrief import debrief_of
from scoring.turn_score import Conditions
from scoring.turns import CallFold
from sim.customer.ledger import Ledger
from sim.customer.reaction import facts_of_reply, to_reply
from tests.personas.samples import Change
from tests.sim.stage import NOTHING, Says, Stage, says, told

CROSSING = (
    "A parrot in a headset would be more use than you.",
    "Did they find you behind a bin?",
    "My late cat could do your job.",
    "You have the brains of a doorstop.",
    "I have met brighter potatoes than you.",
    "Do you take lessons in being useless?",
)
TAKEN = ("Very well. I beg your pardon.", "Yes. That was uncalled for.", "Quite right, I went too far.")
EXAMPLE = "I'll stay and find your parcel with you, and I'd like us to leave the insults out."
LIMIT = f"""
[limit]
crossing = {list(CROSSING)}
from_intensity = 3
any_of = [["insults", "names", "that tone"], ["stay", "go on helping", "find your parcel"]]
example = "{EXAMPLE}"
taken = {list(TAKEN)}

[need]"""
ANGRY: Change = ("frustration = 55\ntrust = 30", "frustration = 70\ntrust = 45\nheard = 45")
WITH_LIMIT: Change = ("\n[need]", LIMIT)
GATED: Change = ('gate = { record = "tracking" }', "gate = { limit = true }")
PATIENT: Change = ("cuts_in_after_words = 60\n", "")
MEETS = says("restates", facts=["parcel"])
OFFERS = says("commits", "restates", facts=["brother"], resolutions=["search_today"])
OPEN_OFFER: Change = ('needs = ["brother"]\n', "")


def abused(*changes: Change, seed: int = 7) -> Stage:
    return Stage(ANGRY, WITH_LIMIT, PATIENT, *changes, seed=seed).start()


def crossed(stage: Stage, since: int = 0) -> list[str]:
    """Crossing sentences that came out, in order; each of them is one clause."""
    return [text for text in stage.said_since(since) if text in CROSSING]


def causes(stage: Stage, since: int) -> list[str]:
    return [cause for move in stage.of(ev.MoodMoved, since) for cause in move.causes]


def reply(stage: Stage, said: Says = NOTHING, text: str = "") -> int:
    """Hear them out, reply, hear the reaction; return how many events there were before."""
    before = len(stage.listen().events)
    stage.answered(said, text)
    return before


def score(stage: Stage) -> CallScore:
    header = Conditions(stage.setting.medium)
    return score_call(stage.persona, stage.setting.rules, header, stage.events)


def test_the_opening_crosses_no_line_and_every_answer_after_it_does() -> None:
    stage = abused()
    stage.listen()
    assert crossed(stage) == []
    for number in range(1, 5):
        before = reply(stage)
        assert len(crossed(stage, before)) == 1
        assert stage.said_since(before)[0] == crossed(stage)[-1]
        assert len(set(crossed(stage))) == number


def test_none_is_said_twice_while_others_are_left() -> None:
    for seed in range(1, 6):
        stage = abused(seed=seed)
        for _ in range(len(CROSSING)):
            if not stage.talk.over:
                reply(stage)
        assert len(crossed(stage)) == len(set(crossed(stage))) >= 4


def test_who_is_calm_enough_crosses_no_line() -> None:
    stage = Stage(WITH_LIMIT, PATIENT, ("frustration = 55", "frustration = 20")).start()
    for _ in range(2):
        reply(stage, MEETS)
    assert crossed(stage) == []


def test_a_customer_without_a_line_never_crosses_one() -> None:
    stage = Stage(ANGRY, PATIENT).start()
    reply(stage)
    assert stage.persona.limit is None
    assert not facts_of_reply(stage.setting, stage.talk.fold).limit_set


def test_a_prompt_and_a_goodbye_carry_no_crossing() -> None:
    stage = abused()
    reply(stage)
    before = len(stage.events)
    stage.wait(120_000)
    assert set(stage.acts[2:]) == {Act.PROMPT, Act.LEAVE}
    assert crossed(stage, before) == []


def test_a_fair_limit_ends_it_and_changes_the_tone() -> None:
    stage = abused()
    reply(stage)
    mood = stage.talk.fold.mood
    before = reply(stage, MEETS, EXAMPLE)
    assert "limit_set" in causes(stage, before)
    assert " ".join(stage.said_since(before)).startswith(TAKEN)
    assert stage.talk.fold.mood.trust > mood.trust
    for _ in range(2):
        reply(stage)
    assert crossed(stage, before) == []
    began = [text for text in TAKEN if text.split(".")[0] in " ".join(stage.said_since(before))]
    assert len(began) == 1


UNFAIR = [
    ("a threat alone", NOTHING, "If the insults go on I'll hang up."),
    ("half of it", NOTHING, "I'll stay and find your parcel."),
    ("a dismissal with it", says("dismisses"), EXAMPLE),
    ("blame with it", says("blames_or_leads"), EXAMPLE),
]


@pytest.mark.parametrize(("why", "said", "text"), UNFAIR, ids=[why for why, _, _ in UNFAIR])
def test_an_unfair_limit_is_none(why: str, said: Says, text: str) -> None:
    stage = abused()
    reply(stage)
    before = reply(stage, said, text)
    assert "limit_set" not in causes(stage, before)
    if not stage.talk.over:
        assert len(crossed(stage, before)) == 1


def test_a_limit_before_any_crossing_does_nothing() -> None:
    stage = abused()
    before = reply(stage, NOTHING, EXAMPLE)
    assert "limit_set" not in causes(stage, before)
    assert len(crossed(stage)) == 1


def test_a_limit_after_a_crossing_that_was_cut_off_does_nothing() -> None:
    stage = abused()
    stage.listen()
    stage.say()
    while not crossed(stage):
        stage.wait(50)
    stage.say(MEETS, EXAMPLE)
    assert not facts_of_reply(stage.setting, stage.talk.fold).limit_set


def test_what_a_customer_who_cut_in_has_not_heard_sets_no_limit() -> None:
    stage = Stage(ANGRY, WITH_LIMIT, ("cuts_in_after_words = 60", "cuts_in_after_words = 15")).start()
    reply(stage)
    before = reply(stage, MEETS, f"{'Well ' * 10}{EXAMPLE}")
    assert stage.of(ev.TraineeCutOff, before)
    assert "limit_set" not in causes(stage, before)


def trust_gained(*texts: str) -> int:
    """How much the last of some replies, each of which meets the customer, moved their trust."""
    stage = abused()
    reply(stage)
    for text in texts:
        before = reply(stage, MEETS, text)
    return sum(move.trust for move in stage.of(ev.MoodMoved, before))


def test_a_second_limit_counts_half() -> None:
    again = "I'll go on helping you. Without that tone, please."
    first = trust_gained(EXAMPLE) - trust_gained("Well then.")
    second = trust_gained(EXAMPLE, again) - trust_gained(EXAMPLE, "Well then.")
    assert 0 < second < 0.6 * first


def test_the_gate_opens_with_the_limit() -> None:
    asks = says("asks_open", topics=["delivery"], facts=["depot"])
    shut, opened = abused(GATED), abused(GATED)
    for stage in (shut, opened):
        reply(stage)
    reply(shut, asks, "What did they tell you?")
    assert shut.note.act is Act.BLOCKED
    before = reply(opened, asks, f"{EXAMPLE} What did they tell you?")
    assert "depot" in told(opened.events[before:])


def test_the_gate_stays_open_for_later() -> None:
    stage = abused(('gate = { record = "tracking" }', 'gate = { limit = true, question = "open" }'))
    reply(stage)
    reply(stage, says("acknowledges"), EXAMPLE)
    assert "depot" not in told(stage.events)
    reply(stage, says("asks_open", topics=["delivery"], facts=["depot"]))
    assert "depot" in told(stage.events)


def test_from_the_third_crossing_on_letting_it_pass_costs_respect() -> None:
    stage = abused()
    found = []
    for _ in range(6):
        before = reply(stage, MEETS)
        found.append("let_abuse_pass" in causes(stage, before))
        if len(crossed(stage, before)) == 0:
            break
    assert found[:3] == [False, False, False]
    assert all(found[3:]) and len(found) > 3


def test_nothing_is_agreed_over_the_line() -> None:
    stage = abused(OPEN_OFFER)
    reply(stage, MEETS)
    reply(stage, OFFERS)
    reply(stage, OFFERS, f"{EXAMPLE} I'll have the depot searched today.")
    assert stage.acts[-2:] == [Act.WEIGH, Act.ACCEPT]
    assert stage.talk.over


def test_the_same_offer_is_taken_by_one_without_a_line() -> None:
    stage = Stage(ANGRY, PATIENT, OPEN_OFFER).start()
    reply(stage, MEETS)
    reply(stage, OFFERS)
    assert stage.note.act is Act.ACCEPT


def recomputed(stage: Stage) -> None:
    """Every reaction of a call follows from the events before it."""
    fold, ledger = CallFold(stage.persona), Ledger(stage.persona)
    checked, moves = 0, []
    for place, event in enumerate(stage.events):
        if isinstance(event, ev.MoodMoved):
            moves.append(event)
            continue
        if isinstance(event, ev.NoteIssued) and fold.turn.spoken:
            again = to_reply(stage.setting, fold, ledger, event.t)
            assert (list(again.moves), again.note) == (moves, event)
            checked += 1
        for one in stage.events[place - len(moves) : place + 1]:
            fold.apply(one)
            ledger.apply(one)
        moves = []
    assert checked >= 3


def test_the_same_events_give_the_same_reactions() -> None:
    stage = abused(GATED)
    reply(stage)
    reply(stage, MEETS, EXAMPLE)
    reply(stage)
    reply(stage)
    recomputed(stage)


@pytest.mark.parametrize("after", ["reply", "note", "crossing", "limit", "taken"])
def test_going_on_after_a_crash_keeps_crossing_and_limit(after: str) -> None:
    stage = abused(GATED)
    stage.listen()
    stage.say(MEETS)
    if after == "note":
        stage.run_to(stage.talk.next_due() or 0)
    if after == "crossing":
        while not crossed(stage):
            stage.wait(50)
    if after in ("reply", "note", "crossing"):
        stage.go_on_anew(stage.now + 1_000)
    stage.listen()
    assert len(crossed(stage)) == 1
    before = len(stage.events)
    stage.say(MEETS, EXAMPLE)
    if after == "limit":
        stage.go_on_anew(stage.now + 1_000)
    if after == "taken":
        while not stage.of(ev.NoteIssued, before):
            stage.wait(20)
        stage.go_on_anew(stage.now + 1_000)
    stage.listen()
    reply(stage)
    reply(stage)
    said = stage.said_since(before)
    assert not crossed(stage, before)
    assert sum(text.startswith(tuple(line.split(".")[0] for line in TAKEN)) for text in said) >= 1
    recomputed(stage)


def test_a_fair_limit_is_a_commitment_and_no_lack_of_empathy() -> None:
    stage = abused()
    reply(stage)
    reply(stage, says("restates", "reflects_feeling", facts=["parcel"], feelings=["ignored"]), EXAMPLE)
    reply(stage, says("acknowledges"), EXAMPLE)
    turns = score(stage).turns
    rules = stage.setting.rules.skills.commitments
    first, again = turns[1].skills["commitments"], turns[2].skills["commitments"]
    assert first.value == rules.option + rules.limit_or_choice
    assert "limit" in first.evidence[0].says
    assert again.value is None
    empathy = turns[1].skills["empathy"].value
    assert empathy is not None and empathy >= 50


def test_the_debrief_gives_the_limit_and_the_thought() -> None:
    stage = abused()
    for _ in range(5):
        if not stage.talk.over:
            reply(stage)
    call = score(stage)
    debrief = debrief_of(stage.persona, stage.setting.rules, call, lambda cause: (cause,))
    better = {moment.turn: moment.better for moment in debrief.losses if moment.better}
    assert EXAMPLE not in better.get(0, "")
    assert any(EXAMPLE in line for line in better.values())
    assert any("let_abuse_pass" in turn.causes for turn in call.turns)


def test_the_debrief_names_the_limit_as_the_key() -> None:
    stage = abused(GATED)
    reply(stage)
    reply(stage)
    debrief = debrief_of(stage.persona, stage.setting.rules, score(stage), lambda cause: ())
    assert any("limit" in one.opens for one in debrief.unopened)
