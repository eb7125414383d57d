"""The briefing on the screen: the scene, the mode, the voice that is waited for, and Enter."""

from __future__ import annotations

import dataclasses

import pytest

from personas.loader import load_library
from sim.briefing_view import BriefingView, briefing_view
from sim.home import Mode
from sim.tui.intents import CallWanted, PlaceWanted, PreferenceChanged
from sim.tui.screens.briefing import BriefingScreen
from sim.tui.themes import DARK, LIGHT
from tests.sim.calling import DANIEL, PRIYA
from tests.sim.tui.stage import HOSTILE, ShowApp, flat, text_of, until

SIZES = [(80, 24), (60, 20), (140, 40), (200, 60)]
VOICE = "the author's lines"


def view(persona: str = PRIYA, mode: Mode = "practice", *, timed: bool = True) -> BriefingView:
    loaded = load_library([]).loaded[persona]
    return briefing_view(loaded.persona, mode=mode, timed=timed, voice_note="")


def hostile() -> BriefingView:
    long = f"{HOSTILE} " * 6
    return dataclasses.replace(
        view(),
        title=HOSTILE,
        name=HOSTILE,
        company=HOSTILE,
        role=long,
        card=(HOSTILE, long),
        records=(HOSTILE,),
        may=(HOSTILE,),
        may_not=(HOSTILE, "two\nlines"),
        policy=(long,) * 9,
        voice_note=long,
    )


async def test_it_sets_the_scene() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = text_of(app)
        for words in (
            "Charged twice",
            "Priya Nair is on the phone.",
            "You answer the billing line of Tern Mobile.",
            "customer since 2015",
            "refund up to £100 on the spot",
            "You may not",
            "letting people finish",
            "Enter answer the phone",
            "Esc back",
        ):
            assert words in shown
        assert "Blessing" not in shown


async def test_a_long_desk_scrolls_and_says_so() -> None:
    app = ShowApp(BriefingScreen(view(DANIEL)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "↑↓ more" in text_of(app))
        assert "closes its list at noon" not in text_of(app)
        for _ in range(40):
            await pilot.press("down")
        assert "closes its list at noon" in " ".join(text_of(app).split())
        assert "Enter begin" in text_of(app)


async def test_a_desk_that_fits_promises_no_more() -> None:
    app = ShowApp(BriefingScreen(view()))
    async with app.run_test(size=(140, 50)) as pilot:
        await pilot.pause()
        assert "more" not in text_of(app).splitlines()[-3]
        assert "↑↓" not in text_of(app)


async def test_enter_begins_once_the_voice_is_ready() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        assert "The voice is getting ready." in text_of(app)
        screen.voice_state(VOICE, True)
        await until(pilot, lambda: VOICE in text_of(app))
        assert app.asked(CallWanted) == []
        await pilot.press("enter")
        assert app.asked(CallWanted) == [CallWanted(PRIYA, "practice")]


async def test_enter_before_that_is_remembered() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("enter")
        assert "begins as soon as the voice is ready" in text_of(app)
        screen.voice_state("the model is being loaded", False)
        await pilot.pause()
        assert app.asked(CallWanted) == []
        screen.voice_state(VOICE, True)
        await until(pilot, lambda: app.asked(CallWanted) == [CallWanted(PRIYA, "practice")])


async def test_a_call_is_asked_for_once() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    sent: list[CallWanted] = []

    def count(message: object) -> None:
        if isinstance(message, CallWanted) and not any(message is one for one in sent):
            sent.append(message)

    async with app.run_test(size=(80, 24), message_hook=count) as pilot:
        await pilot.press("enter", "enter")
        screen.voice_state(VOICE, True)
        await pilot.press("enter")
        screen.voice_state(VOICE, True)
        await pilot.pause()
        assert len(sent) == 1


async def test_what_is_awaited_is_told() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.voice_state("The model is being loaded.", False)
        await until(pilot, lambda: "The model is being loaded." in text_of(app))


async def test_m_changes_the_mode_and_explains_it() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        assert "Practice. It does not count. Time stands still" in text_of(app)
        await pilot.press("m")
        assert "Rated. It counts: your first attempt at this very call. No feedback" in text_of(app)
        assert "M practice instead" in text_of(app)
        assert app.asked(PreferenceChanged) == [PreferenceChanged("mode", "rated")]
        screen.voice_state(VOICE, True)
        await pilot.press("enter")
        assert app.asked(CallWanted) == [CallWanted(PRIYA, "rated")]


async def test_a_mode_changed_after_enter_counts() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("enter", "M")
        screen.voice_state(VOICE, True)
        await until(pilot, lambda: app.asked(CallWanted) == [CallWanted(PRIYA, "rated")])


async def test_a_competition_stays_one() -> None:
    screen = BriefingScreen(view(mode="competition"))
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("m")
        assert "Competition." in text_of(app)
        assert "instead" not in text_of(app)
        assert app.asked(PreferenceChanged) == []
        screen.voice_state(VOICE, True)
        await pilot.press("enter")
        assert app.asked(CallWanted) == [CallWanted(PRIYA, "rated")]


async def test_a_call_played_before_says_that_it_does_not_count() -> None:
    app = ShowApp(BriefingScreen(dataclasses.replace(view(mode="rated"), played_before=True)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Rated. Played before, so it does not count." in flat(text_of(app))


async def test_todays_call_is_rated_and_stays_so() -> None:
    screen = BriefingScreen(dataclasses.replace(view(mode="rated"), daily=True))
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        assert "Today's call, rated. It counts: your first attempt" in flat(text_of(app))
        assert "instead" not in text_of(app)
        screen.voice_state(VOICE, True)
        await pilot.press("m", "enter")
        assert app.asked(PreferenceChanged) == []
        assert app.asked(CallWanted) == [CallWanted(PRIYA, "rated")]


async def test_untimed_play_is_said() -> None:
    app = ShowApp(BriefingScreen(view(timed=False)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Untimed: nothing runs by itself." in flat(text_of(app))
        assert "stands still" not in text_of(app)
        await pilot.press("m")
        assert "It counts: your first attempt at this very call. Feedback at the end." in flat(text_of(app))


async def test_escape_goes_back_and_f1_helps() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("f1")
        assert app.asked(PlaceWanted) == [PlaceWanted("help")]
        await pilot.press("escape")
        assert app.screen is not screen
        assert app.asked(CallWanted) == []


async def test_the_mouse_does_what_the_keys_do() -> None:
    screen = BriefingScreen(view())
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        screen.voice_state(VOICE, True)
        await pilot.pause()
        hints = list(screen.query("#keys KeyHint"))
        await pilot.click(hints[0])
        assert app.asked(CallWanted) == [CallWanted(PRIYA, "practice")]


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_only_shown(size: tuple[int, int], theme: str) -> None:
    screen = BriefingScreen(hostile())
    app = ShowApp(screen, theme)
    async with app.run_test(size=size) as pilot:
        screen.voice_state(HOSTILE * 20, True)
        await pilot.pause()
        shown = text_of(app)
        assert "[/foo]" in shown
        assert "\x1b" not in shown and "\u202e" not in shown
        assert "Enter answer the phone" in shown
        assert "Esc back" in shown
        await pilot.press("m")
        assert "Rated." in text_of(app)
        screen.voice_state(HOSTILE * 20, False)
        await pilot.pause()
