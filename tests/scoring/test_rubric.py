"""Rules of older versions: their calls can still be shown, and nothing wrong slips in that way."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from scoring.rubric import OLDER_VERSIONS, SUPPORTED_VERSIONS, RubricError, parse_rubric, shipped_rubric

RUBRICS = Path(__file__).parent / "rubrics"
VERSION_1 = (RUBRICS / "version1.toml").read_text(encoding="utf-8")


def test_what_ships_is_what_is_recomputed() -> None:
    assert shipped_rubric().rules.version in SUPPORTED_VERSIONS
    assert not OLDER_VERSIONS & SUPPORTED_VERSIONS


@pytest.mark.parametrize("version", sorted(OLDER_VERSIONS))
def test_every_older_version_can_be_read_as_it_was(version: str) -> None:
    text = (RUBRICS / f"version{version}.toml").read_text(encoding="utf-8")
    rubric = parse_rubric(text, "old")
    assert rubric.rules.version == version
    assert rubric.text == text
    old = tomli.loads(text)
    assert rubric.rules.mood.weak == old["mood"]["weak"]
    assert rubric.rules.floor.points.power == old["floor"]["points"]["power"]
    changed = parse_rubric(text.replace("leaves_at = 88", "leaves_at = 87"), "old")
    assert changed.rules.director.leaves_at == 87


def test_what_is_wrong_in_older_rules_is_still_named() -> None:
    with pytest.raises(RubricError, match=r"mood\.weak"):
        parse_rubric(VERSION_1.replace("weak = 3", 'weak = "three"', 1), "old")
    with pytest.raises(RubricError, match="nonsense"):
        parse_rubric(f"nonsense = 1\n{VERSION_1}", "old")


def test_todays_rules_must_be_whole() -> None:
    text = shipped_rubric().text.replace("broken_trust = -16", "", 1)
    with pytest.raises(RubricError, match=r"sequel\.broken_trust"):
        parse_rubric(text, "mine")
    with pytest.raises(RubricError, match="sequel"):
        parse_rubric(VERSION_1.replace('version = "1"', 'version = "9"'), "other")
