"""Customers can be won and lost, and neither by a trick."""

from __future__ import annotations

from collections import Counter

import pytest

from scoring import events as ev
from sim.customer.voices.sentences import split_sentences
from tests.robots.runs import ROBOTS, SEEDS, Run, customers, of_tiers, run, run_without

BAD = ("mechanical", "stock", "parrot", "interrupter")
EVERY_RUN = [(name, customer) for name in ROBOTS for customer in customers()]


def wins(runs: list[Run]) -> int:
    return sum(one.outcome.ending == "won" for one in runs)


@pytest.mark.parametrize("customer", of_tiers(1, 2))
def test_the_good_listener_wins_the_first_two_tiers_in_five_to_ten_replies(customer: str) -> None:
    runs = [run("good", customer, seed) for seed in SEEDS]
    assert wins(runs) >= 18
    assert all(5 <= one.score.replies <= 10 for one in runs if one.outcome.ending == "won")
    assert all(one.outcome.csat_stars == 5 for one in runs if one.outcome.ending == "won")


@pytest.mark.parametrize("customer", of_tiers(3))
def test_the_good_listener_wins_the_third_tier_three_times_in_four(customer: str) -> None:
    assert wins([run("good", customer, seed) for seed in SEEDS]) >= 15


@pytest.mark.parametrize("customer", of_tiers(4))
def test_the_good_listener_wins_the_fourth_tier_more_often_than_not(customer: str) -> None:
    assert wins([run("good", customer, seed) for seed in SEEDS]) >= 12


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("customer", of_tiers(4))
def test_the_fourth_tier_needs_its_skills(customer: str, place: int) -> None:
    """Without any one of the first three skills that they train, such a customer is won by luck at most."""
    skill = customers()[customer].persona.identity.skills[place]
    assert wins([run_without(skill, customer, seed) for seed in SEEDS]) <= 5


def is_fair(customer: str, seed: int) -> bool:
    """Whether the good listener set a limit that the customer took for one."""
    return any("limit_set" in turn.causes for turn in run("good", customer, seed).score.turns)


@pytest.mark.parametrize("customer", [one for one in customers() if customers()[one].persona.limit])
def test_the_authors_own_limit_is_a_fair_one(customer: str) -> None:
    """Wherever the good listener meets a crossing it says the author's example, and that is a limit."""
    crossed = [seed for seed in SEEDS if crossings_of(run("good", customer, seed))]
    assert crossed
    assert all(is_fair(customer, seed) for seed in crossed)
    for name in BAD:
        turns = [turn for seed in SEEDS for turn in run(name, customer, seed).score.turns]
        assert not any("limit_set" in turn.causes for turn in turns)


def crossings_of(one: Run) -> list[str]:
    limit = one.table.setting.persona.limit
    return [line for line in one.customer_lines if limit is not None and line in limit.crossing]


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("customer", customers())
def test_who_does_not_listen_never_wins(name: str, customer: str) -> None:
    endings = Counter(run(name, customer, seed).outcome.ending for seed in SEEDS)
    assert "won" not in endings
    assert name == "mechanical" or "settled" not in endings, endings
    assert all(run(name, customer, seed).outcome.csat_stars <= 3 for seed in SEEDS)


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("customer", customers())
def test_who_does_not_listen_never_hears_what_it_is_about(name: str, customer: str) -> None:
    real = customers()[customer].persona.need.real_fact
    assert all(real not in run(name, customer, seed).score.fold.told for seed in SEEDS)


@pytest.mark.parametrize(("name", "customer"), EVERY_RUN)
def test_nothing_locked_is_ever_said(name: str, customer: str) -> None:
    persona = customers()[customer].persona
    for seed in SEEDS:
        one = run(name, customer, seed)
        said = {sentence for line in one.customer_lines for sentence in split_sentences(line)}
        heard = " ".join(event.text for event in one.events if isinstance(event, ev.ClauseStarted))
        cut = {
            fact
            for event in one.events
            if isinstance(event, ev.CustomerCutOff)
            for fact in event.unsaid_facts
        }
        opening = " ".join(clause.text for clause in persona.opening.clauses)
        for fact in persona.facts:
            if fact.id in one.score.fold.told or fact.id in cut:
                continue
            own = {s for text in (fact.text, fact.again) for s in split_sentences(text)}
            assert not own & said, (seed, fact.id)
            if fact.gate is not None:
                assert all(datum.value not in heard or datum.value in opening for datum in fact.critical)


@pytest.mark.parametrize(("name", "customer"), EVERY_RUN)
def test_no_line_is_said_twice(name: str, customer: str) -> None:
    """A "No." may come again; a line of four words or more, said to its end, may not.

    What is over the line comes again once all of it was said.
    """
    for seed in SEEDS:
        one = run(name, customer, seed)
        again = again_over_the_line(one)
        turns = one.score.fold.turns
        said = Counter(clause.text for turn in turns for clause in turn.clauses if clause.end is not None)
        twice = [text for text, times in said.items() if times > 1 and len(text.split()) > 3]
        assert [text for text in twice if text not in again] == [], seed


def again_over_the_line(one: Run) -> str:
    """The crossing sentences, when all of them were said; "" while some are left."""
    limit = one.table.setting.persona.limit
    lines = set(limit.crossing) if limit is not None else set()
    return " ".join(sorted(lines)) if lines <= set(one.customer_lines) else ""
