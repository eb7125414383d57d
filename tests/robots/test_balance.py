"""Customers can be won and lost, and neither by a trick."""

from __future__ import annotations

from collections import Counter

import pytest

from scoring import events as ev
from sim.customer.voices.sentences import split_sentences
from tests.robots.runs import ROBOTS, SEEDS, customers, run

BAD = ("mechanical", "stock", "parrot", "interrupter")
EVERY_RUN = [(name, customer) for name in ROBOTS for customer in customers()]


@pytest.mark.parametrize("customer", customers())
def test_the_good_listener_wins_the_first_two_tiers_in_five_to_ten_replies(customer: str) -> None:
    assert customers()[customer].persona.identity.tier <= 2
    runs = [run("good", customer, seed) for seed in SEEDS]
    assert sum(one.outcome.ending == "won" for one in runs) >= 18
    assert all(5 <= one.score.replies <= 10 for one in runs if one.outcome.ending == "won")
    assert all(one.outcome.csat_stars == 5 for one in runs if one.outcome.ending == "won")


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
    """A "No." may come again; a line of four words or more, said to its end, may not."""
    for seed in SEEDS:
        turns = run(name, customer, seed).score.fold.turns
        said = Counter(clause.text for turn in turns for clause in turn.clauses if clause.end is not None)
        assert [text for text, times in said.items() if times > 1 and len(text.split()) > 3] == [], seed
