"""The whole program at a real terminal: from the first screen to the debrief, and every way out."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from saves.run import RunFile
from scoring import events as ev
from sim.recompute import recompute
from tests.personas.samples import edited
from tests.sim.calling import PRIYA, hearmeout, stored
from tests.sim.tui.terminal import WAIT_S, Terminal, at_terminal, processes_with
from tests.sim.voices.voicing import wait_for
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

FAST = "20"
"""Milliseconds of a call per real one."""
PLAY = ("play", "--voice", "written", "--seed", "3")
REPLY = "So you were charged twice on the third of March. What happened after that?"
LATER = "That must have been worrying. What did it mean for you?"
CTRL_C, CTRL_Q, ESCAPE = "\x03", "\x11", "\x1b"
_POINTER = re.compile(rb"\x1b\]22;[a-z]+\x07")
"""The shape of the mouse pointer, which Textual sets."""
_SGR = re.compile(rb"\x1b\[([\d;:]*)m")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that talks to the token limit."""
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", context=16384, ends=False)


def into_call(terminal: Terminal) -> None:
    """From the briefing into the call, until the customer speaks."""
    terminal.see("answer the phone")
    terminal.type("\r")
    terminal.see("is speaking", "DESK")


def say(terminal: Terminal, words: str) -> None:
    """Reply once the floor is free; in practice, wait for the coach's line."""
    terminal.see("The floor is yours")
    terminal.type(f"{words}\r")
    terminal.see("Coach")


def leave(terminal: Terminal) -> None:
    """Hang up and see the debrief."""
    terminal.type(CTRL_C)
    terminal.see("Stop here?", "hang up")
    terminal.type("l")
    terminal.see("The call is over", "Enter what it showed")
    terminal.type("\r")
    terminal.until(lambda: "DESK" not in terminal.text and "★" in terminal.text, "the debrief")


def left_clean(terminal: Terminal, data: Path) -> None:
    """Check that the terminal is as it was and nothing runs on."""
    assert terminal.modes_left_on() == set()
    assert terminal.restored
    assert processes_with(data) == []
    assert "Traceback" not in terminal.text


def the_run(data: Path) -> RunFile:
    (run,) = stored(data)
    return run


def replies(run: RunFile) -> list[str]:
    return [event.text for event in run.events if isinstance(event, ev.Spoke)]


