from __future__ import annotations

import itertools

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.turns import Mood
from sim.customer.gates import beat_after
from tests.personas.samples import Change
from tests.sim.stage import (
    NOTHING,
    Says,
    Stage,
    persona_of,
    rules,
    says,
    told,
)

FREE_DEPOT: Change = (
    'gate = { record = "tracking" }\nblocked = "I was told something else, but never mind."\n',
    "",
)
SETTLES: Change = (
    'any_of = [["voucher"]]\nsatisfies = "partly"',
    'any_of = [["voucher"]]\nsatisfies = "stated"',
)
STOP_AT = "Do you know what your driver did?"


def mood(frustration: int, trust: int, heard: int = 0) -> Change:
    return ("frustration = 55\ntrust = 30", f"frustration = {frustration}\ntrust = {trust}\nheard = {heard}")


def patience(turns: int) -> Change:
    return ("patience_turns = 14", f"patience_turns = {turns}")


def first_note(said: Says, *changes: Change, text: str = "") -> ev.NoteIssued:
    """Return the decision after a first reply to the whole opening."""
    return Stage(*changes).start().answered(said, text)


ASKS_CONTENTS = says("asks_open", topics=["contents"])
RESTATES = says("restates", facts=["card"])
OFFERS_REAL = says("commits", resolutions=["search_today"])
OFFERS_VOUCHER = says("gives_solution", "restates", facts=["card"], resolutions=["voucher"])
LONG = " ".join(f"word{n}" for n in range(70))


@pytest.mark.parametrize(
    ("said", "changes", "text", "act", "facts"),
    [
        # cutting in comes before the rest
        (OFFERS_REAL, [patience(5)], LONG, Act.CUT_IN, ()),
        # asked again, with nothing new to tell
        (says("re_asks", "asks_closed", facts=["card"]), [], "", Act.REPEAT, ()),
        # an offer comes before a question
        (
            says("gives_solution", "asks_open", topics=["contents"], resolutions=["voucher"]),
            [],
            "",
            Act.REFUSE,
            (),
        ),
        # a question that opens
        (ASKS_CONTENTS, [mood(55, 40)], "", Act.ANSWER, ("brother",)),
        (says("asks_closed", topics=["contents"]), [mood(55, 40)], "", Act.BLOCKED, ()),
        (ASKS_CONTENTS, [mood(55, 20)], "", Act.BLOCKED, ()),
        # what a reflection opens, unasked
        (says("reflects_feeling", feelings=["grief"]), [mood(55, 40, 45)], "", Act.ELABORATE, ("alone",)),
        (says("reflects_feeling", feelings=["grief"]), [mood(55, 40, 10)], "", Act.SOFTEN, ()),
        (says("restates", facts=["alone"]), [mood(55, 40, 45)], "", Act.ELABORATE, ("alone",)),
        (says("reflects_feeling", feelings=["ignored"]), [mood(55, 40, 45)], "", Act.SOFTEN, ()),
        # worse, and nothing that was heard
        (says("dismisses"), [], "", Act.ESCALATE, ()),
        (NOTHING, [], "Right.", Act.ESCALATE, ()),
        (says("dismisses", "restates", facts=["card"]), [], "", Act.SOFTEN, ()),
        # asked for what was told
        (says("asks_open", facts=["card"], topics=["driver"]), [mood(55, 40)], "", Act.REPEAT, ()),
        (says("asks_closed", "checks_understanding", facts=["card"]), [mood(55, 20)], "", Act.TEST, ()),
        # doubts come before free facts, trust before doubts
        (says("invites_more"), [mood(55, 20), FREE_DEPOT], "", Act.TEST, ()),
        (says("invites_more"), [mood(55, 40), FREE_DEPOT], "", Act.TELL, ("depot",)),
        (RESTATES, [mood(55, 20), FREE_DEPOT], "", Act.TELL, ("depot",)),
        # nothing left to tell
        (RESTATES, [mood(55, 40)], "", Act.SOFTEN, ()),
        (says("invites_more"), [mood(55, 40)], "", Act.TEST, ()),
    ],
)
def test_the_first_rule_that_speaks_decides(
    said: Says, changes: list[Change], text: str, act: Act, facts: tuple[str, ...]
) -> None:
    note = first_note(said, *changes, text=text)
    assert (note.act, note.facts) == (act, facts)


def test_an_interruption_is_answered_before_patience_and_offers() -> None:
    stage = Stage(patience(5)).start()
    for _ in range(4):
        stage.answered(RESTATES)
    stage.listen()
    stage.say(RESTATES)
    stage.listen()
    assert stage.note.act is Act.CLOSE
    cut = Stage(patience(5), mood(55, 60)).start()
    for _ in range(3):
        cut.answered(RESTATES)
    cut.say(ASKS_CONTENTS)
    while not cut.talk.customer_speaking:
        cut.wait(50)
    cut.wait(700)
    cut.say(OFFERS_REAL)
    cut.listen()
    assert cut.note.act is Act.BROKEN_OFF


