from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saves.canonical import canonical_json
from saves.errors import NoSuchRun, NotARunFile, RunFileDamaged, RunFileError, SavesNewer
from saves.lines import first_line
from saves.run import RunFile, chain_start
from saves.runfile import check_chain, default_name, export, read_run, write_run
from saves.store import Store
from scoring.events import FORMAT_VERSION, Event, Spoke
from tests.saves.children import Say, become_nobody, in_child, needs_fork
from tests.saves.make_fixtures import FIXTURES
from tests.saves.samples import MATERIALS, RESULT, RUN_ID, STAMP, conversation, make_header, sample_run
from tests.saves.strategies import events, headers, materials


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.hearmeout"
    write_run(path, sample_run())
    return path


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("shared"), stamp=STAMP) as opened:
        yield opened


def test_there_is_a_fixture_of_every_format() -> None:
    assert {file.name for file in FIXTURES.glob("format*.hearmeout")} == {
        f"format{number}.hearmeout" for number in range(1, FORMAT_VERSION + 1)
    }


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("format*.hearmeout")), ids=lambda file: file.name)
def test_every_format_ever_shipped_can_be_read(fixture: Path) -> None:
    assert read_run(fixture) == sample_run()
    assert check_chain(fixture).intact


def test_today_s_bytes_are_those_of_the_fixture(file: Path) -> None:
    assert file.read_bytes() == (FIXTURES / f"format{FORMAT_VERSION}.hearmeout").read_bytes()


@pytest.mark.parametrize("result", [None, {}, RESULT])
def test_what_is_written_is_read(tmp_path: Path, result: dict[str, object] | None) -> None:
    run = replace(sample_run(), result=result)
    write_run(tmp_path / "a", run)
    assert read_run(tmp_path / "a") == run
    report = check_chain(tmp_path / "a")
    assert (report.intact, report.events, report.line) == (True, 61, None)


def test_a_stored_run_is_exported_as_it_is(store: Store, tmp_path: Path, file: Path) -> None:
    store.begin(make_header(), MATERIALS)
    for event in conversation(2):
        store.append(RUN_ID, [event])
    store.finish(RUN_ID, RESULT)
    export(store, RUN_ID, tmp_path / "exported")
    assert (tmp_path / "exported").read_bytes() == file.read_bytes()
    with pytest.raises(NoSuchRun):
        export(store, "nothing", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_conversation_is_saved_carried_and_read_the_same(
    shared_store: Store, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    played_with = data.draw(materials())
    header = data.draw(headers(uuid.uuid4().hex, played_with))
    log: list[Event] = data.draw(st.lists(events(), max_size=12))
    result = data.draw(st.none() | st.dictionaries(st.text(), st.integers() | st.none(), max_size=3))
    run = RunFile(header, tuple(log), played_with, result)
    folder = tmp_path_factory.getbasetemp()
    write_run(folder / "written", run)
    assert read_run(folder / "written") == run
    assert check_chain(folder / "written").intact
    shared_store.begin(header, played_with)
    shared_store.append(header.run_id, log, durable=False)
    if result is not None:
        shared_store.finish(header.run_id, result)
    export(shared_store, header.run_id, folder / "exported")
    assert (folder / "exported").read_bytes() == (folder / "written").read_bytes()


def test_one_changed_byte_anywhere_is_found_in_its_line(tmp_path: Path, file: Path) -> None:
    write_run(file, replace(sample_run(), events=tuple(conversation(1)[:8])))
    whole = file.read_bytes()
    line = 1
    for place, byte in enumerate(whole):
        # All of the first line's start and every third byte of the rest, changed in two ways.
        if place < 40 or place % 3 == 0 or byte == ord("\n"):
            for other in (byte ^ 1, ord(" ")):
                if other == byte:
                    continue
                file.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
                report = check_chain(file)
                assert not report.intact, (place, whole[place - 20 : place + 20])
                assert report.line == line, (place, report)
                assert str(line) in report.sentence
        line += byte == ord("\n")


@pytest.mark.parametrize("cut", [1, 2, 50, 300, 5000])
def test_a_file_that_breaks_off(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:-cut])
    assert not check_chain(file).intact
    if cut > 1:
        with pytest.raises(RunFileDamaged, match=r"in line \d+: the file breaks off here; get it again"):
            read_run(file)


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def swap(lines: list[bytes]) -> None:
    lines[5], lines[6] = lines[6], lines[5]


def leave_out(lines: list[bytes]) -> None:
    del lines[9]


def repeat(lines: list[bytes]) -> None:
    lines.insert(3, lines[3])


def add(lines: list[bytes]) -> None:
    lines.append(b"\n")


def carriage_returns(lines: list[bytes]) -> None:
    lines[:] = [line.replace(b"\n", b"\r\n") for line in lines]


def spell_otherwise(lines: list[bytes]) -> None:
    lines[2] = lines[2].replace(b'"seq":1', b'"seq": 1')


@pytest.mark.parametrize(
    ("change", "line"),
    [(swap, 6), (leave_out, 10), (repeat, 5), (add, 67), (carriage_returns, 1), (spell_otherwise, 3)],
)
def test_lines_that_were_moved(file: Path, change: Callable[[list[bytes]], None], line: int) -> None:
    lines = lines_of(file)
    assert len(lines) == 65
    change(lines)
    file.write_bytes(b"".join(lines))
    report = check_chain(file)
    assert not report.intact
    assert report.line == (66 if change is add else line)
    assert read_run(file).header == make_header()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"PK\x03\x04",
        b"# notes\n",
        b'{"hearme": 1}\n',
        b"\xff\xfe{\x00",
        b"SQLite format 3\x00",
    ],
)
def test_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.hearmeout"
    path.write_bytes(content)
    with pytest.raises(NotARunFile, match="not a run file of Hear Me Out"):
        read_run(path)
    assert check_chain(path).line == 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"hearmeout":1}\n',
        b'{"hearmeout":1,"header":[]}\n',
        b'{"hearmeout":true,"header":{"format":1}}\n',
        b'{"hearmeout":1,"header":{"format":"1"}}\n',
        b'{"hearmeout":1,"header":{"format":1,"seed":NaN}}\n',
        b'{"hearmeout":1,"header":{"format":1,"seed":1e999}}\n',
        b'{"hearmeout":1,"header":{"format":1,"seed":' + b"9" * 5000 + b"}}\n",
        b'{"hearmeout":1,"header":' + b"[" * 100_000 + b"\n",
        b'{"hearmeout":1,"header":{"format":1},"hash":"\xff"}\n',
        b'{"hearmeout":1,"header":{"format":1},"hash":"\n',
    ],
)
def test_a_first_line_that_makes_no_sense(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "a.hearmeout"
    path.write_bytes(line)
    with pytest.raises(RunFileDamaged, match="damaged in line"):
        read_run(path)
    assert not check_chain(path).intact


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (4, b'{"seq":3,"event":{"kind":"sang","t":1},"hash":""}\n'),
        (62, b'{"materials":{"persona":"","manners":{},"rubric":1},"hash":""}\n'),
        (62, b'{"materials":{"persona":"","manners":{"a":1},"rubric":""},"hash":""}\n'),
        (63, b'{"result":[],"hash":""}\n'),
        (64, b'{"bend":{}}\n'),
        (64, b"[]\n"),
    ],
)
def test_a_line_that_makes_no_sense(file: Path, number: int, line: bytes) -> None:
    lines = lines_of(file)
    lines[number] = line
    file.write_bytes(b"".join(lines))
    with pytest.raises(RunFileDamaged):
        read_run(file)
    report = check_chain(file)
    assert (report.intact, report.line) == (False, number + 1)


