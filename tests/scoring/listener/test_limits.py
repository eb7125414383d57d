"""A limit put fairly is no dismissal, no blame and no bare rule; an order to be calm still is one."""

from __future__ import annotations

import pytest

from scoring.listener.base import CheckName, ReadingContext
from scoring.listener.rules import RuleListener

_LISTENER = RuleListener()
_ANGRY = ("I've rung four times. Are you people thick or what? Nobody has done anything about my boiler.",)
_HURTS: tuple[CheckName, ...] = (
    "dismisses",
    "blames_or_leads",
    "cites_policy_bare",
    "contradicts",
    "re_asks",
)


def said(reply: str) -> list[str]:
    answers = _LISTENER.read(ReadingContext(_ANGRY, (), (), frozenset()), reply).answers
    return [check for check in _HURTS if (answers[check].probability or 0.0) >= 0.5]


@pytest.mark.parametrize(
    "reply",
    [
        "I want to keep helping you, and I'll do that without being called names.",
        "I'd like to help you with this, and I can't do that while I'm being insulted.",
        "You have every right to be angry. I won't be called thick, though, and I'm staying with you.",
        "Please don't swear at me; then I can carry on with this straight away.",
        "I hear how angry you are, but I need you to stop shouting at me so that I can go on helping.",
        "I'm happy to keep going, but not with that kind of language.",
        "Be as angry as you like with the company, please not with me. I'll see this through with you.",
        "If the insults go on, I'll have to end the call. I'd rather go on and find your engineer.",
        "I will not accept personal attacks. What I will do is go through every visit with you.",
    ],
)
def test_a_fair_limit_hurts_nobody(reply: str) -> None:
    assert said(reply) == []


@pytest.mark.parametrize(
    ("reply", "check"),
    [
        ("Stop shouting and I'll look at it.", "dismisses"),
        ("I need you to calm down.", "dismisses"),
        ("Watch your language.", "dismisses"),
        ("Our policy is that we don't accept abuse.", "cites_policy_bare"),
    ],
)
def test_an_order_or_a_rule_still_does(reply: str, check: str) -> None:
    assert check in said(reply)
