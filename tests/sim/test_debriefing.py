from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.skills import SKILLS
from sim.debriefing import DebriefView, came_in, story_card
from tests.scoring import robots
from tests.scoring.builders import Call
from tests.sim.debriefs import DANIEL, PRIYA, RUN, USUAL, built_view, robot_view, script_view

HOSTILE = "# a\n<script>x</script> [l](http://e) *b* `c` | d _e_ \x1b[31m \u202e ~f~ 1. g"


@pytest.mark.parametrize(
    ("name", "customer"), [("good", PRIYA), ("interrupter", DANIEL), ("mechanical", PRIYA)]
)
def test_every_reply_has_its_row(name: str, customer: str) -> None:
    view = robot_view(name, customer)
    played = [turn for turn in view.timeline.turns if turn.replied_ms is not None]
    assert [row.number for row in view.turns] == [turn.turn for turn in played]
    for row, turn in zip(view.turns, played, strict=True):
        assert (row.start_ms, row.at_ms) == (turn.start_ms, turn.replied_ms)
        assert row.reply
        assert row.skills == tuple(sorted(row.skills, key=lambda shown: SKILLS.index(shown.skill)))
        assert all(says.endswith((".", "?", "!", "…")) for shown in row.skills for says in shown.says)
        assert view.row(row.number) is row
    assert view.run_id == RUN


def test_a_row_says_what_the_moment_says() -> None:
    view = robot_view("good")
    for moment in (*view.debrief.wins, *view.debrief.losses):
        row = view.row(moment.turn)
        assert (row.gain, row.showed, row.thought, row.better) == (
            moment.gain, moment.showed, moment.thought, moment.better,
        )  # fmt: skip


def test_a_reply_that_weighed_nothing_still_has_its_words() -> None:
    call = robots.mechanical()
    view = built_view(call)
    weighed = {moment.turn for moment in (*view.debrief.wins, *view.debrief.losses)}
    assert len(view.turns) == 4
    for row in view.turns:
        if row.number not in weighed:
            assert round(row.gain) == 0
        assert row.said
        assert row.reply


def test_there_is_no_row_without_a_reply() -> None:
    view = built_view(Call().opens().ended("stopped"))
    assert view.turns == ()
    assert view.ranked(more=True) == ()
    with pytest.raises(KeyError):
        view.row(0)


def test_what_decided_the_call_comes_first() -> None:
    won, lost = robot_view("good"), script_view()
    assert [moment.kind for moment in won.ranked()] == ["win", "win", "win"]
    kinds = [moment.kind for moment in lost.ranked()]
    assert kinds == sorted(kinds)
    assert kinds[0] == "loss"
    assert [moment.place for moment in lost.ranked() if moment.kind == "loss"] == [1, 2, 3]
    settled = robot_view("mechanical")
    assert settled.ranked()[0].kind == "loss"


def test_at_most_three_of_each_unless_more_are_asked_for() -> None:
    view = robot_view("interrupter", DANIEL)
    assert len(view.ranked()) <= 6
    every = view.ranked(more=True)
    assert len(every) == len(view.debrief.wins) + len(view.debrief.losses)
    assert view.held_back == len(every) - len(view.ranked()) > 0
    costs = [view.row(moment.turn).gain for moment in every if moment.kind == "loss"]
    assert costs == sorted(costs)


def test_cuts_dead_air_and_held_silences_are_told() -> None:
    view = script_view()
    assert [row.cut for row in view.turns].count(True) == 1
    cut = next(row for row in view.turns if row.cut)
    assert "cut in" in cut.floor
    assert not cut.clean
    silences = " ".join(row.silence for row in view.turns)
    assert "left open after something hard to say." in silences
    assert "of silence that nobody explained." in silences


@pytest.mark.parametrize("timed", [True, False])
def test_silences_are_only_told_where_there_was_a_clock(timed: bool) -> None:
    call = robots.good_listener()
    view = built_view(call, call.score(timed=timed))
    assert any(row.silence for row in view.turns) is timed
    assert view.timeline.timed is timed


def test_an_announced_wait_is_told() -> None:
    call = Call().says("It died twice.", ["died_twice"])
    call.add(ev.HoldAnnounced(t=call.t, text="A moment.")).waits(9000)
    call.add(ev.HoldEnded(t=call.t)).speaks("Here it is.").read()
    assert built_view(call).turns[0].silence == "An announced wait of 9 seconds."


