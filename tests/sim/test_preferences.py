"""Settings: whole or not at all, and nothing in the file can keep the game from starting."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences import FILE_NAME, Preferences, choices, load_preferences, save_preferences

FILE_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), max_size=40).filter(
    lambda name: name not in (".", "..")
)
ANY = st.builds(
    Preferences,
    pace_percent=st.integers(50, 200),
    voice=st.sampled_from(choices("voice")),
    model=FILE_NAMES,
    timed=st.booleans(),
    theme=st.sampled_from(choices("theme")),
    motion=st.sampled_from(choices("motion")),
    mode=st.sampled_from(choices("mode")),
)


def written(folder: Path, text: str | bytes) -> tuple[Preferences, tuple[str, ...]]:
    """What is loaded from a file of that text."""
    (folder / FILE_NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_preferences(folder)


def test_a_first_start_finds_the_usual_settings_and_writes_nothing(tmp_path: Path) -> None:
    assert load_preferences(tmp_path / "new") == (Preferences(), ())
    assert not list(tmp_path.iterdir())


@given(ANY)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, wanted: Preferences) -> None:
    folder = tmp_path_factory.mktemp("settings")
    save_preferences(folder, wanted)
    assert load_preferences(folder) == (wanted, ())
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_settings_are_private_and_their_folder_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    save_preferences(folder, Preferences())
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pace_percent", 49),
        ("pace_percent", 201),
        ("pace_percent", True),
        ("pace_percent", 99.5),
        ("pace_percent", "100"),
        ("voice", "loud"),
        ("voice", ["auto"]),
        ("theme", "Dark"),
        ("motion", False),
        ("mode", "competition"),
        ("timed", 1),
        ("model", 3),
        ("model", "../../elsewhere.gguf"),
        ("model", "C:\\model.gguf"),
        ("model", ".."),
        ("model", "a\0b"),
        ("model", "not utf-8 \udcff.gguf"),
        ("colour", "red"),
    ],
)
def test_what_cannot_be_is_refused_with_the_name_of_the_setting(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Preferences().changed(name, value)


def test_a_change_leaves_the_rest_as_it_was() -> None:
    before = Preferences(pace_percent=80, theme="light")
    assert before.changed("voice", "written") == replace(before, voice="written")
    assert before == Preferences(pace_percent=80, theme="light")


def test_one_wrong_line_spoils_no_other(tmp_path: Path) -> None:
    found, problems = written(tmp_path, 'pace_percent = 900\ntheme = "light"\nvoice = "loud"\nhue = 3\n')
    assert found == Preferences(theme="light")
    assert [problem.split(": ", 1)[1].split(" is ")[0] for problem in problems] == [
        "pace_percent",
        "voice",
        "there",
    ]
    assert all(str(tmp_path / FILE_NAME) in problem for problem in problems)


def test_a_file_from_elsewhere_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert written(tmp_path, b'\xef\xbb\xbftheme = "dark"\r\n') == (Preferences(theme="dark"), ())


@pytest.mark.parametrize(
    "text",
    [
        "theme = ",
        "theme = 'dark'\ntheme = 'light'\n",
        b"\xff\xfe\x00",
        "a = " + "[" * 20_000,
        "pace_percent = " + "9" * 5_000,
    ],
)
def test_a_file_that_cannot_be_read_names_itself_and_what_to_do(tmp_path: Path, text: str | bytes) -> None:
    found, problems = written(tmp_path, text)
    assert found == Preferences()
    assert len(problems) == 1
    assert FILE_NAME in problems[0] and "Mend or delete it." in problems[0]
    assert load_preferences(tmp_path)[0] == Preferences(), "reading changes nothing"


def test_a_long_wrong_value_is_not_repeated_whole(tmp_path: Path) -> None:
    _, problems = written(tmp_path, f'theme = "{"x" * 5_000}"\n')
    assert len(problems[0]) < len(str(tmp_path)) + 200


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    found, problems = load_preferences(tmp_path)
    assert found == Preferences()
    assert "cannot be read" in problems[0]


def test_a_failed_save_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_preferences(tmp_path, Preferences(theme="light"))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        save_preferences(tmp_path, Preferences(theme="dark"))
    assert load_preferences(tmp_path) == (Preferences(theme="light"), ())
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_name_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="utf-8"):
        save_preferences(tmp_path, Preferences(model="\udcff.gguf"))
    assert os.listdir(tmp_path) == []


def test_only_settings_of_words_have_a_list() -> None:
    assert choices("voice") == ("auto", "written", "local")
    with pytest.raises(KeyError):
        choices("pace_percent")
