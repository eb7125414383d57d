"""`python -m scoring read` and the skills made of checks."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring.__main__ import main
from scoring.listener.base import CHECKS
from scoring.listener.rows import SKILLS, RowError, row_of, skills_of_checks

_ROOT = Path(__file__).resolve().parents[3]
_GOOD = {
    "id": "a",
    "context": ["I was charged twice and nobody called me back."],
    "response": "So two charges and no call. That must be maddening. Have I got that right?",
}
_GOOD_2 = {"id": 7, "context": [], "reply": "What happened?"}


def _lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _read(path: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]], str]:
    code = main(["read", path])
    captured = capsys.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err


def _checks(**given: float | None) -> dict[str, float | None]:
    return {**dict.fromkeys(CHECKS, 0.0), "parrots": None, "re_asks": None, **given}


def test_rows_are_answered_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(_lines(_GOOD, _GOOD_2) + b"\n")
    code, answers, err = _read(str(path), capsys)
    assert (code, err) == (0, "")
    assert [answer["id"] for answer in answers] == ["a", 7]
    assert set(answers[0]) == {"id", "checks", "skills", "ms"}
    assert tuple(answers[0]["checks"]) == CHECKS
    assert tuple(answers[0]["skills"]) == SKILLS
    assert answers[0]["checks"]["checks_understanding"] >= 0.5
    assert answers[0]["skills"]["paraphrasing"] == 100
    assert answers[0]["ms"] >= 0
    assert answers[1]["checks"]["asks_open"] >= 0.5
    assert answers[1]["checks"]["parrots"] is None


def test_gzip_is_known_by_its_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("rows.jsonl.gz", "rows.jsonl"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(_lines(_GOOD)))
        code, answers, _ = _read(str(path), capsys)
        assert (code, answers[0]["id"]) == (0, "a")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_standard_input_as_a_command(packed: bool) -> None:
    sent = gzip.compress(_lines(_GOOD)) if packed else _lines(_GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "scoring", "read", "-"],
        cwd=_ROOT,
        input=sent,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "a"


@pytest.mark.parametrize(
    ("bad", "row_id"),
    [
        (b"not json\n", None),
        (b"[1, 2]\n", None),
        (b"\xff\xfe\n", None),
        (_lines({"context": [], "reply": "hello"}), None),
        (_lines({"id": True, "reply": "hello"}), None),
        (_lines({"id": "x", "context": []}), "x"),
        (_lines({"id": "x", "context": "hello", "reply": "hello"}), "x"),
        (_lines({"id": "x", "context": [3], "reply": "hello"}), "x"),
        (b"[" * 100_000 + b"\n", None),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_read(
    bad: bytes, row_id: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(_lines(_GOOD) + bad + _lines(_GOOD_2))
    code, answers, err = _read(str(path), capsys)
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", row_id, 7]
    assert set(answers[1]) == {"id", "error"}
    assert f"{path}, line 2: " in err


def test_odd_ids_and_texts_come_back_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(_lines({"id": "\ud800é", "reply": "\ud800 \x00 so you waited?"}))
    code, answers, _ = _read(str(path), capsys)
    assert (code, answers[0]["id"]) == (0, "\ud800é")


def test_a_missing_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answers, err = _read(str(tmp_path / "none.jsonl"), capsys)
    assert (code, answers) == (2, [])
    assert "cannot be read" in err
    assert err.count("\n") == 1


def test_a_gzip_file_that_ends_early_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(_lines(_GOOD))[:-12])
    code, _, err = _read(str(path), capsys)
    assert code == 2
    assert "cannot be read" in err


def test_a_listener_that_is_not_installed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.__main__.LISTENERS", {})
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["read", "-", "--listener", "trained"]) == 2
    assert "--listener rules" in capsys.readouterr().err


def test_row_of_takes_reply_or_response_and_no_context() -> None:
    assert row_of('{"id": "x", "reply": "hi"}').context == ()
    assert row_of('{"id": 1, "context": ["a"], "response": "hi"}') == (1, ("a",), "hi")
    with pytest.raises(RowError, match="reply"):
        row_of('{"id": "x"}')


@pytest.mark.parametrize(
    ("given", "skill", "score"),
    [
        ({}, "paraphrasing", 0),
        ({"acknowledges": 1.0}, "paraphrasing", 20),
        ({"restates": 1.0, "parrots": 1.0}, "paraphrasing", 30),
        ({"restates": 1.0, "parrots": 1.0, "checks_understanding": 1.0}, "paraphrasing", 50),
        ({"restates": 1.0, "parrots": 0.0}, "paraphrasing", 50),
        ({"restates": 1.0, "reflects_feeling": 1.0}, "paraphrasing", 85),
        ({"restates": 1.0, "reflects_feeling": 1.0, "checks_understanding": 1.0}, "paraphrasing", 100),
        ({"restates": 1.0, "reflects_feeling": 1.0, "contradicts": 1.0}, "paraphrasing", 20),
        ({"dismisses": 1.0, "warmth": 1.0}, "empathy", 0),
        ({"warmth": 0.5}, "empathy", 50),
        ({"warmth": 0.49}, "empathy", 25),
        ({"warmth": 1.0, "reflects_feeling": 1.0, "specific_empathy": 1.0}, "empathy", 100),
        ({}, "questions", None),
        ({"asks_closed": 1.0}, "questions", 50),
        ({"asks_open": 1.0, "restates": 1.0}, "questions", 100),
        ({"asks_open": 1.0, "stacks_questions": 1.0}, "questions", 60),
        ({"asks_open": 1.0, "re_asks": 1.0}, "questions", 20),
        ({"blames_or_leads": 1.0}, "questions", 40),
        ({"acknowledges": 1.0}, "engagement", 60),
        ({"restates": 1.0, "re_asks": 1.0}, "attention", 0),
        ({}, "commitments", None),
        ({"commits": 1.0, "overpromises": 1.0}, "commitments", 0),
        ({"commits": 1.0, "gives_solution": 1.0}, "commitments", 100),
        ({"cites_policy_bare": 1.0}, "commitments", 20),
        ({"restates": 1.0}, "pauses", None),
        ({"restates": 1.0}, "interruptions", None),
        ({"restates": 1.0}, "cues", None),
        ({"restates": 1.0}, "record", None),
    ],
)
def test_skills_of_checks(given: dict[str, float], skill: str, score: float | None) -> None:
    assert skills_of_checks(_checks(**given))[skill] == score
