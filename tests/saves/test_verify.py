from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from saves.canonical import canonical_model
from saves.errors import NotARunFile
from saves.run import Materials, RunFile
from saves.runfile import write_run
from saves.verify import CANNOT_PROVE, Recomputed, Reread, VerifyReport, render, verify
from scoring.events import MoodMoved
from tests.saves.samples import MATERIALS, conversation, make_header, sample_run


def count_moods(run: RunFile) -> Recomputed:
    """A calculation small enough to see: every mood must move by the same steps."""
    for seq, event in enumerate(run.events):
        if isinstance(event, MoodMoved) and event.trust != 1800:
            return Recomputed(f"trust moved by {event.trust}, recomputed 1800.", seq)
    assert run.result is not None
    outcome = run.result["outcome"]
    return Recomputed(None if outcome == "won" else f"the outcome is {outcome}, recomputed won.")


def check(path: Path, run: RunFile | None = None, **options: object) -> VerifyReport:
    if run is not None:
        write_run(path, run)
    wanted: dict[str, object] = {"rules": {"1"}, "rubric_sha256": MATERIALS.rubric_sha256}
    return verify(path, count_moods, **(wanted | options))  # type: ignore[arg-type]


def statuses(report: VerifyReport) -> tuple[str, ...]:
    return tuple(part.status for part in (report.intact, report.recomputed, report.reread, report.anchored))


def test_a_good_file(tmp_path: Path) -> None:
    challenged = replace(sample_run(), header=make_header(challenge="spring cup"))
    report = check(tmp_path / "a", challenged, challenge="spring cup", reread=lambda _: Reread(2))
    assert statuses(report) == ("yes", "yes", "yes", "yes")
    assert report.is_good
    assert "all 2 replies" in report.reread.sentence


def test_what_was_not_asked_for_is_not_checked(tmp_path: Path) -> None:
    report = check(tmp_path / "a", sample_run())
    assert statuses(report) == ("yes", "yes", "not checked", "not checked")
    assert report.is_good


def test_a_changed_line_is_named_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_run(path, sample_run())
    path.write_bytes(path.read_bytes().replace(b'"trust":1800', b'"trust":1801', 1))
    report = check(path)
    assert statuses(report)[:2] == ("no", "no")
    assert "line 31 (event 29)" in report.intact.sentence
    assert "event 29: trust moved by 1801" in report.recomputed.sentence
    assert not report.is_good


def test_a_chain_made_anew_does_not_hide_a_changed_score(tmp_path: Path) -> None:
    log = [
        event.model_copy(update={"trust": 9}) if isinstance(event, MoodMoved) else event
        for event in conversation(2)
    ]
    forged = replace(sample_run(), events=tuple(log))
    report = check(tmp_path / "a", forged)
    assert statuses(report)[:2] == ("yes", "no")
    assert "event 29" in report.recomputed.sentence
    report = check(tmp_path / "a", replace(sample_run(), result={"outcome": "settled"}))
    assert "the result" in report.recomputed.sentence
    assert not report.is_good


def test_an_unreadable_file_is_not_intact_and_nothing_else_is_claimed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_run(path, sample_run())
    path.write_bytes(path.read_bytes()[:3000])
    report = check(path, challenge="spring cup", reread=lambda _: Reread(2))
    assert statuses(report) == ("no", "not checked", "not checked", "not checked")
    assert "breaks off" in report.intact.sentence


def test_something_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("dear diary")
    with pytest.raises(NotARunFile):
        check(tmp_path / "a")


@pytest.mark.parametrize("name", ["persona", "manners", "rubric"])
def test_texts_that_are_not_the_header_s(tmp_path: Path, name: str) -> None:
    texts = {"persona_text": MATERIALS.persona_text, "rubric_text": MATERIALS.rubric_text}
    others = {
        "persona": Materials(**texts | {"persona_text": "kind"}, manners=MATERIALS.manners),
        "manners": Materials(**texts, manners={}),
        "rubric": Materials(**texts | {"rubric_text": "all get 100"}, manners=MATERIALS.manners),
    }
    report = check(tmp_path / "a", replace(sample_run(), materials=others[name]))
    assert report.intact.status == "no"
    assert f"The {name} text" in report.intact.sentence


