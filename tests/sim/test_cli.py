"""The command line as a process: exit statuses, one clear sentence, nothing lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from personas.loader import load_library
from saves.store import DATABASE
from sim.recompute import recompute
from tests.sim.calling import (
    DANIEL,
    PRIYA,
    WAIT_S,
    environment,
    forked,
    hearmeout,
    stored,
)
from tests.sim.cli_calls import PLAY, SHORT_CALL, scripted, scripted_fork

# what starts, and what is loaded for it


def modules_after(data: Path, *arguments: str, stdin: str = "") -> set[str]:
    """Which of the heavy libraries are loaded once the command has run."""
    program = (
        "import sys, json\n"
        "sys.argv[0] = 'hearmeout'\n"
        "from sim.start import main\n"
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
        (("play", "--persona", "nobody"), "There is no customer 'nobody'; there is hearmeout/"),
        (("play", "--persona", "\x1b[31mred"), "There is no customer"),
        (("play", "--voice", "loud"), "--voice is auto, written, local or remote, not 'loud'."),
        (("resume", "--voice", "loud", "ab"), "--voice is auto, written, local or remote, not 'loud'."),
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


def on_the_list(persona: str) -> int:
    """The number under which a customer stands in the menu, from 1."""
    people = load_library([]).loaded.values()
    ids = [
        one.persona.identity.id
        for one in sorted(people, key=lambda one: (one.persona.identity.tier, one.persona.identity.id))
    ]
    return ids.index(persona) + 1


def test_without_a_command_a_customer_is_chosen_and_a_broken_off_call_is_offered(data: Path) -> None:
    first = forked(data, stdin=f"{on_the_list(DANIEL)}\n/stop\n")
    assert first.status == 0 and "Who is calling?" in first.out and "Mr Okafor: " in first.out
    again = forked(data, stdin="y\n/leave\n")
    assert "Going on where" in again.out and "DEBRIEF" in again.out
    forked(data, stdin=f"{on_the_list(PRIYA)}\n/stop\n")
    given_up = forked(data, stdin=f"n\n{on_the_list(PRIYA)}\n/leave\n")
    assert "Priya: Right, before you ask" in given_up.out
    assert "given up" in forked(data, "runs").out
    assert [run.header.persona_id for run in stored(data)] == [DANIEL, PRIYA, PRIYA]


def test_todays_call_by_the_command(data: Path) -> None:
    taken = forked(data, "play", "--daily", "--plain", stdin="\n/stop\n")
    assert taken.status == 0 and "Stopped. Go on with: hearmeout resume" in taken.out
    (run,) = stored(data)
    assert run.header.mode == "rated" and run.header.seed > 1

    again = forked(data, "play", "--daily", "--plain", stdin="\n/stop\n")
    assert again.status == 2 and "Go on with: hearmeout resume" in again.sentence()
    for more in (("--seed", "3"), ("--mode", "practice"), ("--persona", "daniel-okafor")):
        refused = forked(data, "play", "--daily", "--plain", *more)
        assert refused.status == 2 and "--daily chooses customer, seed and mode itself" in refused.sentence()


@pytest.mark.parametrize("answer", ["999", "0", "-1", "one", "²", "\x1b[A"])
def test_a_customer_that_is_not_on_the_list(data: Path, answer: str) -> None:
    done = forked(data, stdin=f"{answer}\n")
    assert done.status == 2 and "there is 1 to " in done.sentence()