def test_giving_the_floor_back_in_words_comes_before_patience() -> None:
    stage = Stage(patience(5)).start()
    stage.until_said(STOP_AT)
    stage.say(says("gives_solution"))
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF
    assert stage.answered(NOTHING, "Sorry, go on.").act is Act.RESUME


def test_patience_ends_the_call() -> None:
    stage = Stage(patience(5)).start()
    for _ in range(4):
        assert stage.answered(RESTATES).act is not Act.CLOSE
    assert stage.answered(RESTATES).act is Act.CLOSE
    assert stage.of(ev.Ended) == [stage.events[-1]]
    ended = stage.of(ev.Ended)[0]
    assert (ended.reason, ended.ending) == ("patience", "unsolved")
    assert stage.said_since(0)[-2:] == ["So nobody knows.", "Goodbye."] or stage.said_since(0)[-1].endswith(
        "Goodbye."
    )


def until_left(stage: Stage, said: Says, text: str = "") -> Mood:
    """Reply the same until the customer leaves, who must not leave before; return their mood."""
    director = rules().director
    for _ in range(14):
        stage.answered(said, text)
        now = stage.talk.fold.mood
        furious = now.frustration >= director.leaves_at * 1000
        lost = now.trust < director.leaves_trust * 1000
        leaves = furious or (lost and now.frustration >= director.leaves_trust_frustration * 1000)
        assert (stage.note.act is Act.LEAVE) is leaves
        if leaves:
            return now
    raise AssertionError("the customer never leaves")


def test_fury_leaves_before_anything_else() -> None:
    stage = Stage(mood(86, 70)).start()
    said = says(
        "dismisses",
        "blames_or_leads",
        "gives_solution",
        "asks_open",
        topics=["contents"],
        resolutions=["voucher"],
    )
    assert until_left(stage, said).frustration >= rules().director.leaves_at * 1000


@pytest.mark.parametrize("text", ["", LONG], ids=["short", "long"])
def test_lost_trust_leaves_when_the_customer_is_angry_too(text: str) -> None:
    stage = Stage(mood(72, 5)).start()
    left = until_left(stage, says("contradicts"), text)
    assert left.trust < 3_000 and left.frustration < rules().director.leaves_at * 1000


def test_lost_trust_alone_does_not_leave() -> None:
    stage = Stage(mood(20, 1)).start()
    stage.answered(says("overpromises", "warmth"))
    stage.answered(says("overpromises", "warmth"))
    assert stage.talk.fold.mood.trust < 4_000
    assert Act.LEAVE not in stage.acts


def test_leaving_hangs_up() -> None:
    stage = Stage(mood(86, 50)).start()
    until_left(stage, says("dismisses"))
    assert stage.of(ev.HungUp)
    ended = stage.of(ev.Ended)[0]
    assert (ended.reason, ended.ending) == ("walked_out", "walked_out")
    assert stage.said_since(0)[-1] == "I shall write to your director."


def test_blocked_does_not_come_twice_in_a_row() -> None:
    stage = Stage(mood(55, 20)).start()
    said = says("asks_open", "restates", facts=["card"], topics=["contents"])
    assert stage.answered(said).blocked == "brother"
    assert stage.answered(said).act is not Act.BLOCKED
    assert stage.answered(said).act is Act.BLOCKED


def test_doubts_rest_between_two_tests() -> None:
    stage = Stage(mood(55, 5)).start()
    acts = [
        stage.answered(says("invites_more", "cites_policy_bare") if n % 4 else says("invites_more")).act
        for n in range(5)
    ]
    tests = [n for n, act in enumerate(acts) if act is Act.TEST]
    assert tests and all(
        later - first >= rules().director.test_every for first, later in itertools.pairwise(tests)
    )


def test_several_facts_asked_for_come_two_at_a_time() -> None:
    stage = Stage(FREE_DEPOT).start()
    stage.until_said("It was to be here on the fifth of May,")
    stage.say(says("gives_solution"))
    stage.listen()
    lost = set(stage.talk.ledger.lost)
    assert lost == {"missed", "card", "trips"}
    stage.answered(says("dismisses"))
    note = stage.answered(says("asks_open", topics=["delivery", "driver"]))
    assert note.act is Act.ANSWER
    assert note.facts == ("missed", "card")
    note = stage.answered(says("asks_open", topics=["delivery", "driver"]))
    assert note.facts == ("trips", "depot")


def test_what_was_cut_off_is_told_only_when_asked_for() -> None:
    stage = Stage(mood(30, 60, 60)).start()
    stage.until_said(STOP_AT)
    stage.say(says("gives_solution"))
    stage.listen()
    assert stage.talk.ledger.lost == {"card", "trips"}
    for said in (RESTATES, says("invites_more"), says("reflects_feeling", feelings=["ignored"]), NOTHING):
        stage.answered(said)
    assert set(told(stage.events)) == {"parcel", "missed"}
    assert stage.answered(says("asks_open", topics=["driver"])).facts == ("card",)
    assert "card" in told(stage.events)