def test_a_call_from_the_first_screen_to_the_debrief(tmp_path: Path) -> None:
    with at_terminal(tmp_path, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        terminal.see("Hear Me Out", "Priya Nair", "Enter")
        terminal.type("\r")
        into_call(terminal)
        terminal.type("\t")
        terminal.see("· mm-hm")
        say(terminal, REPLY)
        terminal.type("\r")
        say(terminal, LATER)
        terminal.type("\r")
        terminal.see("is speaking")
        leave(terminal)
        terminal.type("\r")
        terminal.see("Hear Me Out", "Q quit")
        terminal.type("q")
        assert terminal.ended() == 0
        left_clean(terminal, tmp_path)
    run = the_run(tmp_path)
    assert run.header.persona_id == PRIYA
    assert replies(run) == [REPLY, LATER]
    assert any(isinstance(event, ev.Backchannelled) for event in run.events)
    assert run.result is not None and recompute(run).difference is None
    checked = hearmeout(tmp_path, "verify", run.header.run_id)
    assert checked.status == 0, checked
    with at_terminal(tmp_path, "replay", run.header.run_id, "--speed", "40") as terminal:
        terminal.see("40×", "a replay")
        terminal.see("■", "The call is over", "Space again")
        terminal.type("-")
        terminal.see("16×")
        terminal.type(ESCAPE)
        terminal.see("L library", "Q quit")
        terminal.type("q")
        assert terminal.ended() == 0
        left_clean(terminal, tmp_path)


def test_a_killed_program_offers_to_go_on_and_has_all_that_was_said(tmp_path: Path) -> None:
    with at_terminal(tmp_path, *PLAY, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        into_call(terminal)
        say(terminal, REPLY)
        terminal.type("\r")
        terminal.see("The floor is yours")
        os.kill(terminal.process.pid, signal.SIGKILL)
        assert terminal.ended() == -signal.SIGKILL
    before = the_run(tmp_path)
    assert replies(before) == [REPLY] and before.result is None
    with at_terminal(tmp_path, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        terminal.see("Your call was interrupted", "Priya Nair", "Enter go on")
        terminal.type("\r")
        terminal.see("DESK", "Enter speak")
        say(terminal, LATER)
        leave(terminal)
        terminal.type("\rq")
        assert terminal.ended() == 0
        left_clean(terminal, tmp_path)
    after = the_run(tmp_path)
    assert after.events[: len(before.events)] == before.events
    assert replies(after) == [REPLY, LATER]
    assert recompute(after).difference is None


def _terminate(terminal: Terminal) -> None:
    os.kill(terminal.process.pid, signal.SIGTERM)


@pytest.mark.parametrize("way", [_terminate, Terminal.hang_up], ids=["terminated", "hung up"])
def test_a_program_that_is_ended_from_outside_keeps_all_and_takes_its_child_along(
    tmp_path: Path, model: Path, way: Callable[[Terminal], None]
) -> None:
    arguments = ("play", "--model", str(model), "--seed", "3")
    with at_terminal(tmp_path, *arguments, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        into_call(terminal)
        assert len(processes_with(tmp_path)) == 2, "the model has a process of its own"
        say(terminal, REPLY)
        way(terminal)
        status = terminal.ended()
        wait_for(lambda: not processes_with(tmp_path), WAIT_S)
        if way is _terminate:
            assert status == 0
            left_clean(terminal, tmp_path)
    run = the_run(tmp_path)
    assert replies(run) == [REPLY]
    assert run.header.voice.kind == "local"


def test_leaving_while_the_model_speaks_does_not_wait_for_it(tmp_path: Path, model: Path) -> None:
    arguments = ("play", "--model", str(model), "--seed", "3")
    with at_terminal(tmp_path, *arguments, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        into_call(terminal)
        say(terminal, REPLY)
        terminal.type("\r")
        terminal.see("Priya is")
        at = terminal.type(CTRL_Q)
        terminal.see("Stop here?")
        terminal.type("\r")
        terminal.see("Your call was interrupted")
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.ended_at - at < 5
        left_clean(terminal, tmp_path)
    assert the_run(tmp_path).result is None


def test_ctrl_c_asks_keeps_the_call_and_leaves_at_the_first_screen(tmp_path: Path) -> None:
    with at_terminal(tmp_path, *PLAY, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        into_call(terminal)
        terminal.type(CTRL_C)
        terminal.see("Stop here?", "Time stands still.")
        terminal.type(ESCAPE)
        terminal.until(lambda: "Stop here?" not in terminal.text)
        terminal.type(CTRL_C)
        terminal.see("Stop here?")
        terminal.type(CTRL_C)
        terminal.see("Your call was interrupted")
        terminal.type("q")
        assert terminal.ended() == 0
        left_clean(terminal, tmp_path)
    run = the_run(tmp_path)
    assert run.result is None and len(run.events) > 3


def test_another_size_in_the_middle_of_a_clause(tmp_path: Path) -> None:
    with at_terminal(tmp_path, *PLAY, HEARMEOUT_CLOCK_RATE="0.3") as terminal:
        into_call(terminal)
        for rows, columns in ((40, 140), (12, 40), (60, 200), (20, 60)):
            terminal.resize(rows, columns)
            terminal.until(lambda wide=columns >= 120: ("YOUR NOTES" in terminal.text) is wide)  # type: ignore[misc]
            terminal.see("Priya is speaking")
        terminal.resize(24, 80)
        terminal.see("DESK", "before you ask me to turn anything off", "Enter speak")
        terminal.type("half a th")
        terminal.see("› half a th")
        terminal.resize(30, 100)
        terminal.see("› half a th")
        terminal.type("ought")
        terminal.see("› half a thought")


@pytest.fixture
def hostile_folder(tmp_path: Path) -> Path:
    """A data folder with a customer whose name and words hold escape codes."""
    folder = tmp_path / "data" / "personas"
    folder.mkdir(parents=True)
    bad = r"\u001b]0;pwned\u0007\u001b[31m[/x]\u202e"
    text = edited(
        ('name = "Moira Quill"', f'name = "Mo{bad}ira"'),
        ('title = "A parcel', f'title = "{bad}A parcel'),
        ('text = "Good morning,', f'text = "{bad}Good morning,'),
        ('company = "Heron', f'company = "{bad}Heron'),
        ('title = "Tracking"', f'title = "{bad}Tracking"'),
    )
    (folder / "late-parcel.toml").write_text(text, encoding="utf-8")
    return folder.parent


def test_a_customer_with_escape_codes_in_every_text_reaches_no_terminal(hostile_folder: Path) -> None:
    arguments = ("play", "--persona", "tests/late-parcel", "--voice", "written", "--seed", "3")
    with at_terminal(hostile_folder, *arguments, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        terminal.see("A parcel that never came", "Heron Post")
        into_call(terminal)
        terminal.see("Good morning")
        leave_call_to_home(terminal)
        terminal.type("l")
        terminal.see("Library", "Esc back")
        terminal.type(ESCAPE)
        terminal.see("L library", "Q quit")
        terminal.type("q")
        assert terminal.ended() == 0
        raw = _POINTER.sub(b"", bytes(terminal.raw))
        assert b"pwned" in raw, "it was shown, as text"
        assert b"\x07" not in raw and b"\x1b]0;" not in raw and "\u202e".encode() not in raw
        assert b"\x1b[31m" not in raw
        left_clean(terminal, hostile_folder)


def leave_call_to_home(terminal: Terminal) -> None:
    terminal.type(CTRL_C)
    terminal.see("Stop here?")
    terminal.type("\r")
    terminal.see("Your call was interrupted", "Q quit")


def _colours(raw: bytes) -> set[str]:
    """Return the colour parts of all style sequences; going back to the terminal's own is none."""
    found = set()
    for parameters in _SGR.findall(raw):
        parts = iter(parameters.decode().replace(":", ";").split(";"))
        found |= {part for part in parts if part and int(part) in COLOURS}
    return found


COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}


def test_no_color_means_none(tmp_path: Path) -> None:
    with at_terminal(tmp_path, *PLAY, HEARMEOUT_CLOCK_RATE=FAST, NO_COLOR="1") as terminal:
        into_call(terminal)
        leave(terminal)
        assert _colours(bytes(terminal.raw)) == set()


def _a_file(folder: Path) -> Path:
    data = folder / "data"
    data.write_text("this is a file", encoding="utf-8")
    return data


def test_a_data_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    data = _a_file(tmp_path)
    with at_terminal(data) as terminal:
        assert terminal.ended() in (1, 2)
        told = " ".join(terminal.text.split())
        assert str(data) in told.replace(" ", "") and "Traceback" not in told
        left_clean(terminal, data)


def limited(terminal: Terminal, size: int) -> None:
    """Let the running program write no file beyond a size: a full disk, to it."""
    hard = resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def test_a_disk_that_fills_up_is_told_and_nothing_is_lost_when_there_is_room_again(tmp_path: Path) -> None:
    with at_terminal(tmp_path, *PLAY, HEARMEOUT_CLOCK_RATE=FAST) as terminal:
        into_call(terminal)
        limited(terminal, 1)
        terminal.see("tried")  # one word of the sentence: where its line breaks depends on the folder
        terminal.see("The floor is yours")
        terminal.type(f"{REPLY}\r")
        terminal.see("Coach")
        limited(terminal, 1 << 30)
        terminal.type("\r")
        terminal.see("Saving works again")
        leave(terminal)
        terminal.type("\rq")
        assert terminal.ended() == 0
    run = the_run(tmp_path)
    assert replies(run) == [REPLY] and recompute(run).difference is None


def test_a_disk_that_is_full_from_the_start_is_told_in_a_sentence(tmp_path: Path) -> None:
    with full_from_the_start(tmp_path) as terminal:
        assert terminal.ended() in (1, 2)
        assert "Traceback" not in terminal.text
        assert str(tmp_path)[:30] in terminal.text.replace("\n", "")
        left_clean(terminal, tmp_path)


def full_from_the_start(data: Path) -> AbstractContextManager[Terminal]:
    return at_terminal(data, limits=("sh", "-c", 'ulimit -f 0; exec "$@"', "sh"))


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path: Path) -> Iterator[None]:
    yield
    assert processes_with(tmp_path) == []
