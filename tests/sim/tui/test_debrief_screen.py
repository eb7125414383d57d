from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from personas.acts import MediumKind
from sim.debriefing import DebriefView
from sim.tui.intents import AgainWanted, PlaceWanted, ReplayWanted, StoryWanted
from sim.tui.screens.debrief import DebriefScreen
from sim.tui.widgets.moment import MomentPane
from sim.tui.widgets.timeline import TimelineStrip, label_cells
from tests.scoring import robots
from tests.scoring.builders import Call, mara
from tests.sim.debriefs import DANIEL, RUN, built_view, robot_view, script_view
from tests.sim.tui.stage import HOSTILE, ShowApp, text_of

SIZES = [(60, 20), (80, 24), (140, 40), (200, 60)]


def many_replies() -> DebriefView:
    """A call of forty replies, some of which cut in."""
    call = Call()
    for number in range(40):
        if number % 7 == 3:
            call.note().begins().clause("And the man in May", said=False).waits(900)
            call.speaks(f"Postcode {number}?").cut(9).read("asks_closed").moved(
                4, -3, -2, "interrupted_power"
            )
        else:
            call.says("It died twice.", ["died_twice"]).waits(1500).types(4000).speaks(f"Reply {number}.")
            call.read("restates", facts=("died_twice",)).moved(-1, 2, 3, "restated")
        call.waits(300)
    return built_view(call.says("So.").ended("closed", "unsolved"))


def hostile_view() -> DebriefView:
    """A call in which every text is hostile."""
    persona = mara()
    customer = persona.customer.model_copy(update={"name": HOSTILE, "short_name": HOSTILE})
    endings = tuple(
        ending.model_copy(update={"review": HOSTILE, "thought": HOSTILE}) for ending in persona.endings
    )
    persona = persona.model_copy(
        update={
            "identity": persona.identity.model_copy(update={"title": HOSTILE}),
            "customer": customer,
            "endings": endings,
            "facts": tuple(fact.model_copy(update={"gist": HOSTILE}) for fact in persona.facts),
        }
    )
    call = Call(persona).says(HOSTILE, ["died_twice"]).token(HOSTILE, specific=True).waits(900)
    call.speaks(HOSTILE).read("restates", facts=("died_twice",)).moved(-4, 3, 9, "restated").waits(300)
    call.note().begins().clause(HOSTILE, said=False, facts=("lost_food",)).waits(700)
    call.speaks(HOSTILE).cut(8, ("lost_food",)).read().moved(9, -4, -9, "interrupted_power").waits(300)
    view = built_view(call.says("No.").ended("walked_out", "walked_out"), persona=persona)
    rows = tuple(replace(row, showed=(HOSTILE,), thought=HOSTILE, better=HOSTILE) for row in view.turns)
    skills = tuple(replace(row, rests_on=HOSTILE, where=HOSTILE) for row in view.skills)
    return replace(view, turns=rows, skills=skills)


VIEWS: dict[str, Callable[[], DebriefView]] = {
    "won": lambda: robot_view("good"),
    "lost": script_view,
    "walked out": lambda: robot_view("interrupter"),
    "chat": lambda: robot_view("good", DANIEL),
    "one reply": lambda: built_view(Call().opens().waits(900).speaks("Hm.").read().waits(300).ended("left")),
    "no reply": lambda: built_view(Call().opens().ended("left")),
    "no outcome": lambda: built_view(Call().opens().waits(900).speaks("Hm.").read()),
    "nothing at all": lambda: built_view(Call()),
    "untimed": lambda: _scored(robots.good_listener(), timed=False),
    "e-mail": lambda: _scored(robots.good_listener(), MediumKind.EMAIL),
    "forty": many_replies,
    "hostile": hostile_view,
}


def _scored(call: Call, medium: MediumKind = MediumKind.PHONE, *, timed: bool = True) -> DebriefView:
    return built_view(call, call.score(medium, timed=timed))


def app_of(view: DebriefView) -> tuple[ShowApp, DebriefScreen]:
    screen = DebriefScreen(view)
    return ShowApp(cast("Screen[object]", screen)), screen


async def press(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    for name in keys:
        await pilot.press(name)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VIEWS)
async def test_every_call_can_be_shown_and_walked(name: str, size: tuple[int, int]) -> None:
    app, screen = app_of(VIEWS[name]())
    async with app.run_test(size=size) as pilot:
        await press(pilot, ["right", "down", "f2", "f3", "escape", "plus", "m", "space", "up"])
        shown = text_of(app)
        assert "\x1b" not in shown
        assert app.screen is screen
        assert "Enter" in shown


