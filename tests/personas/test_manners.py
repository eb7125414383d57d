from __future__ import annotations

from pathlib import Path

from personas.acts import Act, Band
from personas.check import check_files
from personas.loader import LoadedPersona, load_file, load_library
from personas.manners import lines_for, load_manners, misfits_for, thoughts_for
from personas.schema import Manner, Persona
from tests.personas.samples import MANNERS, MINIMAL


def persona() -> Persona:
    result = load_file(MINIMAL)
    assert isinstance(result, LoadedPersona)
    return result.persona


def shelf() -> dict[str, Manner]:
    plain = load_manners([MANNERS]).loaded["plain"]
    tables = {"tell": {"low": ["It fits all.", "Let me go on."]}, "test": {"high": ["And?"]}}
    common = Manner.model_validate(
        {
            "schema": 1,
            "manner": "common",
            "about": "For all.",
            "misfits": ["Great!", "Cool.", "Yay."],
            "lines": tables,
            "thoughts": {"silence_held": ["A breath."], "blamed": ["My fault, then."]},
        }
    )
    return {"plain": plain, "common": common}


def test_own_lines_come_first_then_the_manners_then_the_common_ones_each_once() -> None:
    assert lines_for(persona(), shelf(), Act.TELL, Band.LOW) == (
        "I ought to mention this, dear.",
        "Let me go on.",
        "There is more to it.",
        "It fits all.",
    )


def test_a_missing_manner_leaves_what_else_there_is() -> None:
    assert lines_for(persona(), {}, Act.TELL, Band.LOW) == ("I ought to mention this, dear.",)
    assert lines_for(persona(), {"common": shelf()["common"]}, Act.TEST, Band.HIGH) == ("And?",)
    assert lines_for(persona(), {}, Act.TEST, Band.HIGH) == ()


def test_scripted_acts_have_no_lines_here() -> None:
    assert lines_for(persona(), shelf(), Act.OPEN, Band.LOW) == ()


def test_thoughts_and_misfits_fall_back_the_same_way() -> None:
    assert thoughts_for(persona(), shelf(), "silence_held") == (
        "They let me finish.",
        "It was quiet for a moment.",
        "A breath.",
    )
    assert thoughts_for(persona(), shelf(), "blamed") == ("My fault, then.",)
    assert thoughts_for(persona(), shelf(), "stacked") == ()
    assert misfits_for(persona(), shelf()) == ("Great!", "No worries!", "Lovely!", "Cool.", "Yay.")


def test_broken_manner_files_are_named_and_hide_no_others(tmp_path: Path) -> None:
    good = (MANNERS / "plain.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text("manner =")
    (tmp_path / "b.toml").write_text(good.replace("[lines.tell]", "[lines.tel]"))
    (tmp_path / "c.toml").write_text(good)
    (tmp_path / "d.toml").write_text(good)
    (tmp_path / "e.toml").write_text(good.replace('"plain"', '"other"'))
    found = load_manners([tmp_path])
    assert {"plain", "other"} <= set(found.loaded)
    shown = [(Path(problem.file).name, problem.key) for problem in found.problems]
    assert shown == [("a.toml", ""), ("b.toml", "lines.tel"), ("d.toml", "manner")]
    assert "Did you mean 'tell'?" in str(found.problems[1])
    assert "already a manner 'plain'" in str(found.problems[2])


def test_what_comes_with_the_program_passes_its_own_check() -> None:
    manners = load_manners()
    assert not manners.problems
    folder = Path(load_manners.__code__.co_filename).parent
    files = sorted(folder.glob("library/*.toml")) + sorted(folder.glob("manners/*.toml"))
    report = check_files(files)
    assert report.problems == ()
    assert len(load_library([]).loaded) == len(sorted(folder.glob("library/*.toml")))
