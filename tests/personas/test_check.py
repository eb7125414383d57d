from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from personas.__main__ import main
from personas.check import check_files
from personas.jsonschema import json_schema
from tests.personas.samples import MANNERS, MINIMAL, edited, line_holding, minimal_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of an author: one good persona, and its manner beside it."""
    (tmp_path / "manners").mkdir()
    (tmp_path / "manners" / "plain.toml").write_text((MANNERS / "plain.toml").read_text(encoding="utf-8"))
    (tmp_path / "good.toml").write_text(minimal_text())
    return tmp_path


def test_good_files_get_one_line_that_says_so(folder: Path) -> None:
    report = check_files([folder / "good.toml", folder / "manners" / "plain.toml"])
    assert str(report) == "Checked 2 files, 0 errors, 0 warnings."


def test_all_files_are_checked_whatever_the_first_one_holds(folder: Path) -> None:
    broken = edited(("tier = 1", "teir = 1"))
    odd = edited(
        ("out_of_reach = true", 'out_of_reach = true\nauthority = ["search"]'),
        ("loading_s = 12", "loading_s = 1"),
    )
    (folder / "broken.toml").write_text(broken)
    (folder / "odd.toml").write_text(odd)
    report = check_files([folder / name for name in ("broken.toml", "none.toml", "odd.toml", "good.toml")])
    assert (report.files, report.errors, len(report.problems)) == (4, 4, 5)
    *lines, last = str(report).split("\n")
    header, wrong = line_holding(broken, "[identity]"), line_holding(broken, "teir")
    items, offer = line_holding(odd, "[[desk.items]]"), line_holding(odd, "out_of_reach") + 1
    assert lines == [
        f"{folder}/broken.toml:{header}: identity.tier: the key 'tier' is missing. Add it.",
        f"{folder}/broken.toml:{wrong}: identity.teir: there is no key 'teir' here. Did you mean 'tier'?",
        f"{folder}/none.toml: there is no such file. Check the name.",
        f"{folder}/odd.toml:{items}: warning: desk.items: no desk item takes 8-20 s to open. "
        "Give one such a loading_s, so that an announced hold has a use.",
        f"{folder}/odd.toml:{offer}: resolutions[2].authority: it is marked out of reach, but rests on "
        "what the trainee may promise (in 'promise'). Remove out_of_reach or authority.",
    ]
    assert last == "Checked 4 files, 4 errors, 1 warning."


def test_a_manner_file_is_checked_as_one(folder: Path) -> None:
    path = folder / "manners" / "plain.toml"
    text = (
        path.read_text()
        .replace("That suits me.", "Yes, please do that!")
        .replace("Enough of that!", "[b]Enough!")
    )
    path.write_text(text)
    found = [(problem.line, problem.key) for problem in check_files([path]).problems]
    assert found == [
        (line_holding(text, "Yes, please do that!"), "lines.accept.low[1]"),
        (line_holding(text, "[b]"), "lines.cut_in.high[1]"),
    ]


def test_a_manner_given_beside_the_persona_is_known(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(minimal_text())
    alone = check_files([tmp_path / "good.toml"])
    assert [problem.key for problem in alone.problems] == ["customer.manner"]
    assert check_files([tmp_path / "good.toml", MANNERS / "plain.toml"]).problems == ()


RECALL = """
[[recalls]]
promise = "{promise}"
text = "a second parcel"
came = "kept"
line = "You said you would send another."
unsure = "Somebody spoke of another one."
"""


def test_personas_it_builds_on_are_looked_up_among_the_files(folder: Path) -> None:
    goes_on = 'tier = 1\nsequel_of = "tests/late-parcel"'
    second = edited(("tests/late-parcel", "tests/second"), ("tier = 1", goes_on))
    (folder / "second.toml").write_text(second + RECALL.format(promise="search_today"))
    (problem,) = check_files([folder / "second.toml"]).problems
    assert (problem.key, problem.severity) == ("identity.sequel_of", "warning")
    assert check_files([folder / "second.toml", folder / "good.toml"]).problems == ()
    (folder / "second.toml").write_text(second + RECALL.format(promise="nothing"))
    (problem,) = check_files([folder / "second.toml", folder / "good.toml"]).problems
    assert (problem.key, problem.severity) == ("recalls[0].promise", "error")
    assert "has no resolution 'nothing'" in problem.reason


def test_the_command_ends_with_a_status(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "good.toml")]) == 0
    assert capsys.readouterr().out == "Checked 1 file, 0 errors, 0 warnings.\n"
    assert main(["check", str(folder / "none.toml")]) == 1
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.endswith(json_schema())
    assert main([]) == main(["check"]) == main(["frobnicate"]) == 2
    assert "Usage" in capsys.readouterr().err


def test_it_runs_as_a_module_without_the_game() -> None:
    code = (
        "import sys; from personas.__main__ import main; "
        f"status = main(['check', {str(MINIMAL)!r}]); "
        "heavy = {'textual', 'rich', 'sqlalchemy', 'alembic', 'llama_cpp'} & set(sys.modules); "
        "sys.exit(status or bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
