"""The briefing tells the chair one sits in, and nothing that a call has to bring out."""

from __future__ import annotations

import dataclasses

import pytest

from personas.loader import load_library
from personas.schema import Persona
from sim.briefing_view import BriefingView, briefing_view
from sim.lesson.lesson import lesson_persona
from tests.sim.stage import CHAT, EMAIL, VIDEO, persona_of

PEOPLE = [*(one.persona for one in load_library([]).loaded.values()), lesson_persona().persona]


def seen(view: BriefingView) -> str:
    return repr(dataclasses.astuple(view))


def locked(persona: Persona) -> list[str]:
    """Everything of a customer that only a call may bring out."""
    facts = [text for fact in persona.facts for text in (fact.text, fact.again, fact.gist, fact.heard_as)]
    records = [item.text.strip() for item in persona.desk.items]
    offers = [text for offer in persona.resolutions for text in (offer.text, offer.offer)]
    topics = [question for topic in persona.topics for question in topic.questions]
    return [
        *facts,
        *records,
        *offers,
        *topics,
        *(feeling.mirror for feeling in persona.feelings),
        *(clause.text for clause in persona.opening.clauses),
        persona.need.real,
        persona.need.stated,
        persona.customer.about.strip(),
    ]


@pytest.mark.parametrize("persona", PEOPLE, ids=lambda persona: persona.identity.id)
def test_nothing_locked_stands_on_it(persona: Persona) -> None:
    shown = seen(briefing_view(persona, mode="practice", timed=True, voice_note=""))
    assert [text for text in locked(persona) if text in shown] == []


@pytest.mark.parametrize("persona", PEOPLE, ids=lambda persona: persona.identity.id)
def test_the_whole_chair_stands_on_it(persona: Persona) -> None:
    view = briefing_view(persona, mode="rated", timed=True, voice_note="a voice")
    desk = persona.desk
    assert (view.persona_id, view.title, view.name) == (
        persona.identity.id,
        persona.identity.title,
        persona.customer.name,
    )
    assert (view.company, view.role, view.card) == (desk.company, desk.role, desk.card)
    assert (view.may_not, view.policy) == (desk.forbidden, desk.policy)
    assert view.may == tuple(grant.text for grant in desk.authority)
    assert view.records == tuple(item.title for item in desk.items)
    assert (view.mode, view.voice_note) == ("rated", "a voice")


@pytest.mark.parametrize(
    ("persona", "medium", "arrives"),
    [
        (persona_of(), "phone", "phone"),
        (persona_of(VIDEO), "video", "video"),
        (persona_of(CHAT), "chat", "chat"),
        (persona_of(EMAIL), "e-mail", "written"),
    ],
)
def test_the_medium_is_said_in_words(persona: Persona, medium: str, arrives: str) -> None:
    view = briefing_view(persona, mode="practice", timed=True, voice_note="")
    assert view.medium == medium
    assert arrives in view.arrives


def test_a_skill_that_needs_a_clock_is_not_named_without_one() -> None:
    persona = PEOPLE[-1]
    skills = persona.identity.skills
    assert "pauses" in skills[:3]
    timed = briefing_view(persona, mode="practice", timed=True, voice_note="")
    untimed = briefing_view(persona, mode="practice", timed=False, voice_note="")
    assert "leaving pauses" in timed.trains
    assert "leaving pauses" not in untimed.trains
    assert untimed.trains.count(" and ") == 1


def test_a_customer_who_trains_one_thing_names_one_thing() -> None:
    persona = PEOPLE[0]
    identity = persona.identity.model_copy(update={"skills": ("empathy",)})
    only = persona.model_copy(update={"identity": identity})
    assert briefing_view(only, mode="practice", timed=True, voice_note="").trains == "empathy"


def test_untimed_pauses_alone_leave_a_word() -> None:
    persona = PEOPLE[0]
    identity = persona.identity.model_copy(update={"skills": ("pauses",)})
    only = persona.model_copy(update={"identity": identity})
    assert briefing_view(only, mode="practice", timed=False, voice_note="").trains == "listening"
