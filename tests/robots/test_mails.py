"""Single moments of an exchange by e-mail: the second mail, and the office's clock."""

from __future__ import annotations

from functools import cache

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.floor import FloorKind
from tests.robots.ear import Ear
from tests.robots.good import GoodListener
from tests.robots.runs import Run, customers, played, run

FEW = range(1, 5)
BY_MAIL = [name for name, one in customers().items() if one.persona.medium.kind is MediumKind.EMAIL]


class AnswersHalf(GoodListener):
    """The good listener, who sends the first reply without a look at what has come meanwhile."""

    def _look_again(self, ear: Ear) -> str:
        return super()._look_again(ear) if self.replies else ""


@cache
def half_answered(customer: str, seed: int) -> Run:
    return played(customer, seed, lambda t: AnswersHalf(t.setting.persona, t.setting.rules, seed))


def unread(one: Run) -> int:
    return sum(turn.floor is not None and turn.floor.kind is FloorKind.UNREAD for turn in one.score.turns)


def notes(one: Run) -> list[ev.NoteIssued]:
    return [event for event in one.events if isinstance(event, ev.NoteIssued)]


@pytest.mark.parametrize("customer", BY_MAIL)
@pytest.mark.parametrize("seed", FEW)
def test_a_second_mail_left_unopened_costs_score_and_outcome(customer: str, seed: int) -> None:
    good, half = run("good", customer, seed), half_answered(customer, seed)
    assert (unread(good), unread(half)) == (0, 1)
    brought = {fact for mail in customers()[customer].persona.second_mails for fact in mail.reveals}
    (protest,) = [note for note in notes(half) if note.act is Act.BROKEN_OFF]
    assert protest.repeats and set(protest.repeats) <= brought
    assert half.total < good.total
    assert half.points < good.points


@pytest.mark.parametrize("customer", BY_MAIL)
@pytest.mark.parametrize("seed", FEW)
def test_the_good_listener_answers_the_second_mail_too(customer: str, seed: int) -> None:
    mails = {mail.id: set(mail.reveals) for mail in customers()[customer].persona.second_mails}
    good = run("good", customer, seed)
    came = [note for note in notes(good) if note.beat in mails]
    assert len(came) == len(mails)
    for note in came:
        turn = next(turn for turn in good.score.fold.turns if note in turn.notes)
        assert turn.reading is not None and mails[note.beat or ""] <= set(turn.reading.facts)


@pytest.mark.parametrize("customer", BY_MAIL)
@pytest.mark.parametrize("seed", FEW)
def test_the_good_listener_is_never_late_and_says_when_it_takes_longer(customer: str, seed: int) -> None:
    good = run("good", customer, seed)
    waits = [turn.waited for turn in good.score.turns if turn.waited is not None]
    assert len(waits) == good.score.replies
    assert not any(wait.late_steps(good.table.setting.rules.mail) for wait in waits)
    assert any(wait.held for wait in waits) and all(wait.kept for wait in waits if wait.held)


@pytest.mark.parametrize("customer", BY_MAIL)
def test_the_interrupter_opens_nothing(customer: str) -> None:
    one = run("interrupter", customer, 1)
    assert not any(isinstance(event, ev.MailOpened) for event in one.events)
    assert unread(one) == one.score.replies


def test_there_are_mails_to_be_answered() -> None:
    assert BY_MAIL
