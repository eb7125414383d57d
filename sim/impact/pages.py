"""The report as a Markdown page with its plots as SVG pictures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scoring.debrief_text import skill_name
from scoring.skills import HEADLINE
from scoring.skills.wording import capital
from sim.career.wording import medium_word
from sim.impact.telling import HEADS, NOTHING, cells, covers, percent, points, stars
from sim.impact.weeks import FIGURES, Impact, Report, Week
from sim.text import in_markdown

if TYPE_CHECKING:
    import pygal

PAGE = "report.md"
_COLOURS = ("#1f6f8b", "#5b8c5a", "#c8553d", "#8a6fb0")
"""Told apart by people who see few colours, too; each line also has its own name and dots."""
_SUPERFLUOUS = re.compile(r"<!--.*?-->|<script.*?</script>", re.DOTALL)
"""What the library adds to a picture: the day it was drawn, and settings for a script that is not there."""


def as_pages(report: Report, names: Mapping[str, str]) -> dict[str, str]:
    """Return the files of the report by name: the page, and its pictures.

    Args:
        report: what is told.
        names: customers' names by persona id.
    """
    if report.all is None:
        return {PAGE: f"# What your listening has changed\n\n{NOTHING}\n"}
    pictures = _pictures(report)
    page = "\n".join(_page(report, report.all, names, list(pictures)))
    return {PAGE: f"{page}\n", **pictures}


# pictures


def _pictures(report: Report) -> dict[str, str]:
    weeks, labels = report.weeks, [week.name for week in report.weeks]
    shares = {
        "satisfied": _over(weeks, lambda one: 100 * one.satisfied),
        "solved at once": _over(weeks, lambda one: 100 * one.solved),
        "complaints": _over(weeks, lambda one: 100 * one.complaints),
        "stay": _over(weeks, lambda one: 100 * one.stays),
    }
    skills = {
        capital(skill_name(skill)): _over(weeks, lambda one, skill=skill: one.skills[skill])
        for skill in HEADLINE
    }
    media = report.by_medium
    return {
        "outcomes.svg": _lines_over("outcomes", "Of 100 customers", labels, shares),
        "skills.svg": _lines_over("skills", "Skills, mean of the week, 0-100", labels, skills),
        "media.svg": _bars(
            "media",
            "Of 100 customers, by medium",
            [medium_word(medium) for medium in media],
            {
                "satisfied": [100 * one.satisfied for one in media.values()],
                "solved at once": [100 * one.solved for one in media.values()],
            },
        ),
    }


def _over(weeks: Iterable[Week], of: Any) -> list[float | None]:
    return [None if week.impact is None else of(week.impact) for week in weeks]


def _lines_over(
    name: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]
) -> str:
    import pygal

    return _drawn(pygal.Line, name, title, labels, series, show_dots=True, allow_interruptions=True)


def _bars(name: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    import pygal

    return _drawn(pygal.Bar, name, title, labels, series)


def _drawn(
    kind: type[pygal.Graph],
    name: str,
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    **more: Any,
) -> str:
    from pygal.style import Style

    style = Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground="#444444",
        foreground_strong="#222222",
        foreground_subtle="#999999",
        colors=_COLOURS,
        font_family="sans-serif",
        label_font_size=12,
        legend_font_size=13,
        title_font_size=16,
    )
    chart = kind(
        js=[],
        style=style,
        width=760,
        height=320,
        range=(0, 100),
        legend_at_bottom=True,
        x_label_rotation=30 if len(labels) > 6 else 0,
        truncate_label=-1,
        **more,
    )
    # Its own is drawn at random, and the same calls shall give the same picture.
    chart.uuid = f"hearmeout-{name}"
    chart.title = title
    chart.x_labels = list(labels)
    for called, values in series.items():
        chart.add(called, [None if value is None else round(value, 1) for value in values])
    return _SUPERFLUOUS.sub("", chart.render(is_unicode=True)) + "\n"


# the page


def _page(
    report: Report, everything: Impact, names: Mapping[str, str], pictures: Sequence[str]
) -> Iterator[str]:
    yield "# What your listening has changed"
    yield ""
    yield in_markdown(covers(report))
    yield ""
    for picture, shows in zip(pictures, _ALTERNATIVES, strict=True):
        yield f"![{shows}]({picture})"
        yield ""
    yield "## Week by week"
    yield ""
    rows = [(week.name, cells(week.impact)) for week in report.weeks]
    yield from _table("week", [*rows, ("all", cells(everything))])
    yield "## By medium"
    yield ""
    yield from _table("medium", [(medium_word(key), cells(one)) for key, one in report.by_medium.items()])
    yield from _by_skill(report)
    yield "Satisfied: four or five stars of five. Solved at once: at this first contact, as the customer"
    yield "sees it. Weeks begin on Monday, UTC."
    yield ""
    if report.reviews:
        yield "## What they wrote"
        yield ""
        for review in report.reviews:
            who = in_markdown(names.get(review.persona_id, review.persona_id))
            yield f"- {review.day.isoformat()} {stars(review.stars)} **{who}**: {in_markdown(review.text)}"


_ALTERNATIVES = (
    "Week by week, of 100 customers: satisfied, solved at once, complaints, staying",
    "Week by week: interruptions, paraphrasing, empathy and pauses, 0 to 100",
    "By medium, of 100 customers: satisfied and solved at once",
)


def _table(first: str, rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(HEADS)} |"
    yield "|---|" + "---:|" * len(HEADS)
    yield from (f"| {name} | {' | '.join(values)} |" for name, values in rows)
    yield ""


def _by_skill(report: Report) -> Iterator[str]:
    if not report.by_skill:
        return
    yield "## Calls that showed a skill, beside those that did not"
    yield ""
    strong, weak = f"{FIGURES.strong_from} and more", f"below {FIGURES.weak_below}"
    heads = [f"{what}, {side}" for what in ("satisfied", "solved") for side in (strong, weak)]
    yield f"| skill | {' | '.join(heads)} | calls | mean |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for one in report.by_skill:
        mean = points(report.all.skills[one.skill]) if report.all else "-"
        sides = (one.strong, one.weak)
        shares = [percent(side.satisfied) for side in sides] + [percent(side.solved) for side in sides]
        calls = f"{one.strong.calls} / {one.weak.calls}"
        yield f"| {capital(skill_name(one.skill))} | {' | '.join(shares)} | {calls} | {mean} |"
    yield ""
    yield "A skill goes with its outcomes; that alone does not prove that it made them."
    yield ""