def test_half_a_letter_in_a_file_is_a_change_and_no_crash(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"tell = ", b"\\ud800").replace(b"So you paid", b"\\udfff"))
    report = check_chain(file)
    assert (report.intact, report.seq) == (False, 27)
    run = read_run(file)
    assert run.materials.manners["curt"].startswith("\ufffd[")
    assert run.events[27].model_dump()["text"].startswith("\ufffd twice")


def test_a_newer_format(tmp_path: Path) -> None:
    path = tmp_path / "new.hearmeout"
    header = canonical_json({"format": FORMAT_VERSION + 1, "unheard": "of"})
    path.write_bytes(first_line(FORMAT_VERSION + 1, header, chain_start(header)) + b'{"verse":1}\n')
    for read in (read_run, check_chain):
        with pytest.raises(SavesNewer, match="update the program"):
            read(path)


def test_bounds(tmp_path: Path, file: Path) -> None:
    with file.open("ab") as end:
        end.truncate(65 << 20)
    with pytest.raises(RunFileError, match="too long for a run file"):
        read_run(file)
    file.write_bytes(b'{"hearmeout":1,"header":"' + b"x" * (17 << 20))
    with pytest.raises(RunFileDamaged, match="longer than 16 MiB"):
        read_run(file)
    endless = replace(sample_run(), events=(Spoke(t=0, text="x" * (17 << 20)),))
    with pytest.raises(RunFileError, match="too long for a run file"):
        write_run(tmp_path / "endless", endless)
    assert not (tmp_path / "endless").exists()


def test_a_megabyte_of_the_widest_letters_fits(tmp_path: Path) -> None:
    run = replace(sample_run(), events=(Spoke(t=0, text="\U0001f469" * 1_000_000),))
    write_run(tmp_path / "a", run)
    assert read_run(tmp_path / "a") == run


@pytest.mark.parametrize("name", ["missing", "."])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunFileError, match="cannot be read"):
        read_run(tmp_path / name)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "missing" / "a", tmp_path / "folder", tmp_path / ("n" * 300)):
        with pytest.raises(RunFileError, match="choose another place"):
            write_run(path, sample_run())
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


@needs_fork
@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    def work(say: Say) -> None:
        os.chdir(tmp_path)
        become_nobody()
        try:
            write_run(Path("run.hearmeout"), sample_run())
        except RunFileError as error:
            say(str(error))

    assert "cannot be written" in in_child(work)[0]


def test_a_write_that_fails_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()

    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("saves.runfile.os.fsync", no_room)
    with pytest.raises(RunFileError, match="No space left on device"):
        write_run(file, replace(sample_run(), events=()))
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "tests-rosa-2026-01-02-01234567.hearmeout"),
        ({"started_utc": "2026-01-02T23:30:00-05:00"}, "tests-rosa-2026-01-03-01234567.hearmeout"),
        ({"started_utc": "yesterday"}, "tests-rosa-undated-01234567.hearmeout"),
        ({"persona_id": "../../etc/pass wd\x00"}, "etc-pass-wd-2026-01-02-01234567.hearmeout"),
        ({"persona_id": "\u202e", "run_id": ""}, "customer-2026-01-02-run.hearmeout"),
    ],
)
def test_the_name_of_a_file(changes: dict[str, str], name: str) -> None:
    assert default_name(make_header().model_copy(update=changes)) == name


def test_a_file_is_lines_of_ascii_json(file: Path) -> None:
    shown = file.read_bytes().decode("ascii").splitlines()
    assert [next(iter(json.loads(line))) for line in shown] == [
        "hearmeout",
        *["seq"] * 61,
        "materials",
        "result",
        "end",
    ]
    shutil.copy(file, file.with_suffix(".copy"))
    assert check_chain(file.with_suffix(".copy")).intact