def test_another_rubric_text_is_computed_by_the_one_in_the_file(tmp_path: Path) -> None:
    seen: list[str] = []

    def recompute(run: RunFile) -> Recomputed:
        seen.append(run.materials.rubric_text)
        return Recomputed(None)

    write_run(tmp_path / "a", sample_run())
    report = verify(tmp_path / "a", recompute, rules={"1"}, rubric_sha256="0" * 64)
    assert report.recomputed.status == "yes"
    assert "not today's" in report.recomputed.sentence
    assert seen == [MATERIALS.rubric_text]


def test_other_rules_are_not_recomputed(tmp_path: Path) -> None:
    def never(_run: RunFile) -> Recomputed:
        raise AssertionError("rules that this program does not have cannot be followed")

    write_run(tmp_path / "a", replace(sample_run(), header=make_header(rubric_version="2\x1b[2J")))
    report = verify(tmp_path / "a", never, rules={"1"}, rubric_sha256=MATERIALS.rubric_sha256)
    assert report.recomputed.status == "not checked"
    assert (
        report.recomputed.sentence.startswith("Not recomputed") and "--rescore" in report.recomputed.sentence
    )
    assert "\x1b" not in report.recomputed.sentence
    assert not report.is_good


@pytest.mark.parametrize(
    ("outcome", "status", "said"),
    [
        (Reread(3), "yes", "all 3 replies"),
        (Reread(3, ("Reply 2: warmth 0.80, now 0.40.",)), "no", "Reply 2: warmth 0.80, now 0.40."),
        (Reread(9, tuple(f"Reply {n}." for n in range(9))), "no", "And 4 more"),
        (Reread(0, unavailable="it was read by listener trained 3"), "not checked", "by listener trained 3."),
    ],
)
def test_the_listener_again(tmp_path: Path, outcome: Reread, status: str, said: str) -> None:
    report = check(tmp_path / "a", sample_run(), reread=lambda _: outcome)
    assert report.reread.status == status
    assert said in report.reread.sentence
    assert ("stored answers were kept" in report.reread.sentence) == (status == "no")
    assert report.is_good == (status != "no")


@pytest.mark.parametrize(
    ("named", "given", "status", "said"),
    [
        ("a", "a", "yes", "this challenge"),
        ("b\x1b[2J", "a", "no", '"b\\u001b[2J"'),
        (None, "a", "no", "not begun for any"),
        ("a", None, "not checked", 'names "a"'),
        (None, None, "not checked", "names none"),
        ("", "", "yes", "this challenge"),
    ],
)
def test_the_host_s_challenge(
    tmp_path: Path, named: str | None, given: str | None, status: str, said: str
) -> None:
    run = replace(sample_run(), header=make_header(challenge=named))
    report = check(tmp_path / "a", run, challenge=given)
    assert report.anchored.status == status
    assert said in report.anchored.sentence


@pytest.mark.parametrize("change", [lambda data: data, lambda data: data[:900]])
def test_the_report_always_says_what_it_cannot_prove(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "a"
    write_run(path, sample_run())
    path.write_bytes(change(path.read_bytes()))
    shown = render(check(path))
    assert shown.endswith(CANNOT_PROVE)
    assert "forged" in CANNOT_PROVE
    assert [line.split(":")[0] for line in shown.splitlines()[:4]] == [
        "intact",
        "recomputed",
        "listener re-read",
        "anchored",
    ]


def test_verifying_reads_the_same_digits_that_were_saved(tmp_path: Path) -> None:
    seen: list[RunFile] = []
    write_run(tmp_path / "a", sample_run())
    verify(
        tmp_path / "a",
        lambda run: seen.append(run) or Recomputed(None),  # type: ignore[func-returns-value]
        rules={"1"},
        rubric_sha256="",
    )
    assert seen == [sample_run()]
    assert [canonical_model(event) for event in seen[0].events] == [
        canonical_model(event) for event in sample_run().events
    ]
