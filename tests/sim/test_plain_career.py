"""The career line by line: what is next, why, and today's call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from saves.store import Store
from sim.home import PlayError, Wanted
from sim.plain import Stopped
from sim.plain_career import daily_line, todays, told_at
from sim.plain_desk import plain_desk
from tests.sim.calling import PRIYA, STAMP, Lines, Paper


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    made = Paper(tmp_path / "data")
    made.data.mkdir()
    return made


def at_the_desk(paper: Paper, *answers: str, call: tuple[str, ...] = ("/leave",)) -> Lines:
    ask = Lines(answers)
    plain_desk(paper.home(), ask, Lines(call), lambda: 7)
    return ask


def test_it_tells_what_is_next_and_why_and_enter_takes_it(paper: Paper) -> None:
    at_the_desk(paper, "")

    assert "Next: Priya Nair. A first call to begin with" in paper.text
    with Store.open(paper.data, stamp=STAMP) as store:
        (row,) = store.runs()
    assert (row.persona_id, row.seed, row.mode) == (PRIYA, 7, "practice")


def test_todays_call_is_taken_rated_and_then_told_as_done(paper: Paper) -> None:
    daily = told_at(paper.home()).view.daily
    assert daily is not None
    at_the_desk(paper, "t", call=("What happened?", "/leave"))
    with Store.open(paper.data, stamp=STAMP) as store:
        (row,) = store.runs()

    assert (row.persona_id, row.seed, row.mode) == (daily.persona_id, daily.seed, "rated")
    assert "T takes it, rated." in paper.text
    done = told_at(paper.home()).view.daily
    if row.result is not None and row.result["replies"]:
        assert done is not None and done.result and daily_line(done).endswith(done.result)
        with pytest.raises(PlayError, match="hearmeout replay"):
            todays(paper.home(), Wanted("", 1))


def test_todays_call_that_was_interrupted_is_gone_on_with(paper: Paper) -> None:
    with pytest.raises(Stopped):
        at_the_desk(paper, "T", call=())

    with pytest.raises(PlayError, match=r"interrupted\. Go on with: hearmeout resume "):
        todays(paper.home(), Wanted("", 1))


def test_todays_call_keeps_what_else_was_asked_for(paper: Paper) -> None:
    asked = Wanted("", 1, voice="written", challenge="nonce")
    wanted = todays(paper.home(), asked)

    assert replace(wanted, persona="", seed=1, mode="practice") == asked
    assert wanted.mode == "rated"