async def test_at_80_by_24_everything_important_is_there() -> None:
    view = script_view()
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = text_of(app)
        lines = shown.splitlines()
        assert "Charged twice · Priya Nair · phone" in lines[0]
        assert lines[0].endswith("you ended it · not solved")
        assert "★☆☆☆☆" in shown
        for label in ("Priya", "you", "pause", "anger", "She said", "You said", "It showed", "Better"):
            assert any(line.strip().startswith(label) for line in lines), label
        assert screen.turn == view.ranked()[0].turn
        for name in ("interruptions", "paraphrasing", "empathy", "pauses", "F2", "Enter desk"):
            assert name in lines[-2] + lines[-1]
        assert "╳ cut in" in shown
        assert "! dead air" in shown
        assert "━ left open" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_a_cut_is_said_in_words_whatever_the_size(size: tuple[int, int]) -> None:
    view = script_view()
    cut = next(row for row in view.turns if row.cut)
    app, screen = app_of(view)
    async with app.run_test(size=size) as pilot:
        await press(pilot, ["home", *["right"] * view.turns.index(cut)])
        assert screen.turn == cut.number
        assert "You cut in" in text_of(app)


async def test_the_wide_screen_hides_nothing_behind_keys() -> None:
    app, _ = app_of(script_view())
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        shown = text_of(app)
        assert "Commitments" in shown
        assert "She complains and leaves." in shown
        assert "Nothing was agreed" in shown
        assert "What opens them" in shown


async def test_left_and_right_walk_in_time() -> None:
    view = script_view()
    numbers = [row.number for row in view.turns]
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["home"])
        assert screen.turn == numbers[0]
        await press(pilot, ["left"])
        assert screen.turn == numbers[0]
        for number in numbers[1:]:
            await press(pilot, ["right"])
            assert screen.turn == number
            assert f"reply {numbers.index(number) + 1} of {len(numbers)}" in text_of(app)
        await press(pilot, ["right"])
        assert screen.turn == numbers[-1]
        await press(pilot, ["home", "end"])
        assert screen.turn == numbers[-1]


@pytest.mark.parametrize(("forward", "back"), [("down", "up"), ("n", "p")])
async def test_up_and_down_walk_by_weight(forward: str, back: str) -> None:
    view = script_view()
    order = [moment.turn for moment in view.ranked()]
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "worst of" in text_of(app)
        for turn in [*order[1:], order[0]]:
            await press(pilot, [forward])
            assert screen.turn == turn
        await press(pilot, [back])
        assert screen.turn == order[-1]


async def test_m_walks_through_more_moments() -> None:
    view = many_replies()
    app, screen = app_of(view)
    async with app.run_test(size=(140, 40)) as pilot:
        few = [moment.turn for moment in view.ranked()]
        every = [moment.turn for moment in view.ranked(more=True)]
        assert len(every) > len(few)
        await press(pilot, ["m"])
        walked = [screen.turn]
        for _ in every[1:]:
            await press(pilot, ["down"])
            walked.append(screen.turn)
        assert walked == every
        await press(pilot, ["m", "down"])
        assert screen.turn in few


async def test_a_click_on_the_timeline_jumps_to_its_turn() -> None:
    view = script_view()
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        strip = screen.query_one(TimelineStrip)
        first = label_cells("Priya")
        await pilot.click(TimelineStrip, offset=(first, 1))
        assert screen.turn == view.turns[0].number
        cells = strip.size.width - first
        for turn in (view.turns[2], view.turns[-1]):
            cell = first + int(turn.at_ms / view.timeline.length_ms * cells)
            await pilot.click(TimelineStrip, offset=(min(cell, strip.size.width - 2), 0))
            assert abs((screen.turn or 0) - turn.number) <= 1
        before = screen.turn
        await pilot.click(TimelineStrip, offset=(2, 0))
        assert screen.turn == before


async def test_zooming_goes_nearer_follows_and_comes_back() -> None:
    view = robot_view("good")
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["end", "plus", "plus"])
        strip = screen.query_one(TimelineStrip)
        assert strip.zoom == 4
        assert "×4" in text_of(app)
        assert "▲" in text_of(app)
        await press(pilot, ["home"])
        assert "0:00" in text_of(app)
        assert "▲" in text_of(app)
        await press(pilot, ["minus", "minus", "minus"])
        assert strip.zoom == 1
        for _ in range(20):
            strip.nearer(1)
        assert strip.zoom <= view.timeline.length_ms


