"""Whole sittings: new calls, stopped ones that go on, scripts, voices that cannot speak."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from saves.errors import NoSuchRun, SavesNewer
from saves.runfile import read_run
from scoring import events as ev
from sim.home import Home, PlayError, Wanted
from sim.recompute import recompute
from sim.script import ScriptError, parse_script
from sim.session import find_persona, go_on_plain, open_store, play_plain, play_script, read_script, shelves
from tests.sim.calling import GOOD_CALL, PRIYA, Lines, Paper, stored
from tests.tiny_model import not_a_model, truncated_copy

WRITTEN = Wanted(PRIYA, 3, "written")


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "data")


def sit(paper: Paper, lines: Sequence[str], wanted: Wanted = WRITTEN) -> None:
    """Play until the lines are used up or the call is over."""
    from sim.plain import Stopped

    paper.data.mkdir(exist_ok=True)
    try:
        play_plain(paper.home(), wanted, Lines(lines))
    except Stopped:
        return


def go_on(paper: Paper, lines: Sequence[str], name: str = "0") -> None:
    from sim.plain import Stopped

    try:
        go_on_plain(paper.home(), name, Lines(lines), "auto")
    except Stopped:
        return


def test_a_plain_call_is_briefed_played_debriefed_and_kept(paper: Paper) -> None:
    sit(paper, [*[""] * 12, "So you were charged twice. What happened on the Thursday?", "", "/leave"])
    assert paper.said[0].startswith("Charged twice: Priya Nair, by phone")
    assert "DEBRIEF" in paper.text
    assert paper.said[-1].startswith("Kept as 00000000: hearmeout replay, verify and export")
    assert paper.warned == []
    (run,) = stored(paper.data)
    assert not run.header.timed and run.header.seed == 3
    assert recompute(run).difference is None and run.result is not None


def test_a_stopped_call_tells_how_to_go_on_and_does(paper: Paper) -> None:
    sit(paper, ["", "", "/stop"])
    assert paper.said[-1] == "Stopped. Go on with: hearmeout resume 00000000"
    before = stored(paper.data)[0]
    assert before.result is None and before.events
    go_on(paper, ["", "So you were charged twice?", "", "/leave"])
    (after,) = stored(paper.data)
    assert after.events[: len(before.events)] == before.events
    assert recompute(after).difference is None and after.result is not None


def test_a_call_can_be_stopped_and_gone_on_with_at_every_prompt(paper: Paper) -> None:
    lines = [
        *[""] * 12,
        "So you were charged twice. What happened on the Thursday?",
        "",
        "/wait 5",
        "",
        "Go on.",
    ]
    sit(paper, [])
    for line in lines:
        go_on(paper, [line])
    go_on(paper, ["/leave"])
    (run,) = stored(paper.data)
    assert recompute(run).difference is None
    assert sum(isinstance(event, ev.Spoke) for event in run.events) >= 1
    texts = [event.text for event in run.events if isinstance(event, ev.ClauseStarted)]
    assert len(texts) > 5


def test_a_call_begun_and_killed_before_its_first_event_begins_again(paper: Paper) -> None:
    from tests.sim.calling import table_for

    paper.data.mkdir()
    table = table_for(timed=False)
    with open_store(paper.home()) as store:
        store.begin(table.header, table.materials)
    go_on(paper, ["", "/leave"], table.header.run_id)
    assert "Priya: Right, before you ask me" in paper.text
    assert recompute(stored(paper.data)[0]).difference is None


def test_a_call_that_is_over_is_not_gone_on_with(paper: Paper) -> None:
    sit(paper, ["/leave"])
    with pytest.raises(PlayError, match="That call is over"):
        go_on(paper, [])
    with pytest.raises(NoSuchRun):
        go_on(paper, [], "f")


def test_a_script_is_stored_whole_with_its_run_file(paper: Paper) -> None:
    paper.data.mkdir()
    play_script(paper.home(), WRITTEN, parse_script(GOOD_CALL), as_json=True)
    report = json.loads(paper.said[-1])
    run = read_run(Path(report["run_file"]))
    assert run == stored(paper.data)[0]
    assert recompute(run).difference is None
    assert report["turns"][0]["silence_ms"] == 2500
    assert paper.said[-1].isascii()


def test_a_script_that_stops_stores_nothing(paper: Paper) -> None:
    paper.data.mkdir()
    with pytest.raises(ScriptError, match="line 2"):
        play_script(paper.home(), WRITTEN, parse_script("leave\nlisten"), as_json=True)
    assert list(paper.data.iterdir()) == []
    assert paper.said == []


def test_without_json_a_script_ends_in_the_debrief(paper: Paper) -> None:
    paper.data.mkdir()
    play_script(paper.home(), WRITTEN, parse_script(f"{GOOD_CALL}\nleave"), as_json=False)
    assert paper.said[0].startswith("DEBRIEF")
    assert paper.said[-1].startswith("Run file: ")


def test_a_script_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(tmp_path: Path) -> None:
    path = tmp_path / "script.txt"
    path.write_bytes("\ufefflisten\r\npause 2\r\n".encode())
    assert [command.verb for command in read_script(path)] == ["listen", "pause"]


def test_a_script_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "script.txt"
    path.write_bytes(b"listen\n\xff\xfe")
    for wrong, complaint in (
        (tmp_path / "none.txt", "No such file"),
        (tmp_path, "directory"),
        (path, "not UTF-8 text"),
    ):
        with pytest.raises(PlayError, match=complaint) as error:
            read_script(wrong)
        assert str(wrong) in str(error.value)


def test_a_customer_is_found_by_id_or_by_name(paper: Paper) -> None:
    library, _ = shelves(paper.home(), None)
    assert find_persona(library, PRIYA) is find_persona(library, "priya-nair")
    with pytest.raises(PlayError, match="There is no customer 'nobody'; there is hearmeout/"):
        find_persona(library, "nobody")


def test_a_broken_customer_among_good_ones_hides_none_and_is_told_when_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "broken.toml").write_text("schema = 1\n[identity\n")
    (folder / "half.toml").write_text('schema = 1\n[identity]\nid = "me/half"\n')
    (folder / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    library, _ = shelves(Paper(tmp_path).home(), folder)
    assert PRIYA in library.loaded and len(library.failed) == 3
    with pytest.raises(PlayError, match=r"broken\.toml is broken: .*:2: this is not TOML") as error:
        find_persona(library, "broken")
    assert "half.toml" in str(error.value) and "bytes.toml" in str(error.value)


def test_a_folder_of_customers_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlayError, match="There is no folder"):
        shelves(Paper(tmp_path).home(), tmp_path / "none")


def voice_problem(paper: Paper, wanted: Wanted) -> str:
    paper.data.mkdir(exist_ok=True)
    with pytest.raises(PlayError) as error:
        sit(paper, [], wanted)
    assert stored(paper.data) == []
    return str(error.value)


def test_a_model_that_is_missing_or_no_model_is_told_before_the_call(paper: Paper, tmp_path: Path) -> None:
    missing = tmp_path / "none.gguf"
    assert str(missing) in voice_problem(paper, Wanted(PRIYA, 3, "local", missing))
    html = not_a_model(tmp_path / "page.gguf")
    assert "is not a GGUF" in voice_problem(paper, Wanted(PRIYA, 3, "local", html))
    assert "There is no model: put a .gguf file into" in voice_problem(paper, Wanted(PRIYA, 3, "local"))


def test_a_model_that_was_named_is_not_silently_left_out(paper: Paper, tmp_path: Path) -> None:
    assert "none.gguf" in voice_problem(paper, Wanted(PRIYA, 3, "auto", tmp_path / "none.gguf"))


def test_a_broken_model_in_the_folder_is_told_and_the_author_speaks(paper: Paper) -> None:
    paper.home().models.mkdir(parents=True)
    not_a_model(paper.home().models / "page.gguf")
    sit(paper, ["", "/leave"], Wanted(PRIYA, 3, "auto"))
    assert len(paper.warned) == 1 and paper.warned[0].endswith(
        "The customer speaks the author's lines instead."
    )
    assert stored(paper.data)[0].header.voice.kind == "written"


def test_a_truncated_model_is_told_or_the_written_line_speaks(
    paper: Paper, tiny_model: Path, tmp_path: Path
) -> None:
    half = truncated_copy(tiny_model, tmp_path / "half.gguf")
    paper.data.mkdir()
    try:
        sit(
            paper,
            [*[""] * 12, "What happened on the Thursday?", "", "/leave"],
            Wanted(PRIYA, 3, "local", half),
        )
    except PlayError as error:
        assert str(half) in str(error)
        return
    (run,) = stored(paper.data)
    voices = {event.voice for event in run.events if isinstance(event, ev.SentenceVoiced)}
    assert voices <= {"author", "written"}
    assert "half.gguf" in (paper.data / "log.txt").read_text()
    assert recompute(run).difference is None


def test_a_call_with_a_model_is_played_stored_and_recomputed(paper: Paper, tiny_model: Path) -> None:
    lines = [*[""] * 12, "So you were charged twice. What happened on the Thursday?", *[""] * 8, "/leave"]
    sit(paper, lines, Wanted(PRIYA, 3, "local", tiny_model))
    (run,) = stored(paper.data)
    assert run.header.voice.kind == "local" and run.header.voice.model == tiny_model.name
    assert recompute(run).difference is None
    assert "DEBRIEF" in paper.text


def test_a_call_with_a_model_is_gone_on_with_when_the_model_is_gone(paper: Paper, tiny_model: Path) -> None:
    sit(paper, ["", "/stop"], Wanted(PRIYA, 3, "local", tiny_model))
    go_on(paper, [*[""] * 12, "What happened on the Thursday?", "", "/leave"])
    assert recompute(stored(paper.data)[0]).difference is None


def test_a_newer_database_is_refused_and_left_alone(paper: Paper) -> None:
    import sqlite3
    from contextlib import closing

    from saves.store import DATABASE

    sit(paper, ["/leave"])
    with closing(sqlite3.connect(paper.data / DATABASE)) as raw:
        table = raw.execute("SELECT name FROM sqlite_master WHERE name LIKE 'alembic%'").fetchone()[0]
        raw.execute(f"UPDATE {table} SET version_num = '9999'")
        raw.commit()
    with pytest.raises(SavesNewer):
        sit(paper, ["/leave"])


def test_what_goes_wrong_behind_the_scenes_is_logged_and_never_stops_a_call(tmp_path: Path) -> None:
    home: Home = Paper(tmp_path).home()
    home.log("one\x1b[2J line")
    assert (tmp_path / "log.txt").read_text() == "2026-01-02T03:04:05+00:00 one[2J line\n"
    Paper(tmp_path / "none").home().log("lost")
