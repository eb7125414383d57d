"""The skills of doing, by row of the rubric (listening-science 9): use of the record, commitments."""

from __future__ import annotations

import pytest

from personas.section import Skill
from scoring import events as ev
from tests.scoring.builders import Call


def value(call: Call, skill: Skill) -> float | None:
    return call.last().skills[skill].value


def reply(text: str, *checks: str, **touched: tuple[str, ...]) -> Call:
    return Call().opens().waits(500).speaks(text).read(*checks, **touched)


# record


def opened(item: str, loading: int = 0) -> Call:
    call = Call().says("It died again, the freezer too.", ["died_twice"])
    return call.add(ev.DeskOpened(t=call.t, item=item, loading_ms=loading)).waits(500)


def test_asking_for_what_the_screen_shows() -> None:
    assert value(reply("Have you contacted us before?", "asks_closed"), "record") == 0


def test_the_desk_matters_only_where_it_has_something() -> None:
    call = Call().says("Well, that is how it is.").speaks("I can send one.").read("gives_solution")
    assert value(call, "record") is None


@pytest.mark.parametrize(
    ("checks", "score"),
    [(("acknowledges",), 50), (("gives_solution",), 50)],
)
def test_looked_up_and_left(checks: tuple[str, ...], score: float) -> None:
    assert value(opened("visits").speaks("Okay.").read(*checks), "record") == score


def test_a_fix_without_a_look_is_blind_and_listening_first_is_none() -> None:
    call = Call().says("It died again.", ["died_twice"]).speaks("I can send one.").read("gives_solution")
    assert value(call, "record") == 20
    listening = Call().says("It died again.", ["died_twice"]).speaks("Twice now.").read("restates")
    assert value(listening, "record") is None
    loading = opened("visits", 12_000).speaks("I can send one.").read("gives_solution")
    assert value(loading, "record") is None


@pytest.mark.parametrize(
    ("checks", "records", "score"),
    [
        ((), ("visits",), 85),
        (("checks_understanding",), ("visits",), 100),
        (("asks_closed",), ("visits",), 100),
    ],
)
def test_the_relevant_fact_is_brought(
    checks: tuple[str, ...], records: tuple[str, ...], score: float
) -> None:
    assert value(opened("visits").speaks("On 3 May.").read(*checks, records=records), "record") == score


# commitments


@pytest.mark.parametrize(
    ("text", "checks", "offers", "score"),
    [
        ("It will never fail again.", ("overpromises", "commits"), (), 0),
        ("I promise.", ("commits",), ("never_again",), 0),
        ("That is not our policy.", ("cites_policy_bare",), (), 20),
        ("Don't worry, we will sort it.", ("warmth",), (), 50),
        ("I will look.", ("commits",), (), 65),
        ("I will ring you by four.", ("commits",), (), 85),
        ("I will ring you by four, even if there is no news.", ("commits",), (), 100),
        ("I can offer you a repair.", ("gives_solution",), (), 40),
    ],
)
def test_commitments(text: str, checks: tuple[str, ...], offers: tuple[str, ...], score: float) -> None:
    call = reply(text, *checks, resolutions=offers)
    assert value(call, "commitments") == score


def test_a_fix_before_she_feels_heard_is_too_soon() -> None:
    call = reply("I will send a new fridge on Friday.", "commits", "gives_solution")
    assert value(call, "commitments") == 40
    act = reply("I will ring you by four.", "commits")
    assert value(act, "commitments") == 85


def test_nothing_offered_is_no_occasion() -> None:
    assert value(reply("I see.", "acknowledges"), "commitments") is None