async def test_what_is_asked_of_the_app_names_the_turn() -> None:
    view = script_view()
    app, _ = app_of(view)
    row = view.turns[2]
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await press(pilot, ["home", "right", "right", "r", "a", "s", "f1"])
        assert app.asked(ReplayWanted) == [ReplayWanted(RUN, row.start_ms)]
        assert app.asked(AgainWanted) == [AgainWanted(RUN, row.number)]
        assert app.asked(StoryWanted) == [StoryWanted(RUN, row.number)]
        assert app.asked(PlaceWanted) == [PlaceWanted("help")]


async def test_keys_on_the_screen_can_be_clicked() -> None:
    view = script_view()
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        await pilot.click("#key-story")
        assert app.asked(StoryWanted) == [StoryWanted(RUN, view.ranked()[0].turn)]
        await pilot.click("#key-outcome")
        await pilot.pause()
        assert "She complains and leaves." in text_of(app)
        await pilot.click("#key-leave")
        await pilot.pause()
        assert app.screen is not screen


async def test_a_call_that_cannot_be_taken_up_again_says_so() -> None:
    call = robots.good_listener()
    app, _ = app_of(built_view(call, again=False))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await press(pilot, ["a"])
        assert app.asked(AgainWanted) == []
        assert "A again" not in text_of(app)
        assert any("cannot be taken up" in note.message for note in app._notifications)


@pytest.mark.parametrize("name", ["enter", "escape"])
async def test_enter_and_escape_leave(name: str) -> None:
    app, screen = app_of(script_view())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, [name])
        assert app.screen is not screen


async def test_the_skills_page_shows_all_ten_beside_the_usual() -> None:
    view = robot_view("mechanical")
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["f2"])
        shown = text_of(app)
        for row in view.skills:
            line = next(line for line in shown.splitlines() if line.strip().startswith(row.name))
            assert ("–" if row.value is None else f" {row.value:.0f} ") in line
        assert "no occasion" in shown
        assert "▲" in shown
        assert "▼" in shown
        await press(pilot, ["escape"])
        assert app.screen is screen
        assert "She said" in text_of(app)
        await press(pilot, ["f2", "f2"])
        assert "She said" in text_of(app)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("one reply", "too short to judge"),
        ("untimed", "Played without a clock"),
        ("one reply", "Your first call"),
    ],
)
async def test_the_skills_page_says_how_far_to_trust_it(name: str, says: str) -> None:
    app, _ = app_of(VIEWS[name]())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["f2", "pagedown"])
        assert says in " ".join(text_of(app).split())


async def test_the_outcome_page_says_how_it_ended_and_why() -> None:
    view = robot_view("good")
    outcome = view.debrief.outcome
    assert outcome is not None
    app, _ = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["f3"])
        shown = " ".join(text_of(app).split())
        assert "★★★★★" in shown
        assert outcome.thought in shown
        assert all(why in shown for why in outcome.why)
        assert "She stays a customer, and there is no complaint." in shown
        assert "What opens them" in shown
        assert all(one.gist is not None and one.gist[1:] in shown for one in view.debrief.unopened)


async def test_a_long_moment_is_shortened_and_can_be_read_whole() -> None:
    view = robot_view("good")
    app, screen = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pane = screen.query_one(MomentPane)
        assert pane.shortened
        assert "Space all the words" in text_of(app)
        assert "She thought" in text_of(app)
        await press(pilot, ["space"])
        assert not pane.shortened
        assert pane.max_scroll_y > 0
        await press(pilot, ["pagedown"])
        assert pane.scroll_y > 0


async def test_no_reply_is_said_plainly() -> None:
    app, screen = app_of(VIEWS["no reply"]())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await press(pilot, ["right", "down", "a", "s", "r"])
        assert "You said nothing in this call." in text_of(app)
        assert screen.turn is None
        assert app.asked(AgainWanted) == []
        assert app.asked(StoryWanted) == []
        assert app.asked(ReplayWanted) == [ReplayWanted(RUN, 0)]


async def test_chat_has_no_row_of_pauses_unless_something_is_in_it() -> None:
    view = robot_view("interrupter", DANIEL)
    app, _ = app_of(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not any(line.strip().startswith("pause") for line in text_of(app).splitlines())


async def test_it_is_laid_out_anew_when_the_terminal_changes() -> None:
    app, _ = app_of(script_view())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, ["f2"])
        await pilot.resize_terminal(140, 40)
        await press(pilot, ["escape"])
        assert "She complains and leaves." in text_of(app)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "You said" in text_of(app)
