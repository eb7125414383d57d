"""The settings on the screen: rows, their sentences, every change at once, by keys and by mouse."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from sim.preferences import Preferences
from sim.tui.intents import PlaceWanted, PreferenceChanged
from sim.tui.screens.settings import SettingsScreen
from sim.tui.setting_rows import rows_of
from sim.tui.themes import DARK, LIGHT
from sim.tui.widgets.setting_row import SettingRow
from tests.sim.tui.stage import HOSTILE, ShowApp, text_of

ROWS = ["pace_percent", "voice", "model", "timed", "mode", "theme", "motion", ""]
MODELS = ("ada.gguf", "bea.gguf")


def screen_of(
    preferences: Preferences | None = None,
    models: tuple[str, ...] = MODELS,
    data: str = "/data",
    notices: tuple[str, ...] = (),
) -> SettingsScreen:
    return SettingsScreen(preferences or Preferences(), models=models, data=data, notices=notices)


def changes(app: ShowApp) -> list[tuple[str, object]]:
    return [(asked.name, asked.value) for asked in app.asked(PreferenceChanged)]


def line_of(app: ShowApp, title: str) -> str:
    return next(line for line in text_of(app).splitlines() if title in line)


def test_every_setting_has_a_row_and_a_sentence() -> None:
    rows = rows_of(Preferences(), MODELS, "/data", "/data/models")
    assert [row.name for row in rows] == ROWS
    assert set(ROWS) - {""} == set(asdict(Preferences()))
    assert all(row.tells.endswith(".") and row.title and row.shows for row in rows)


@pytest.mark.parametrize(
    ("setting", "before", "step", "after"),
    [
        ("pace_percent", 100, 1, 110),
        ("pace_percent", 100, -1, 90),
        ("pace_percent", 95, 1, 100),
        ("pace_percent", 95, -1, 90),
        ("pace_percent", 200, 1, None),
        ("pace_percent", 50, -1, None),
        ("voice", "auto", 1, "written"),
        ("voice", "local", 1, "auto"),
        ("voice", "auto", -1, "local"),
        ("timed", True, 1, False),
        ("timed", False, 1, True),
        ("mode", "practice", -1, "rated"),
        ("theme", "light", 1, "auto"),
        ("motion", "full", 1, "reduced"),
        ("model", "", 1, "ada.gguf"),
        ("model", "bea.gguf", 1, ""),
        ("model", "gone.gguf", -1, "bea.gguf"),
    ],
)
def test_steps_lead_where_they_should(setting: str, before: object, step: int, after: object) -> None:
    preferences = Preferences().changed(setting, before)
    row = next(row for row in rows_of(preferences, MODELS, "/data", "m") if row.name == setting)
    assert row.stepped(step) == after


async def test_each_row_is_reached_and_changed_by_keys() -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        for _ in ROWS:
            await pilot.press("right", "down")
        assert changes(app) == [
            ("pace_percent", 110),
            ("voice", "written"),
            ("model", "ada.gguf"),
            ("timed", False),
            ("mode", "rated"),
            ("theme", "dark"),
            ("motion", "reduced"),
        ]


@pytest.mark.parametrize(("key", "value"), [("enter", "written"), ("space", "written"), ("left", "local")])
async def test_enter_and_space_change_too(key: str, value: str) -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("down", key)
        assert changes(app) == [("voice", value)]


async def test_quick_presses_are_all_counted() -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("right", "right", "right")
        assert changes(app) == [("pace_percent", 110), ("pace_percent", 120), ("pace_percent", 130)]
        assert "130 %" in line_of(app, "Pace")


async def test_the_chosen_row_is_marked_and_explained() -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert line_of(app, "Pace").strip().startswith("›")
        assert "How fast customers speak" in text_of(app)
        await pilot.press("down", "down", "down")
        assert line_of(app, "Untimed play").strip().startswith("›")
        assert "nothing runs by itself" in text_of(app)
        assert "How fast customers speak" not in text_of(app)


async def test_a_tall_terminal_explains_every_row() -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        shown = " ".join(text_of(app).split())
        rows = rows_of(Preferences(), MODELS, "/data", str(Path("/data") / "models"))
        assert [row.tells for row in rows if row.tells not in shown] == []


async def test_without_a_model_it_says_where_to_put_one() -> None:
    app = ShowApp(screen_of(models=()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        shown = " ".join(text_of(app).split())
        assert f"put a .gguf file into {Path('/data') / 'models'}" in shown
        assert "none yet" in line_of(app, "Model")


async def test_a_voice_that_cannot_speak_says_so() -> None:
    app = ShowApp(screen_of(Preferences(voice="local"), models=()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        assert "no call can begin" in text_of(app)


async def test_a_model_that_is_gone_is_told() -> None:
    app = ShowApp(screen_of(Preferences(model="gone.gguf")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "gone.gguf (not there)" in line_of(app, "Model")


async def test_the_data_folder_is_shown_and_not_changed() -> None:
    app = ShowApp(screen_of())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        for _ in range(20):
            await pilot.press("down")
        await pilot.press("enter", "left")
        assert "/data" in line_of(app, "Data folder")
        assert "HEARMEOUT_DATA" in text_of(app)
        assert changes(app) == []


async def test_what_the_app_applied_is_drawn() -> None:
    screen = screen_of()
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.show(Preferences(theme="light", pace_percent=70))
        await pilot.pause()
        assert "70 %" in line_of(app, "Pace")
        assert "light" in line_of(app, "Theme")
        await pilot.press("up")
        assert line_of(app, "Pace").strip().startswith("›")


async def test_the_mouse_chooses_and_changes() -> None:
    screen = screen_of()
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        rows = list(screen.query(SettingRow))
        await pilot.click(rows[5].query_one(".name"))
        assert line_of(app, "Theme").strip().startswith("›")
        assert changes(app) == []
        await pilot.click(rows[5].query_one(".value"))
        assert changes(app) == [("theme", "dark")]
        await pilot.click(rows[0].query_one(".step"))
        assert changes(app)[-1] == ("pace_percent", 90)


async def test_escape_goes_back_and_f1_helps() -> None:
    screen = screen_of()
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("f1")
        assert app.asked(PlaceWanted) == [PlaceWanted("help")]
        await pilot.press("escape")
        assert app.screen is not screen


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (140, 40), (200, 60)])
async def test_hostile_text_is_only_shown(size: tuple[int, int], theme: str) -> None:
    hostile = HOSTILE.replace("/", "~")
    screen = screen_of(Preferences(model=hostile), (hostile, hostile * 9), HOSTILE * 5, (HOSTILE * 9,) * 2)
    app = ShowApp(screen, theme)
    async with app.run_test(size=size) as pilot:
        for _ in ROWS:
            await pilot.press("right", "down")
            shown = text_of(app)
            assert "[~foo]" in shown or "[/foo]" in shown
            assert "\x1b" not in shown and "\u202e" not in shown
            assert "Esc back" in shown


@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
async def test_the_chosen_row_is_always_in_sight(size: tuple[int, int]) -> None:
    app = ShowApp(screen_of(models=(), data="/a/rather/long/path/to/a/data/folder/of/somebody"))
    titles = ["Voice", "Model", "Untimed play", "Feedback", "Theme", "Motion", "Data folder"]
    async with app.run_test(size=size) as pilot:
        for title in titles:
            await pilot.press("down")
            await pilot.pause()
            assert any(line.strip().startswith(f"› {title}") for line in text_of(app).splitlines()), title
