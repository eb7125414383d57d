from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.outcome import Outcome, mood_value
from tests.scoring.builders import Call, rules


def calls_end(
    reason: ev.EndReason = "closed",
    ending: str | None = None,
    offer: str | None = None,
    mood: tuple[int, int, int] = (0, 0, 0),
) -> Call:
    call = Call().opens().waits(500).speaks("It died twice.").read("restates", facts=("died_twice",))
    call.moved(*mood, "restated").waits(300)
    if offer is not None:
        call.note(Act.ACCEPT, resolution=offer).begins().clause("Yes.").ends()
    return call.ended(reason, ending)


def outcome(call: Call, medium: MediumKind = MediumKind.PHONE, *, timed: bool = True) -> Outcome:
    found = call.score(medium, timed=timed).outcome
    assert found is not None
    return found


WARM, COLD = (-45, 50, 70), (35, -28, -5)


@pytest.mark.parametrize(
    ("reason", "ending", "offer", "mood", "solved", "complaint", "stays"),
    [
        ("solved", "won", "new_fridge", WARM, True, False, True),
        ("solved", "settled", "repair_it", WARM, True, False, True),
        ("solved", "settled", "repair_it", COLD, True, False, False),
        ("closed", "unsolved", None, WARM, False, False, True),
        ("closed", "unsolved", None, COLD, False, True, False),
        ("patience", "unsolved", None, (0, 0, 0), False, True, False),
        ("walked_out", "walked_out", None, COLD, False, True, False),
        ("left", None, None, COLD, False, True, False),
        ("left", None, None, WARM, False, False, True),
        ("stopped", None, None, COLD, False, False, False),
    ],
)
def test_business_terms(
    reason: ev.EndReason,
    ending: str | None,
    offer: str | None,
    mood: tuple[int, int, int],
    solved: bool,
    complaint: bool,
    stays: bool,
) -> None:
    found = outcome(calls_end(reason, ending, offer, mood))
    assert (found.solved_first_contact, found.complaint, found.stays) == (solved, complaint, stays)
    assert found.ending == (ending or reason)


def test_an_ending_brings_the_authors_review_and_thought() -> None:
    won = outcome(calls_end("solved", "won", "new_fridge", WARM))
    assert (won.review, won.thought) == ("They heard me out.", "I can open on Saturday.")


@pytest.mark.parametrize(
    ("reason", "review"),
    [
        ("left", "No review. You ended it while she still was without an answer."),
        ("stopped", "No review: the call was stopped before its end."),
    ],
)
def test_an_ending_of_the_trainees_is_said_plainly(reason: ev.EndReason, review: str) -> None:
    found = outcome(calls_end(reason))
    assert (found.review, found.thought) == (review, "")


@pytest.mark.parametrize(
    ("reason", "ending"), [("solved", "settled"), ("closed", "unsolved"), ("walked_out", "walked_out")]
)
def test_an_end_without_an_ending_still_has_one(reason: ev.EndReason, ending: str) -> None:
    assert outcome(calls_end(reason)).ending == ending


def test_points_rise_with_what_was_agreed() -> None:
    found = [
        outcome(calls_end("solved", "settled", offer, WARM)).points for offer in ("new_fridge", "repair_it")
    ]
    none = outcome(calls_end("solved", "settled", None, WARM)).points
    assert found[0] == pytest.approx(none + 40)
    assert found[1] == pytest.approx(none + 25)


def test_the_best_of_several_agreements_counts() -> None:
    call = calls_end("solved", "won", "new_fridge", WARM)
    call.events.insert(
        -1, ev.NoteIssued(t=call.t, turn=9, act=Act.ACCEPT, intensity=1, resolution="repair_it")
    )
    assert "on Friday" in outcome(call).why[0]


def test_an_offer_that_was_only_weighed_is_not_agreed() -> None:
    call = Call().opens().speaks("A repair?").read("gives_solution", resolutions=("repair_it",))
    call.waits(200).note(Act.WEIGH, resolution="repair_it").begins().clause("Hm.").ends().ended("closed")
    assert not outcome(call).solved_first_contact


def test_the_published_formula() -> None:
    call = calls_end("closed", "unsolved", None, (-20, 10, 15))
    mood = {"frustration": 40.0, "trust": 40.0, "heard": 20.0}
    assert mood_value(mood, rules().outcome) == pytest.approx(0.5 * 40 + 0.3 * 60 + 0.2 * 20)
    assert outcome(call).points == pytest.approx(42 * 0.6 * 0.75, abs=0.01)
    assert outcome(call).csat_stars == 1


@pytest.mark.parametrize(
    ("mood", "offer", "stars"),
    [((0, 0, 0), None, 2), (WARM, None, 3), (WARM, "repair_it", 4), (WARM, "new_fridge", 5)],
)
def test_stars(mood: tuple[int, int, int], offer: str | None, stars: int) -> None:
    assert outcome(calls_end("solved", "settled", offer, mood)).csat_stars == stars


@pytest.mark.parametrize(
    ("ending", "least"), [("won", 3), ("settled", 2), ("unsolved", 1), ("walked_out", 1)]
)
def test_whoever_was_won_is_content(ending: str, least: int) -> None:
    assert outcome(calls_end("solved", ending, None, (0, 0, 0))).csat_stars == least


def test_a_promise_beyond_reach_costs() -> None:
    plain = Call().opens().speaks("It is safe.").read("commits").ended("closed")
    beyond = (
        Call().opens().speaks("It is safe.").read("commits", resolutions=("never_again",)).ended("closed")
    )
    lost = outcome(plain).points - outcome(beyond).points
    assert lost == pytest.approx(8 * 0.75, abs=0.01)
    assert "promised" in " ".join(outcome(beyond).why)


@pytest.mark.parametrize(
    ("medium", "timed", "penalty"),
    [(MediumKind.PHONE, True, 5 * 0.75), (MediumKind.PHONE, False, 0), (MediumKind.EMAIL, True, 0)],
)
def test_dead_air_costs_where_there_is_air(medium: MediumKind, timed: bool, penalty: float) -> None:
    quick = Call().opens().waits(500).speaks("I see.").read().ended("closed")
    slow = Call().opens().waits(16_000).speaks("I see.").read().ended("closed")
    lost = outcome(quick, medium, timed=timed).points - outcome(slow, medium, timed=timed).points
    assert lost == pytest.approx(penalty, abs=0.01)


def test_having_to_ask_costs() -> None:
    call = (
        Call()
        .opens()
        .waits(10_000)
        .says("Are you there?", act=Act.PROMPT)
        .speaks("Yes.")
        .read()
        .ended("closed")
    )
    other = Call().opens().waits(10_000).says("Are you there?").speaks("Yes.").read().ended("closed")
    assert outcome(other).points - outcome(call).points == pytest.approx(3 * 0.75, abs=0.01)


def test_points_never_fall_below_zero() -> None:
    call = Call().opens()
    for _ in range(9):
        call.speaks("It will never fail again.").read("overpromises").waits(300).says("Hm.")
    assert outcome(call.ended("walked_out", "walked_out")).points == 0


def test_a_call_that_goes_on_has_no_outcome() -> None:
    assert Call().opens().speaks("I see.").read().score().outcome is None