def test_skills_stand_beside_what_is_usual() -> None:
    view = robot_view("good")
    assert [row.skill for row in view.skills] == list(SKILLS)
    assert [row.headline for row in view.skills] == [True] * 4 + [False] * 6
    assert {row.skill: row.usual for row in view.skills} == USUAL
    assert all(row.rests_on and row.where for row in view.skills if row.value is not None)
    first = robot_view("good", PRIYA, 0)
    assert first.usual_calls == 0
    assert all(row.usual is None for row in first.skills)


def test_a_skill_rests_on_its_own_side_of_the_middle() -> None:
    view = script_view()
    rows = {row.skill: row for row in view.skills}
    empathy = rows["empathy"]
    assert empathy.value is not None
    assert empathy.value < 50
    low = {
        says
        for turn in view.turns
        for shown in turn.skills
        if shown.skill == "empathy" and shown.value < 50
        for says in shown.says[:1]
    }
    assert empathy.rests_on in low


def test_what_had_no_occasion_rests_on_nothing() -> None:
    row = next(row for row in robot_view("mechanical").skills if row.skill == "record")
    assert (row.value, row.rests_on, row.where) == (None, "", "")


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("cut in, 9 words early", "You cut in, 9 words early."),
        ("you both began at once", "You both began at once."),
        (
            "the customer had to ask whether you were there",
            "The customer had to ask whether you were there.",
        ),
    ],
)
def test_how_one_came_in_is_a_sentence(why: str, says: str) -> None:
    assert came_in(why) == says


# the story card -------------------------------------------------------------------------------------------


def the_cut(view: DebriefView) -> int:
    return next(row.number for row in view.turns if row.cut)


def test_a_card_tells_the_moment_and_asks_one_question() -> None:
    view = script_view()
    row = view.row(the_cut(view))
    card = story_card(view, row.number)
    headings = [line for line in card.splitlines() if line.startswith("#")]
    assert headings[0] == "# Charged twice: a moment to talk about"
    assert headings[1:] == [
        "## The situation", "## Priya said", "## You said", "## What it showed", "## A better line",
        "## To discuss",
    ]  # fmt: skip
    assert "> Ok can I take your account number please" in card
    assert row.better in card
    assert card.rstrip().endswith("?")
    assert "What was Priya about to say?" in card
    told = [gist for other in view.turns if other.number <= row.number for gist in other.told]
    assert told
    assert all(gist[1:] in card for gist in told)


def test_a_card_brags_of_no_score() -> None:
    for view in (robot_view("good"), script_view()):
        for row in view.turns:
            card = story_card(view, row.number).lower()
            assert "★" not in card
            assert "points" not in card
            assert "score" not in card


def test_a_won_moment_has_no_better_line_and_asks_what_made_it() -> None:
    view = robot_view("good")
    card = story_card(view, view.ranked()[0].turn)
    assert "## A better line" not in card
    assert "What exactly made Priya go on here" in card


def test_a_card_of_foreign_text_is_only_text() -> None:
    call = Call().says(HOSTILE.replace("\n", " "), ["died_twice"], Act.TELL).waits(900).speaks(HOSTILE).read()
    view = built_view(call.waits(300).says("So.").ended("left"))
    card = story_card(view, 0)
    assert "\x1b" not in card
    assert "\u202e" not in card
    assert (
        "\n> \\# a\n>\n> \\<script\\>x\\</script\\> \\[l\\](http://e) \\*b\\* \\`c\\` \\| d \\_e\\_" in card
    )
    for line in card.splitlines():
        assert line.startswith(("# ", "## ", "> ", "- ", ">")) or not line.startswith(("#", "<", "`", "|"))


def test_there_is_no_card_without_a_reply() -> None:
    with pytest.raises(KeyError):
        story_card(built_view(Call().opens().ended("left")), 0)


@pytest.mark.parametrize("medium", list(MediumKind))
def test_a_card_knows_every_medium(medium: MediumKind) -> None:
    call = robots.good_listener()
    assert "You are talking with Mara Lindt" in story_card(built_view(call, call.score(medium)), 0)
