"""Single moments change what happens: one interruption, one held silence, one missing habit."""

from __future__ import annotations

from functools import cache
from statistics import fmean

import pytest

from personas.acts import Act, MediumKind
from personas.section import Skill
from scoring import events as ev
from tests.robots.ear import Ear
from tests.robots.good import HABITS, GoodListener
from tests.robots.runs import Run, customers, played, run, run_without

FEW = range(1, 5)
WITHOUT: dict[MediumKind, tuple[Skill, ...]] = {
    MediumKind.CHAT: ("pauses",),
    MediumKind.EMAIL: ("pauses", "engagement"),
}
"""Skills that a medium has no occasion for."""


def with_floor() -> list[str]:
    """Customers who hold a floor that can be taken."""
    return [one for one, loaded in customers().items() if loaded.persona.medium.kind is not MediumKind.EMAIL]


def with_beats() -> list[str]:
    """Customers who say more when a silence is held."""
    return [one for one, loaded in customers().items() if loaded.persona.beats]


class CutsInOnce(GoodListener):
    """The good listener, who once in the opening cannot wait."""

    def _cuts_in(self, ear: Ear) -> bool:
        if self.replies:
            return False
        began = ear.call.until_customer_speaks()
        assert began is not None
        while not (len(ear.told()) == 1 and ear.clauses[-1].facts and ear.clauses[-1].end is None):
            assert ear.call.step()
        ear.call.run_to(ear.clauses[-1].start + 300)
        ear.call.conversation.speak(ear.call.now, "Is that the number on the contract?")
        return True


@cache
def cut_in_once(customer: str, seed: int) -> Run:
    return played(customer, seed, lambda t: CutsInOnce(t.setting.persona, t.setting.rules, seed))


@pytest.mark.parametrize("customer", with_floor())
@pytest.mark.parametrize("seed", FEW)
def test_one_interruption_costs_score_outcome_and_what_was_cut_off(customer: str, seed: int) -> None:
    good, cut = run("good", customer, seed), cut_in_once(customer, seed)
    cuts = [event for event in cut.events if isinstance(event, ev.CustomerCutOff)]
    assert len(cuts) == 1
    lost = set(cuts[0].unsaid_facts)
    assert lost
    assert {good.score.fold.told[fact] for fact in lost} == {0}
    notes = [event for event in cut.events if isinstance(event, ev.NoteIssued) and event.t > cuts[0].t]
    assert {note.act for note in notes if lost & set(note.facts)} <= {Act.ANSWER}
    assert all(cut.score.fold.told.get(fact, 99) >= 2 for fact in lost)
    assert cut.total < good.total
    assert cut.points < good.points


@pytest.mark.parametrize("customer", with_floor())
def test_one_interruption_makes_the_call_longer(customer: str) -> None:
    """On the whole; where winning itself is in doubt, a lucky question may come sooner."""
    pairs = [
        (cut_in_once(customer, seed).score.replies, run("good", customer, seed).score.replies) for seed in FEW
    ]
    if customers()[customer].persona.identity.tier <= 2:
        assert all(cut > good for cut, good in pairs)
    else:
        assert sum(cut for cut, _ in pairs) > sum(good for _, good in pairs)


@pytest.mark.parametrize("customer", with_beats())
@pytest.mark.parametrize("seed", FEW)
def test_a_held_silence_brings_out_what_nothing_else_does(customer: str, seed: int) -> None:
    persona = customers()[customer].persona
    good, hasty = run("good", customer, seed), run_without("pauses", customer, seed)
    fired = {event.beat for event in good.events if isinstance(event, ev.NoteIssued) and event.beat}
    revealed = {fact for beat in persona.beats if beat.id in fired for fact in beat.reveals}
    assert revealed
    assert revealed <= set(good.score.fold.told)
    assert not revealed & set(hasty.score.fold.told)


def skill_of(runs: list[Run], skill: Skill) -> float | None:
    seen = [one.score.skills[skill] for one in runs]
    found = [value for value in seen if value is not None]
    return fmean(found) if found else None


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("customer", customers())
def test_each_habit_carries_its_skill(customer: str, habit: Skill) -> None:
    good = skill_of([run("good", customer, seed) for seed in FEW], habit)
    without = skill_of([run_without(habit, customer, seed) for seed in FEW], habit)
    if good is None:
        assert habit in WITHOUT.get(customers()[customer].persona.medium.kind, ())
        return
    assert without is None or without < good
