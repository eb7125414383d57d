"""The command line and its streams: any text, any locale, closed or full ends."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scoring import events as ev
from sim.recompute import recompute
from tests.sim.calling import (
    WAIT_S,
    Outcome,
    command,
    environment,
    forked,
    hearmeout,
    stored,
)
from tests.sim.cli_calls import PLAY, SHORT_CALL

# text of any kind


@pytest.mark.parametrize(
    "typed",
    [
        b"[bold red]Sorry[/] [link=x]",
        b"\x1b[2J\x1b]0;title\x07\xc2\x9b31m",
        "\u202eevil \u2066right to left\u2069 \u05e9\u05dc\u05d5\u05dd".encode(),
        "zero\u200bwidth\u200d\ufeff".encode(),
        b"\xff\xfe\x80 not UTF-8 \xc3",
        b"null\x00byte",
        b"word " * 200_000,
        b"x" * 1_000_000,
        "£".encode() * 500_000,
    ],
    ids=["markup", "escapes", "right-to-left", "zero-width", "bytes", "null", "words", "one-word", "signs"],
)
def test_a_reply_of_anything_is_kept_and_the_call_goes_on(data: Path, typed: bytes) -> None:
    lines = b"\n" * 12 + typed + b"\n\n/desk " + typed[:200] + b"\n/leave\n"
    done = forked(data, *PLAY, stdin=lines)
    assert done.status == 0 and done.err == "", done.err
    assert all(letter == "\n" or letter.isprintable() for letter in done.out)
    (run,) = stored(data)
    spoken = [event for event in run.events if isinstance(event, ev.Spoke)]
    assert len(spoken) == 1
    assert recompute(run).difference is None
    told = forked(data, "replay", run.header.run_id[:8])
    assert told.status == 0
    assert all(letter == "\n" or letter.isprintable() for letter in told.out)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "en_US.ISO-8859-1"])
def test_bytes_that_are_no_text_are_marked_and_nothing_is_lost(data: Path, locale: str) -> None:
    lines = b"\n" * 12 + b"caf\xe9 \xff\xfe \xc2\xa3 and on\n/leave\n"
    done = hearmeout(data, *PLAY, stdin=lines, env={"LANG": locale, "LC_ALL": locale})
    assert done.status == 0 and done.err == "", done.err
    (spoke,) = (event for event in stored(data)[0].events if isinstance(event, ev.Spoke))
    assert spoke.text.startswith("caf") and spoke.text.endswith("and on")
    spoke.text.encode("utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_cannot_hold_every_letter_loses_letters_and_nothing_else(
    data: Path, encoding: str
) -> None:
    done = hearmeout(data, *PLAY, stdin="\n/desk\n/leave\n", env={"PYTHONIOENCODING": encoding})
    assert done.status == 0 and "Traceback" not in done.err
    assert len(stored(data)) == 1


def test_no_colour_and_no_terminal_kind_are_fine(data: Path) -> None:
    done = hearmeout(data, *PLAY, stdin=SHORT_CALL, env={"NO_COLOR": "1", "TERM": "dumb"})
    assert done.status == 0 and "\x1b" not in done.out


# streams that are not there


def through_shell(data: Path, line: str, **env: str) -> Outcome:
    """Run a line of sh in which `hearmeout` is the command."""
    quoted = " ".join(command())
    done = subprocess.run(
        ["sh", "-c", line.replace("hearmeout", quoted)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=environment(data, **env),
        timeout=WAIT_S,
        check=False,
        text=True,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_like_an_empty_one(data: Path, closed: str) -> None:
    done = through_shell(data, f"hearmeout {' '.join(PLAY)} {closed}")
    assert done.status == 0, done.err
    assert "Traceback" not in done.err
    (run,) = stored(data)
    assert run.events
    assert through_shell(data, f"hearmeout runs {closed}").status == 0


def test_a_reader_that_has_had_enough_ends_it_quietly(data: Path) -> None:
    lines = "yes '' | head -5000"
    done = through_shell(data, f"{lines} | hearmeout {' '.join(PLAY)} | head -1")
    assert done.err == "" and done.out.startswith("Charged twice: ")
    assert all(recompute(run).difference is None for run in stored(data))


@pytest.mark.parametrize("what", ["runs", "--help", "script-help", "persona schema"])
def test_a_full_disk_behind_the_output_is_told(data: Path, what: str) -> None:
    done = through_shell(data, f"hearmeout {what} >/dev/full")
    assert done.status == 1
    assert done.sentence() == "It cannot go on: No space left on device."
