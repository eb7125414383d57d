"""What the tests of the command line play: one way of playing, one short call, one script."""

from __future__ import annotations

from pathlib import Path

from tests.sim.calling import Outcome, forked, hearmeout

PLAY = ("play", "--plain", "--voice", "written", "--seed", "3")
SHORT_CALL = "\n" * 12 + "So you were charged twice. What happened on the Thursday?\n\n\n/leave\n"


def scripted_fork(data: Path, script: Path) -> Outcome:
    return forked(data, *PLAY, "--script", str(script), "--json")


def scripted(data: Path, script: Path, *more: str, **env: str) -> Outcome:
    return hearmeout(data, *PLAY, "--script", str(script), "--json", *more, env=env)
