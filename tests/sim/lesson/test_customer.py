"""The customer of the practice call: whole, in no library, about two minutes long, soft on a first try."""

from __future__ import annotations

import pytest

from personas.lint import lint
from personas.lint_story import opening_seconds
from personas.loader import load_library
from personas.manners import load_manners
from sim.lesson.lesson import lesson_persona
from tests.sim.lesson.practice import ANSWER, BACK_ONLY, NEITHER, OPEN_AND_BACK, OPEN_ONLY, Practice


def test_nothing_is_wrong_with_the_file() -> None:
    assert lint(lesson_persona(), load_manners().loaded) == ()


def test_it_is_in_no_library() -> None:
    assert lesson_persona().persona.identity.id not in load_library([]).loaded


def test_it_holds_what_the_lesson_teaches() -> None:
    persona = lesson_persona().persona
    clauses = persona.opening.clauses
    assert any(clause.bait for clause in clauses)
    assert any(persona.fact(fact).echo for clause in clauses for fact in clause.facts)
    assert [beat.after for beat in persona.beats] == [clauses[-1].facts[-1]]
    assert [item.id for item in persona.desk.items if 8 <= item.loading_s <= 10] == ["tray"]
    assert opening_seconds(persona) < 45


def test_played_as_the_lesson_asks_it_takes_about_two_minutes_and_is_won() -> None:
    practice = Practice().to_answer()
    practice.say(ANSWER)
    practice.listen()
    ended = practice.call.view.fold.ended
    assert ended is not None and ended.ending == "won"
    assert 90 <= practice.at <= 150


@pytest.mark.parametrize("reply", [OPEN_AND_BACK, OPEN_ONLY, BACK_ONLY, NEITHER])
def test_whatever_was_said_first_she_takes_her_own_bell(reply: str) -> None:
    practice = Practice().to_desk(reply)
    practice.hold()
    practice.tray()
    practice.wait(9.5)
    for _ in range(2):
        if not practice.call.over:
            practice.say(ANSWER)
            practice.listen()
    ended = practice.call.view.fold.ended
    assert ended is not None and ended.ending == "won"


@pytest.mark.parametrize(
    ("offer", "found"),
    [
        ("Found it! We'll bring it to you today.", "own_bell"),
        ("Good news, it's in tray 6. I'll drop it off at the school at two.", "own_bell"),
        ("We have your bell, you can pick it up whenever you like.", "own_bell"),
        ("I'm so sorry, we forgot it. I'll put it back on for you this afternoon.", "own_bell"),
        ("We can send you a new bell for free.", "new_bell"),
        ("I will send round a replacement bell with the van.", "new_bell"),
    ],
)
def test_offers_are_told_apart(offer: str, found: str) -> None:
    practice = Practice().to_answer()
    practice.say(offer)
    practice.listen()
    notes = [note for turn in practice.call.view.fold.turns for note in turn.notes]
    assert notes[-1].resolution == found