# An offer: what it satisfies, how the customer stands, whether the fact it rests on was told, how often.
TRUSTING, DOUBTING = mood(30, 70, 70), mood(30, 25, 10)


def offered(said: Says, times: int, *changes: Change, told_first: bool = False) -> list[Act]:
    stage = Stage(*changes).start()
    if told_first:
        assert stage.answered(ASKS_CONTENTS).facts == ("brother",)
    return [stage.answered(said).act for _ in range(times)]


@pytest.mark.parametrize(
    ("said", "changes", "told_first", "acts"),
    [
        (OFFERS_REAL, [TRUSTING], True, [Act.ACCEPT]),
        (OFFERS_REAL, [TRUSTING], False, [Act.WEIGH, Act.REFUSE]),
        (OFFERS_VOUCHER, [TRUSTING], False, [Act.WEIGH, Act.REFUSE]),
        (OFFERS_VOUCHER, [TRUSTING, SETTLES], False, [Act.WEIGH, Act.ACCEPT]),
        (OFFERS_VOUCHER, [mood(60, 10, 0), SETTLES], False, [Act.REFUSE]),
        (says("commits", resolutions=["promise"]), [TRUSTING], False, [Act.REFUSE]),
        (says("gives_solution", resolutions=["promise"]), [TRUSTING], False, [Act.REFUSE]),
        (says("commits", "overpromises", resolutions=["search_today"]), [TRUSTING], True, [Act.REFUSE]),
        (says("overpromises", resolutions=["search_today"]), [TRUSTING], True, [Act.REFUSE]),
        (
            says("commits", "restates", facts=["card"], resolutions=["search_today", "promise"]),
            [TRUSTING],
            True,
            [Act.REFUSE],
        ),
    ],
)
def test_how_an_offer_is_received(
    said: Says, changes: list[Change], told_first: bool, acts: list[Act]
) -> None:
    assert offered(said, len(acts), *changes, told_first=told_first) == acts


def test_a_real_offer_waits_for_trust_and_for_being_heard() -> None:
    stage = Stage(mood(30, 36, 0)).start()
    assert stage.answered(ASKS_CONTENTS).facts == ("brother",)
    assert stage.answered(OFFERS_REAL).act is Act.WEIGH
    for _ in range(4):
        stage.answered(
            says("restates", "reflects_feeling", "specific_empathy", facts=["brother"], feelings=["grief"])
        )
    assert stage.answered(OFFERS_REAL).act is Act.ACCEPT


def test_an_offer_that_is_only_mentioned_is_no_offer() -> None:
    assert first_note(says("restates", facts=["card"], resolutions=["voucher"]), TRUSTING).act is Act.SOFTEN


@pytest.mark.parametrize(
    ("frustration", "said", "told_first", "ending"),
    [
        (30, OFFERS_REAL, True, "won"),
        (75, OFFERS_REAL, True, "settled"),
    ],
)
def test_taking_the_offer_that_meets_the_need_ends_the_call(
    frustration: int, said: Says, told_first: bool, ending: str
) -> None:
    stage = Stage(mood(frustration, 70, 70)).start()
    if told_first:
        stage.answered(ASKS_CONTENTS)
    stage.answered(said)
    ended = stage.events[-1]
    assert isinstance(ended, ev.Ended)
    assert (ended.reason, ended.ending) == ("solved", ending)
    line = next(e.line for e in stage.persona.endings if e.kind == ending)
    assert " ".join(stage.said_since(0)).endswith(line)
    assert stage.talk.over and stage.talk.next_due() is None


def test_intensity_falls_one_step_a_turn() -> None:
    stage = Stage(mood(85, 60, 60)).start()
    warm = says("restates", "reflects_feeling", "specific_empathy", facts=["card"], feelings=["ignored"])
    for _ in range(8):
        stage.answered(warm)
    steps = [note.intensity for note in stage.of(ev.NoteIssued)]
    assert steps[0] == 5 and min(steps) < 5
    assert all(later >= before - 1 for before, later in itertools.pairwise(steps))


def test_a_fact_behind_the_record_opens_with_its_use() -> None:
    stage = Stage(mood(30, 50, 50)).start().listen()
    stage.talk.open_desk(stage.now, "tracking")
    stage.wait(9_000)
    stage.talk.compose(stage.now, "started")
    stage.wait(4_000)
    stage.say(says("restates", facts=["card"], records=["tracking"]))
    stage.listen()
    assert (stage.note.act, stage.note.facts) == (Act.ELABORATE, ("depot",))
    assert (
        Stage(mood(30, 50, 50)).start().answered(says("restates", facts=["card"], records=["tracking"])).facts
        == ()
    )


def test_a_beat_waits_after_its_fact_until_it_has_told_all() -> None:
    persona = persona_of()
    assert beat_after(persona, "brother", (), ()) == "after_brother"
    assert beat_after(persona, "brother", ("after_brother",), ()) is None
    assert beat_after(persona, "brother", (), ("clock",)) is None
    assert beat_after(persona, "parcel", (), ()) is None
    assert beat_after(persona, None, (), ()) is None
