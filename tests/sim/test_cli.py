"""The command line as a process: exit statuses, one clear sentence, nothing lost."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from saves.store import DATABASE
from scoring import events as ev
from sim.recompute import recompute
from tests.saves.children import become_nobody
from tests.sim.calling import (
    DANIEL,
    GOOD_CALL,
    PRIYA,
    WAIT_S,
    Outcome,
    command,
    environment,
    forked,
    hearmeout,
    stored,
)
from tests.tiny_model import not_a_model, truncated_copy

PLAY = ("play", "--plain", "--voice", "written", "--seed", "3")
SHORT_CALL = "\n" * 12 + "So you were charged twice. What happened on the Thursday?\n\n\n/leave\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "call.txt"
    path.write_text(GOOD_CALL, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def scripted_fork(data: Path, script: Path) -> Outcome:
    return forked(data, *PLAY, "--script", str(script), "--json")


def scripted(data: Path, script: Path, *more: str, **env: str) -> Outcome:
    return hearmeout(data, *PLAY, "--script", str(script), "--json", *more, env=env)


# what starts, and what is loaded for it


def modules_after(data: Path, *arguments: str, stdin: str = "") -> set[str]:
    """Which of the heavy libraries are loaded once the command has run."""
    program = (
        "import sys, json\n"
        "sys.argv[0] = 'hearmeout'\n"
        "from sim.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print(json.dumps(sorted(name.split('.')[0] for name in sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=stdin,
        text=True,
        capture_output=True,
        env=environment(data),
        timeout=WAIT_S,
        check=True,
    )
    heavy = {"textual", "rich", "llama_cpp", "sqlalchemy", "alembic", "numpy", "httpx", "pydantic"}
    return heavy & set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--help",), ("play", "--help"), ("script-help",)])
def test_help_loads_nothing_heavy(data: Path, arguments: tuple[str, ...]) -> None:
    assert modules_after(data, *arguments) <= {"pydantic"}
    assert not data.exists()


def test_a_plain_start_loads_the_store_and_no_screen_and_no_model_library(data: Path) -> None:
    loaded = modules_after(data, *PLAY, stdin="\n/stop\n")
    assert "sqlalchemy" in loaded
    assert not loaded & {"textual", "rich", "llama_cpp", "httpx"}


def test_what_opens_no_store_loads_none(data: Path, script: Path) -> None:
    assert "sqlalchemy" not in modules_after(data, "play", "--persona", "nobody", "--script", str(script))


def test_help_names_every_command() -> None:
    shown = hearmeout(Path("/nonexistent"), "--help")
    assert shown.status == 0
    for name in ("play", "resume", "runs", "verify", "replay", "export", "doctor", "persona", "script-help"):
        assert name in shown.out


# scripts


def test_a_script_ends_in_one_json_object(data: Path, script: Path) -> None:
    played = scripted(data, script)
    assert played.status == 0 and played.err == ""
    report = played.report
    assert set(report) >= {
        "persona",
        "seed",
        "voice",
        "mode",
        "turns",
        "skills",
        "outcome",
        "ended",
        "run_file",
    }
    assert (report["persona"], report["seed"], report["voice"]) == (PRIYA, 3, "written")
    assert len(report["turns"]) >= 4
    assert Path(report["run_file"]).is_file()


def test_the_same_script_and_seed_give_the_same_bytes_in_any_process(tmp_path: Path, script: Path) -> None:
    reports = []
    for number, zone in (("0", "UTC"), ("4242", "Pacific/Kiritimati")):
        played = scripted(tmp_path / number, script, PYTHONHASHSEED=number, TZ=zone, LANG="C", LC_ALL="C")
        line = played.out.splitlines()[-1]
        run_file = json.loads(line)["run_file"]
        reports.append(line.replace(json.dumps(run_file), '""'))
        (run,) = stored(tmp_path / number)
        reports.append(json.dumps([event.model_dump(mode="json") for event in run.events]))
    assert reports[:2] == reports[2:]


@pytest.mark.parametrize(
    ("lines", "number", "complaint"),
    [
        ("listen\nshout hello\n", 2, "there is no command 'shout'"),
        ("# one\n\npause long\n", 3, "the pause must be a number"),
        (
            "after 2 say This cannot be typed in two seconds\n",
            1,
            "would have to begin before the customer's turn",
        ),
        ("listen\nleave\nlisten\n", 3, "the call is over before this line"),
        ("desk cellar\n", 1, "There is no 'cellar' on the desk"),
        ("mail one\n", 1, "There is no mail here"),
        ("withdraw\n", 1, "nothing was said that could be taken back"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_saved(
    data: Path, tmp_path: Path, lines: str, number: int, complaint: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(lines)
    played = scripted_fork(data, path)
    assert played.status == 2 and played.out == ""
    assert played.sentence().startswith(f"The script stops at line {number}: ")
    assert complaint in played.sentence() and played.sentence().endswith("Nothing was saved.")
    assert not (data / DATABASE).exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("play", "--persona", "nobody"), "There is no customer 'nobody'; there is hearmeout/daniel-okafor"),
        (("play", "--persona", "\x1b[31mred"), "There is no customer"),
        (("play", "--voice", "loud"), "--voice is auto, written or local, not 'loud'."),
        (("resume", "--voice", "loud", "ab"), "--voice is auto, written or local, not 'loud'."),
        (("play", "--mode", "easy"), "--mode is practice, rated or competition, not 'easy'."),
        (("play", "--json"), "--json goes with --script FILE."),
        (("play", "--script", "/nonexistent/x.txt"), "The script /nonexistent/x.txt cannot be read"),
        (("play", "--seed", "0"), "--seed"),
        (("play", "--seed", "99999999999"), "--seed"),
        (("play", "--voice", "local"), "There is no model: put a .gguf file into"),
        (("play", "--voice", "local", "--model", "/nonexistent/m.gguf"), "/nonexistent/m.gguf"),
        (("play", "--model", "/nonexistent/m.gguf"), "/nonexistent/m.gguf"),
        (("play", "--personas", "/nonexistent"), "There is no folder /nonexistent"),
        (("resume",), "No call was interrupted."),
        (("resume", "abc"), 'There is no stored conversation "abc"'),
        (("replay", "abc"), 'There is no stored conversation "abc"'),
        (("export", "abc"), 'There is no stored conversation "abc"'),
        (("verify", "/nonexistent/a.hearmeout"), "/nonexistent/a.hearmeout"),
        (("replay", "/etc"), "/etc"),
        (("fly",), "No such command 'fly'"),
    ],
)
def test_a_wrong_argument_is_one_clear_sentence(
    data: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    done = forked(data, *arguments, stdin="/stop\n")
    assert done.status in (1, 2)
    assert complaint in done.sentence()
    assert "\x1b" not in done.err + done.out


# a call at a pipe


def test_a_piped_call_is_played_listed_replayed_verified_and_exported(data: Path, tmp_path: Path) -> None:
    played = forked(data, *PLAY, stdin=SHORT_CALL)
    assert played.status == 0 and played.err == ""
    assert "DEBRIEF" in played.out
    name = played.out.splitlines()[-1].split()[2].rstrip(":")
    assert name in forked(data, "runs").out
    told = forked(data, "replay", name)
    assert "You: So you were charged twice." in told.out and told.status == 0
    target = tmp_path / "one.hearmeout"
    assert forked(data, "export", name, "--to", str(target)).out.strip() == str(target)
    checked = forked(data, "verify", str(target), "--reread")
    assert checked.status == 0, checked.out
    assert "intact:           yes" in checked.out and "recomputed:       yes" in checked.out


def test_a_changed_run_file_is_not_verified(data: Path, script: Path) -> None:
    path = Path(scripted(data, script).report["run_file"])
    text = path.read_text()
    path.write_text(text.replace("charged eighty-four pounds twice", "charged eighty-five pounds twice", 1))
    checked = forked(data, "verify", str(path))
    assert checked.status == 1 and "intact:           no" in checked.out
    path.write_text(text[: len(text) // 2])
    checked = forked(data, "verify", str(path))
    assert checked.status == 1 and "Traceback" not in checked.err


def test_end_of_input_stops_the_call_and_resume_goes_on_to_an_end(data: Path) -> None:
    stopped = forked(data, *PLAY, stdin="\n\n")
    assert stopped.status == 0
    assert stopped.out.splitlines()[-1].startswith("Stopped. Go on with: hearmeout resume ")
    ended = forked(data, "resume", stdin="\n" * 12 + "/leave\n")
    assert ended.status == 0 and "Going on where the call was broken off" in ended.out
    (run,) = stored(data)
    assert recompute(run).difference is None and run.result is not None
    assert forked(data, "resume").status == 1


def test_without_a_command_a_customer_is_chosen_and_a_broken_off_call_is_offered(data: Path) -> None:
    first = forked(data, stdin="2\n/stop\n")
    assert first.status == 0 and "Who is calling?" in first.out and "Mr Okafor: " in first.out
    again = forked(data, stdin="y\n/leave\n")
    assert "Going on where" in again.out and "DEBRIEF" in again.out
    forked(data, stdin="1\n/stop\n")
    given_up = forked(data, stdin="n\n1\n/leave\n")
    assert "Priya: Right, before you ask" in given_up.out
    assert "given up" in forked(data, "runs").out
    assert [run.header.persona_id for run in stored(data)] == [DANIEL, PRIYA, PRIYA]


@pytest.mark.parametrize("answer", ["9", "0", "-1", "one", "²", "\x1b[A"])
def test_a_customer_that_is_not_on_the_list(data: Path, answer: str) -> None:
    done = forked(data, stdin=f"{answer}\n")
    assert done.status == 2 and "there is 1 to 2" in done.sentence()


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


# folders and databases


@contextmanager
def folder_for_nobody() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@needs_root
def test_a_data_folder_that_may_not_be_written(script: Path) -> None:
    with folder_for_nobody() as folder:
        data = folder / "data"
        forked(data, *PLAY, stdin="\n/leave\n")
        for file in [*data.rglob("*")]:
            file.chmod(0o755 if file.is_dir() else 0o444)
        data.chmod(0o555)
        before = contents(data)
        for arguments in (PLAY, ("runs",), ("resume",), ()):
            done = forked(data, *arguments, stdin="\n/leave\n", before=become_nobody)
            assert done.status == 2, (arguments, done)
            assert "write access" in done.sentence() and str(data) in done.sentence()
        assert contents(data) == before


@needs_root
def test_a_data_folder_that_cannot_be_made() -> None:
    with folder_for_nobody() as folder:
        folder.chmod(0o555)
        done = forked(folder / "data", *PLAY, before=become_nobody)
        assert done.status == 2
        assert str(folder / "data") in done.sentence() and "HEARMEOUT_DATA" in done.sentence()


def full_after(kilobytes: int) -> tuple[str, ...]:
    """A command that lets no file grow beyond a size, as a full disk does."""
    program = (
        "import os, resource, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024}, {kilobytes * 1024}));"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return (sys.executable, "-c", program)


@pytest.mark.parametrize("kilobytes", [0, 8, 40])
def test_a_disk_that_is_full_from_the_start(data: Path, kilobytes: int) -> None:
    data.mkdir()
    done = hearmeout(data, *PLAY, stdin=SHORT_CALL, limits=full_after(kilobytes))
    assert done.status == 2
    assert "free some space" in done.sentence()
    again = hearmeout(data, *PLAY, stdin=SHORT_CALL)
    assert again.status == 0 and "DEBRIEF" in again.out


def test_a_disk_that_fills_up_during_a_call_keeps_what_was_saved_and_the_call_goes_on(data: Path) -> None:
    hearmeout(data, *PLAY, stdin=SHORT_CALL)
    size = max(file.stat().st_size for file in data.iterdir() if file.is_file())
    before = stored(data)
    lines = "\n" * 12 + ("What happened then? " + "And then? " * 4000 + "\n\n\n\n") * 6 + "/leave\n"
    done = hearmeout(data, *PLAY, stdin=lines, limits=full_after(size // 1024 + 60))
    assert "Traceback" not in done.err
    if done.status == 0:
        assert "DEBRIEF" in done.out
        assert "The call goes on; what is not saved is tried again." in done.err
        assert "This call could not be saved to its end." in done.err
        assert "Kept as" not in done.out
    else:
        assert "free some space" in done.sentence()
    assert stored(data)[: len(before)] == before
    assert all(recompute(run).difference is None for run in stored(data))


def test_a_database_that_another_program_holds(data: Path) -> None:
    forked(data, *PLAY, stdin="\n/leave\n")
    with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = forked(data, *PLAY, stdin="\n/leave\n")
        other.execute("ROLLBACK")
    assert done.status == 2
    assert "another" in done.sentence().lower()
    assert len(stored(data)) == 1


@pytest.mark.parametrize("damage", [b"this is no database", b"", b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_damaged_database_is_set_aside_and_never_overwritten(data: Path, damage: bytes) -> None:
    data.mkdir()
    (data / DATABASE).write_bytes(damage)
    done = forked(data, *PLAY, stdin="\n/leave\n")
    assert done.status == 0 and "DEBRIEF" in done.out
    if damage:
        assert "It was kept as" in done.sentence() and "a new database was begun" in done.sentence()
        (kept,) = (file for file in data.iterdir() if ".corrupt-" in file.name and file.suffix != ".log")
        assert kept.read_bytes() == damage
    assert len(stored(data)) == 1


def test_a_newer_database_is_refused_and_not_touched(data: Path) -> None:
    forked(data, *PLAY, stdin="\n/leave\n")
    with closing(sqlite3.connect(data / DATABASE)) as raw:
        (table,) = raw.execute("SELECT name FROM sqlite_master WHERE name LIKE 'alembic%'").fetchone()
        raw.execute(f"UPDATE {table} SET version_num = '9999'")
        raw.commit()
    before = (data / DATABASE).read_bytes()
    for arguments in (PLAY, ("runs",), ("resume",)):
        done = forked(data, *arguments, stdin="\n/leave\n")
        assert done.status == 2 and "newer" in done.sentence()
    assert (data / DATABASE).read_bytes() == before


# models


def test_models_that_are_no_good_are_named_before_the_call(
    data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    for model in (not_a_model(tmp_path / "page.gguf"), tmp_path / "none.gguf", tmp_path):
        done = forked(data, "play", "--plain", "--voice", "local", "--model", str(model), stdin="\n/leave\n")
        assert done.status == 2 and str(model) in done.sentence()
        assert stored(data) == []
    half = truncated_copy(tiny_model, tmp_path / "half.gguf")
    done = forked(data, "play", "--plain", "--voice", "local", "--model", str(half), stdin=SHORT_CALL)
    assert "Traceback" not in done.err
    assert done.status == 0 or str(half) in done.sentence()


# broken customers


def test_broken_customers_among_good_ones_hide_none(data: Path) -> None:
    mine = data / "personas"
    mine.mkdir(parents=True)
    (mine / "broken.toml").write_text("schema = 1\n[identity\n")
    (mine / "evil.toml").write_text('schema = 1\n[identity]\nid = "\x1b[31m"\n')
    done = forked(data, stdin="1\n/leave\n")
    assert done.status == 0 and "DEBRIEF" in done.out
    assert done.err.count("Left out: ") == 2 and "broken.toml:2" in done.err
    assert "\x1b" not in done.err
    checked = forked(data, "persona", "check", str(mine / "broken.toml"))
    assert checked.status == 1 and "broken.toml:2" in checked.out


# Ctrl+C


class Started:
    """A command that is running, at a pipe."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(data),
        )

    def type(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def read_until(self, part: str) -> None:
        assert self._process.stdout is not None
        seen = b""
        while part.encode() not in seen:
            ready, _, _ = select.select([self._process.stdout], [], [], WAIT_S)
            more = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            if not more:
                self._process.kill()
                self._process.communicate()
                raise AssertionError(f"it never said {part!r}: {seen.decode()}")
            seen += more

    def interrupt(self) -> Outcome:
        self._process.send_signal(signal.SIGINT)
        out, err = self._process.communicate(timeout=WAIT_S)
        return Outcome(self._process.returncode, out.decode(), err.decode())


def test_ctrl_c_at_the_prompt_says_what_became_of_the_call(data: Path) -> None:
    started = Started(data, *PLAY)
    started.type("\n\n")
    started.read_until("On the thir")
    done = started.interrupt()
    assert done.status == 130
    assert done.sentence() == "Stopped. What was said is kept; `hearmeout resume` goes on with it."
    assert hearmeout(data, "resume", stdin="\n/leave\n").status == 0
    assert recompute(stored(data)[0]).difference is None


def test_ctrl_c_at_the_menu_leaves_at_once(data: Path) -> None:
    started = Started(data)
    started.read_until("tier 2")
    done = started.interrupt()
    assert done.status == 130 and done.err.strip() == ""


def test_ctrl_c_while_a_model_speaks(data: Path, tiny_model: Path) -> None:
    started = Started(data, "play", "--plain", "--seed", "3", "--voice", "local", "--model", str(tiny_model))
    started.type("\n" * 12 + "What happened on the Thursday?\n")
    started.read_until("  [")
    done = started.interrupt()
    assert done.status == 130 and "Traceback" not in done.err
    assert hearmeout(data, "resume", stdin="\n/leave\n").status == 0
    assert recompute(stored(data)[0]).difference is None


INTERRUPT_AT = """
import os, signal, sys
count = int(sys.argv.pop(1))
class Stop:
    def find_spec(self, name, path=None, target=None):
        global count
        count -= 1
        if count == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return None
sys.argv[0] = "hearmeout"
sys.meta_path.insert(0, Stop())
from sim.cli import main
main()
"""


@pytest.mark.parametrize("number", [4, 12, 40, 110, 230, 380, 540, 700])
def test_ctrl_c_while_anything_is_being_imported_is_silent(data: Path, number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT, str(number), *PLAY],
        input="/leave\n",
        capture_output=True,
        text=True,
        env=environment(data),
        timeout=WAIT_S,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 130)
    if done.returncode == 130:
        assert done.stderr.strip() == "" and "DEBRIEF" not in done.stdout


def test_ctrl_c_that_the_shell_has_switched_off_stays_off(data: Path) -> None:
    ignoring: Callable[[], object] = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT, "50", *PLAY],
        input="\n/leave\n",
        capture_output=True,
        text=True,
        env=environment(data),
        timeout=WAIT_S,
        check=False,
        preexec_fn=ignoring,
    )
    assert done.returncode == 0 and "DEBRIEF" in done.stdout
