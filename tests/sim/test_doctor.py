"""What the doctor says about many machines, and that looking leaves nothing behind."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from sim.doctor import (
    Area,
    Finding,
    LibraryProbe,
    StreamInfo,
    check_colours,
    check_data_directory,
    check_model,
    check_models,
    check_native_library,
    check_terminal,
    examine,
    exit_status,
    free_bytes,
    probe_native_library,
    render,
    stream_info,
)

GOOD_TERMINAL = StreamInfo(is_tty=True, columns=120, rows=40)
GOOD_MODEL = b"GGUF" + (3).to_bytes(4, "little") + bytes(16) + b"tensors"
PLENTY = 10**10


def plenty(_path: Path) -> int:
    return PLENTY


def worst(findings: list[Finding]) -> bool | None:
    """False when anything is broken, None when anything is worth knowing, else True."""
    states = [finding.ok for finding in findings]
    return False if False in states else None if None in states else True


def advice(findings: list[Finding]) -> str:
    return " ".join(finding.to_do for finding in findings)


@pytest.mark.parametrize(
    ("environment", "stream", "ok", "says", "to_do"),
    [
        ({"TERM": "xterm-256color"}, GOOD_TERMINAL, True, "120 x 40", ""),
        ({"TERM": "xterm"}, StreamInfo(True, 80, 24), True, "80 x 24", ""),
        ({"TERM": "xterm"}, StreamInfo(True, 79, 24), False, "needs 80 x 24", "larger"),
        ({"TERM": "xterm"}, StreamInfo(True, 80, 23), False, "needs 80 x 24", "--plain"),
        ({"TERM": "xterm"}, StreamInfo(True, 0, 0), None, "does not tell its size", "stty size"),
        ({"TERM": "dumb"}, GOOD_TERMINAL, False, "'dumb'", "--plain"),
        ({}, GOOD_TERMINAL, False, "''", "xterm-256color"),
        ({"TERM": "xterm"}, StreamInfo(False), None, "not a terminal", "--plain"),
        ({"TERM": "xterm"}, StreamInfo(True, 120, 40, "iso8859-1"), None, "iso8859-1", "UTF-8"),
        ({"TERM": "xterm"}, StreamInfo(True, 120, 40, "UTF_8"), True, "120 x 40", ""),
    ],
)
def test_terminal(
    environment: dict[str, str], stream: StreamInfo, ok: bool | None, says: str, to_do: str
) -> None:
    findings = check_terminal(environment, stream)

    assert worst(findings) is ok
    assert says in " ".join(finding.says for finding in findings)
    assert to_do in advice(findings)


@pytest.mark.parametrize(
    ("environment", "is_tty", "ok", "says"),
    [
        ({"TERM": "xterm-256color"}, True, True, "256 colours"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, True, "16 million"),
        ({"TERM": "screen", "COLORTERM": "24bit"}, True, True, "16 million"),
        ({"TERM": "xterm-direct"}, True, True, "16 million"),
        (
            {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"},
            True,
            True,
            "NO_COLOR is set",
        ),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True, True, "256 colours"),
        ({"TERM": "vt100"}, True, None, "TERM=vt100"),
        ({"TERM": "dumb"}, True, None, "No colours"),
        ({"TERM": "xterm-256color"}, False, None, "No colours"),
    ],
)
def test_colours(environment: dict[str, str], is_tty: bool, ok: bool | None, says: str) -> None:
    (finding,) = check_colours(environment, StreamInfo(is_tty, 120, 40))

    assert finding.ok is ok
    assert says in finding.says
    assert finding.to_do or finding.ok


def test_streams_that_are_no_terminal_have_no_size() -> None:
    found = stream_info(io.StringIO(), io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))

    assert (found.is_tty, found.columns, found.rows) == (False, 0, 0)
    assert found.encoding in ("latin-1", "iso8859-1")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_streams_of_a_terminal_tell_its_size() -> None:
    import fcntl
    import pty
    import struct
    import termios

    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 97, 0, 0))
    with (
        open(controller, "rb"),
        open(terminal, "r+b", buffering=0) as both,
        io.TextIOWrapper(both, encoding="utf-8", write_through=True) as text,
    ):
        found = stream_info(text, text)

    assert found == StreamInfo(is_tty=True, columns=97, rows=31, encoding="utf-8")


@pytest.mark.parametrize(
    ("probe", "ok", "says", "to_do"),
    [
        (LibraryProbe(version="9.8.7"), True, "9.8.7", ""),
        (
            LibraryProbe(error="ModuleNotFoundError: No module named 'llama_cpp'"),
            False,
            "No module",
            "Install it:",
        ),
        (
            LibraryProbe(error="loading it ended the process with SIGILL"),
            False,
            "SIGILL",
            "another processor",
        ),
        (LibraryProbe(error="OSError: libgomp.so.1"), False, "libgomp", "Install it again"),
    ],
)
def test_native_library(probe: LibraryProbe, ok: bool, says: str, to_do: str) -> None:
    (finding,) = check_native_library(lambda: probe)

    assert finding.ok is ok
    assert says in finding.says
    assert to_do in finding.to_do
    assert ok or "written lines" in finding.to_do


def test_the_library_of_this_environment_loads() -> None:
    from importlib.metadata import version

    assert probe_native_library() == LibraryProbe(version=version("llama-cpp-python"))


def interpreter(folder: Path, does: str) -> str:
    """Write a program that stands where the interpreter stands."""
    program = folder / "interpreter"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for the interpreter with a shell script")
@pytest.mark.parametrize(
    ("does", "error"),
    [
        ("kill -ILL $$", "SIGILL"),
        ("kill -SEGV $$", "SIGSEGV"),
        ("echo Traceback >&2; echo 'OSError: broken.so' >&2; exit 1", "OSError: broken.so"),
        ("exit 3", "the child ended with 3"),
        ("echo chatter", "did not tell its version"),
        ("true", "did not tell its version"),
    ],
)
def test_a_library_that_breaks_its_process_is_reported(tmp_path: Path, does: str, error: str) -> None:
    found = probe_native_library(interpreter(tmp_path, does))

    assert error in found.error
    assert found.version == ""


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for the interpreter with a shell script")
def test_a_library_that_hangs_is_given_up(tmp_path: Path) -> None:
    found = probe_native_library(interpreter(tmp_path, "exec cat /dev/zero > /dev/null"), timeout_s=0.2)

    assert "longer than 0.2 seconds" in found.error


def test_an_interpreter_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert "could not be started" in probe_native_library(str(tmp_path / "nobody")).error


@pytest.mark.parametrize(
    ("content", "ok", "says", "to_do"),
    [
        (GOOD_MODEL, True, "a GGUF model", ""),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
            False,
            "Git LFS pointer",
            "git lfs pull",
        ),
        (b"PK\x03\x04" + bytes(40), False, "does not begin with GGUF", "again"),
        (b"", False, "does not begin with GGUF", "again"),
        (GOOD_MODEL[:20], False, "ends inside its own header", "again"),
        (b"GGUF" + (1).to_bytes(4, "little") + bytes(16), False, "GGUF version 1", "version 3"),
        (b"GGUF" + (3).to_bytes(4, "big") + bytes(16), False, "GGUF version 50331648", "version 3"),
    ],
)
def test_model_file(tmp_path: Path, content: bytes, ok: bool, says: str, to_do: str) -> None:
    path = tmp_path / "customer.gguf"
    path.write_bytes(content)

    finding = check_model(path)

    assert finding.ok is ok
    assert says in finding.says
    assert to_do in finding.to_do
    assert "customer.gguf" in finding.says


def test_all_folders_are_searched_and_one_bad_file_hides_no_other(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (first / "bad.gguf").write_bytes(b"nonsense")
    (first / "notes.txt").write_bytes(b"nonsense")
    (first / "folder.gguf").mkdir()
    (second / "good.gguf").write_bytes(GOOD_MODEL)

    findings = check_models([tmp_path / "missing", first, second])

    assert [
        (finding.ok, finding.says.split(":")[0].split("/")[-1].split(" ")[0]) for finding in findings
    ] == [
        (False, "bad.gguf"),
        (True, "good.gguf"),
    ]


def test_no_models_is_worth_knowing_but_not_broken(tmp_path: Path) -> None:
    (finding,) = check_models([tmp_path / "models"])

    assert finding.ok is None
    assert str(tmp_path / "models") in finding.says
    assert ".gguf" in finding.to_do


def test_a_models_folder_that_is_a_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("not a folder", encoding="utf-8")

    (finding,) = check_models([tmp_path / "models"])

    assert finding.ok is False
    assert "not a directory" in finding.says


def test_a_data_directory_that_can_be_made_is_fine_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "share" / "hearmeout"

    findings = check_data_directory(path, space=plenty, user_id=os.getuid())

    assert worst(findings) is True
    assert not path.parent.exists()


def test_a_private_data_directory_is_fine_and_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir(mode=0o700)

    findings = check_data_directory(path, space=plenty, user_id=path.stat().st_uid)

    assert worst(findings) is True
    assert list(path.iterdir()) == []


@pytest.mark.parametrize(
    ("mode", "stranger", "left", "ok", "says", "to_do"),
    [
        (0o755, 0, PLENTY, None, "mode 0755", "chmod 700"),
        (0o700, 1, PLENTY, None, "belongs to user", "chown"),
        (0o700, 0, 20_000_000, None, "20.0 MB", "Free some space"),
        (0o700, 0, 500_000, False, "0.5 MB", "Free some space"),
    ],
)
def test_data_directory_in_need_of_care(
    tmp_path: Path, mode: int, stranger: int, left: int, ok: bool | None, says: str, to_do: str
) -> None:
    path = tmp_path / "data"
    path.mkdir()
    path.chmod(mode)

    findings = check_data_directory(path, space=lambda _path: left, user_id=path.stat().st_uid + stranger)

    assert worst(findings) is ok
    assert says in " ".join(finding.says for finding in findings)
    assert to_do in advice(findings)


@pytest.mark.parametrize("exists", [True, False])
def test_a_data_directory_that_may_not_be_written_is_broken(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "data"
    if exists:
        path.mkdir(mode=0o700)

    findings = check_data_directory(path, may=lambda _path, _use: False, space=plenty)

    assert worst(findings) is False
    assert "chmod" in advice(findings) and "XDG_DATA_HOME" in advice(findings)


def test_a_file_where_the_data_directory_belongs_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "it's data"
    path.write_text("", encoding="utf-8")

    (finding,) = check_data_directory(path, space=plenty)
    (below,) = check_data_directory(path / "deeper", space=plenty)

    assert finding.ok is False and "is a file" in finding.says
    assert below.ok is False and str(path) in below.says


def test_free_bytes_are_those_of_the_disk(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
    with pytest.raises(OSError):
        free_bytes(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("area", "ok", "status"),
    [
        ("native library", False, 1),
        ("data directory", False, 1),
        ("data directory", None, 0),
        ("terminal", False, 0),
        ("models", False, 0),
        ("colours", None, 0),
    ],
)
def test_exit_status(area: Area, ok: bool | None, status: int) -> None:
    assert exit_status([Finding("terminal", True, "Fine."), Finding(area, ok, "Found.", "Do it.")]) == status


def test_a_whole_examination_covers_every_area_and_ends_well(tmp_path: Path) -> None:
    findings = examine(
        {"TERM": "xterm-256color"},
        GOOD_TERMINAL,
        lambda: LibraryProbe(version="9.8.7"),
        [tmp_path / "models"],
        tmp_path / "data",
        os.getuid(),
    )

    areas = list(dict.fromkeys(finding.area for finding in findings))
    assert areas == ["terminal", "colours", "native library", "models", "data directory"]
    assert exit_status(findings) == 0
    assert all(finding.to_do for finding in findings if finding.ok is not True)


def test_rendering_is_plain_and_lets_no_control_sign_through() -> None:
    text = render(
        [
            Finding("terminal", True, "The window is 120 x 40."),
            Finding("models", False, "\x1b[31mred\x07.gguf is odd.", "Take it away."),
            Finding("colours", None, "Few."),
        ]
    )

    assert text.splitlines() == [
        "ok     terminal: The window is 120 x 40.",
        "broken models: ?[31mred?.gguf is odd.",
        "       -> Take it away.",
        "note   colours: Few.",
    ]
