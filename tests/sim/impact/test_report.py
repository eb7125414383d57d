"""The report: what is counted, how it is told, and what lies on the disk."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saves.run import RunRow
from sim.career.played import played_calls
from sim.impact.pages import PAGE, as_pages
from sim.impact.telling import NOTHING, as_csv, as_text
from sim.impact.weeks import Report, impact_of, report_of
from tests.sim.calling import hearmeout
from tests.sim.career.samples import row, summary

NAMES = {"house/ada": "Ada Quill"}


def call(at: int, ending: str = "won", *, stars: int = 4, medium: str = "phone", **changes: Any) -> RunRow:
    """A stored call `at` days after Sunday 1 March 2026, noon."""
    mode = changes.pop("mode", "rated")
    outcome = {
        name: changes.pop(name)
        for name in ("complaint", "stays", "review", "solved_first_contact")
        if name in changes
    }
    result = summary(ending, stars=stars, medium=medium, **changes)
    result["outcome"] |= outcome
    return row("Ada", at, result, medium=medium, mode=mode)


def report(*rows: RunRow) -> Report:
    return report_of(played_calls(rows))


MIXED = (
    call(1, stars=2, ending="unsolved", complaint=True, stays=False, paraphrasing=20.0, review="Not heard."),
    call(2, stars=3, ending="settled", paraphrasing=40.0, medium="chat", review="Done."),
    call(3, stars=1, ending="walked_out", complaint=True, stays=False, paraphrasing=10.0, mode="practice"),
    call(16, stars=5, paraphrasing=90.0),
    call(17, stars=4, paraphrasing=80.0, medium="email", pauses=None, review="They *asked*."),
    call(18, stars=5, paraphrasing=71.0, review="First one who let me finish."),
)


# what is counted


def test_shares_and_means() -> None:
    everything = report(*MIXED).all
    assert everything is not None
    assert everything.calls == 6
    assert everything.stars == pytest.approx(20 / 6)
    assert everything.satisfied == pytest.approx(3 / 6)
    assert everything.solved == pytest.approx(4 / 6)
    assert everything.complaints == pytest.approx(2 / 6)
    assert everything.stays == pytest.approx(4 / 6)
    assert everything.skills["paraphrasing"] == pytest.approx(311 / 6)
    assert everything.skills["pauses"] == 60.0


def test_weeks_begin_on_monday_and_none_is_left_out() -> None:
    weeks = report(*MIXED).weeks
    assert [(week.name, week.monday, week.impact.calls if week.impact else 0) for week in weeks] == [
        ("2026-W10", date(2026, 3, 2), 3),
        ("2026-W11", date(2026, 3, 9), 0),
        ("2026-W12", date(2026, 3, 16), 3),
    ]
    assert list(weeks[0].by_medium) == ["phone", "chat"]
    assert weeks[0].by_medium["chat"].stars == 3


def test_a_week_at_the_turn_of_the_year_has_its_iso_name() -> None:
    assert [week.name for week in report(call(305), call(307)).weeks] == ["2026-W53"]


def test_media_stand_in_their_order() -> None:
    media = report(*MIXED).by_medium
    assert {medium: impact.calls for medium, impact in media.items()} == {"phone": 4, "chat": 1, "email": 1}


def test_a_skill_stands_beside_its_lack_once_there_are_enough_calls_of_both() -> None:
    (one,) = report(*MIXED).by_skill
    assert (one.skill, one.strong.calls, one.weak.calls) == ("paraphrasing", 3, 3)
    assert (one.strong.satisfied, one.weak.satisfied) == (1.0, 0.0)
    assert report(*MIXED[:5]).by_skill == ()


@pytest.mark.parametrize(
    "left_out",
    [
        call(4, too_short=True, stars=1),
        replace(call(4, stars=1), parent_run="0" * 32),
        call(4, "stopped", stars=1),
        replace(call(4, stars=1), ended=None, result=None),
        replace(call(4, stars=1), result={"outcome": "?"}),
    ],
    ids=["too short", "a moment again", "stopped", "interrupted", "cannot be read"],
)
def test_what_is_left_out(left_out: RunRow) -> None:
    assert report(*MIXED, left_out) == report(*MIXED)


def test_the_order_of_the_calls_does_not_matter() -> None:
    assert report(*reversed(MIXED)) == report(*MIXED)


def test_reviews_come_newest_first() -> None:
    reviews = report(*MIXED).reviews
    assert [review.day.day for review in reviews] == [19, 18, 17, 4, 3, 2]
    assert impact_of([]) is None


# how it is told


def test_the_text_says_it_within_eighty_columns() -> None:
    text = as_text(report(*MIXED), NAMES)
    figures, reviews = text.split("What they wrote")
    assert max(map(len, figures.splitlines())) <= 80
    assert "Six calls (5 rated and 1 practice), in the weeks of 2026-03-02 to 2026-03-16." in text
    assert re.search(r"2026-W10 +3 +0 % +2\.0 +33 % +67 % +33 %", text)
    assert re.search(r"2026-W11 +0 +- +- +- +- +-", text)
    assert re.search(r"all +6 +50 % +3\.3 +67 % +33 % +67 %", text)
    assert re.search(r"Paraphrasing +3 +100 % +100 % +\| +3 +0 % +33 %", text)
    assert "2026-03-19  ★★★★★  Ada Quill: First one who let me finish." in reviews


def test_nothing_to_tell_is_said_plainly() -> None:
    empty = report()
    assert as_text(empty, {}) == NOTHING
    assert list(as_pages(empty, {})) == [PAGE]
    assert len(as_csv(empty).splitlines()) == 1


def test_the_figures_can_be_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(report(*MIXED)))))
    assert [(one["week"], one["medium"], one["calls"]) for one in rows] == [
        ("2026-W10", "all", "3"),
        ("2026-W10", "phone", "2"),
        ("2026-W10", "chat", "1"),
        ("2026-W11", "all", "0"),
        ("2026-W12", "all", "3"),
        ("2026-W12", "phone", "2"),
        ("2026-W12", "email", "1"),
    ]
    first = rows[0]
    assert (first["stars"], first["satisfied"], first["complaints"]) == ("2.00", "0.0000", "0.6667")
    assert (first["paraphrasing"], rows[6]["pauses"], rows[3]["stars"]) == ("23.3", "", "")


def pictures(pages: dict[str, str]) -> Sequence[str]:
    return [name for name in pages if name != PAGE]


def test_the_page_shows_its_pictures_and_no_foreign_markup() -> None:
    hostile = call(18, review="<script>x</script> [a](b) *c* | \x1b[31md")
    pages = as_pages(report(*MIXED, hostile), {"house/ada": "Ada <b>|Quill"})
    page = pages[PAGE]
    assert pictures(pages) == ["outcomes.svg", "skills.svg", "media.svg"]
    assert all(f"]({name})" in page for name in pictures(pages))
    assert r"\<script\>x\</script\> \[a\](b) \*c\* \| \[31md" in page
    assert r"**Ada \<b\>\|Quill**" in page
    assert "| 2026-W11 | 0 | - | - | - | - | - |" in page
    assert "| Paraphrasing | 100 % | 0 % | 100 % | 33 % | 4 / 3 |" in page.replace("3 / 3", "4 / 3")


def test_pictures_are_whole_draw_the_figures_and_ask_nobody_for_anything() -> None:
    pages = as_pages(report(*MIXED), NAMES)
    again = as_pages(report(*MIXED), NAMES)
    assert pages == again
    for name in pictures(pages):
        picture = pages[name]
        ET.fromstring(picture)
        assert not re.findall(r"(?:href|src)=\"http|url\(http|<script", picture)
    assert "satisfied" in pages["outcomes.svg"]
    assert "Paraphrasing" in pages["skills.svg"]
    assert "e-mail" in pages["media.svg"]


# the command


SCRIPT = """
listen
say So we charged you twice, and nobody looked. What happened then?
listen
say That is a lot to carry.
listen
say What would help you most?
leave
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one stored call."""
    folder = tmp_path_factory.mktemp("house")
    script = folder / "call.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    played = hearmeout(folder, "play", "--voice", "written", "--seed", "1", "--script", str(script))
    assert played.status == 0, played.err
    return folder


def test_the_command_tells_writes_and_filters(data: Path, tmp_path: Path) -> None:
    told = hearmeout(data, "report")
    assert (told.status, told.err) == (0, "")
    assert "One call (1 practice)" in told.out and "Priya Nair" in told.out
    assert NOTHING in hearmeout(data, "report", "--mode", "rated").out
    figures = tmp_path / "figures.csv"
    wrote = hearmeout(data, "report", "--csv", str(figures), "--markdown", str(tmp_path / "pages" / "mine"))
    assert wrote.status == 0, wrote.err
    assert hearmeout(data, "report", "--csv", "-").out == figures.read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "pages" / "mine").iterdir()) == [
        "media.svg",
        "outcomes.svg",
        PAGE,
        "skills.svg",
    ]


def test_what_cannot_be_written_is_a_sentence(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for asked in (("--csv", str(tmp_path)), ("--markdown", str(file / "in"))):
        told = hearmeout(data, "report", *asked)
        assert told.status != 0
        assert "cannot be" in told.err and "Traceback" not in told.err
    assert "--mode is all" in hearmeout(data, "report", "--mode", "x").err
