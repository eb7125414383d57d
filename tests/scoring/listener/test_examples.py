"""The rule-based listener against replies labelled by hand from the codebook."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple, cast, get_args

import pytest

from scoring.listener.base import CheckName, ReadingContext
from scoring.listener.rules import RuleListener

_EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
_LISTENER = RuleListener()


class Labelled(NamedTuple):
    story: str
    customer: tuple[str, ...]
    says: str
    check: CheckName
    wanted: str


def _labelled(missed: bool) -> list[Labelled]:
    found = []
    for story in _EXAMPLES["story"]:
        for reply in story["replies"]:
            known = reply.get("missed", "").split()
            for wanted in ("yes", "no", "null"):
                for check in reply.get(wanted, "").split():
                    assert check in get_args(CheckName), f"{check} is no check"
                    if (check in known) == missed:
                        name = cast(CheckName, check)
                        found.append(
                            Labelled(story["name"], tuple(story["customer"]), reply["says"], name, wanted)
                        )
    return found


def _answered(example: Labelled) -> str:
    answer = _LISTENER.read(ReadingContext(example.customer), example.says).answers[example.check]
    if answer.probability is None:
        return "no" if example.wanted == "no" else "null"
    return "yes" if answer.probability >= 0.5 else "no"


def _name(example: Labelled) -> str:
    return f"{example.story}: {example.says[:40]} -> {example.check} {example.wanted}"


def test_there_are_enough_examples() -> None:
    replies = [reply for story in _EXAMPLES["story"] for reply in story["replies"]]
    assert len(replies) >= 150
    for check in get_args(CheckName):
        assert sum(check in reply.get("yes", "").split() for reply in replies) >= 4, check
        assert sum(check in reply.get("no", "").split() for reply in replies) >= 4, check


@pytest.mark.parametrize("example", _labelled(missed=False), ids=_name)
def test_check_is_answered_as_labelled(example: Labelled) -> None:
    assert _answered(example) == example.wanted


@pytest.mark.xfail(strict=True, reason="the rules are known to miss this; the label is right")
@pytest.mark.parametrize("example", _labelled(missed=True), ids=_name)
def test_check_that_the_rules_miss(example: Labelled) -> None:
    assert _answered(example) == example.wanted
