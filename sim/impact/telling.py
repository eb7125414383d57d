"""The report as text for a terminal, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from scoring.debrief_text import skill_name
from scoring.skills import HEADLINE, SKILLS
from scoring.skills.wording import capital
from sim.career.wording import counted, listed, medium_word
from sim.impact.weeks import FIGURES, Impact, Report, Week
from sim.text import one_line

NOTHING = "There is no call to report on yet. Play one to its end, and it will be here."
HEADS = ("calls", "satisfied", "stars", "solved at once", "complaints", "stay")
_FIRST = 12
"""Columns of the first column."""
COLUMNS = (
    "week",
    "monday",
    "medium",
    "calls",
    "stars",
    "satisfied",
    "solved_first_contact",
    "complaints",
    "stays",
)
STARS = 5


def percent(share: float) -> str:
    """Return a share 0-1 as "67 %"."""
    return f"{100 * share:.0f} %"


def stars(count: int) -> str:
    """Return 1-5 stars, full ones and empty ones."""
    return "★" * count + "☆" * (STARS - count)


def cells(impact: Impact | None) -> tuple[str, ...]:
    """Return one row of figures, in the order of `HEADS`; dashes where there was no call."""
    if impact is None:
        return ("0", *["-"] * (len(HEADS) - 1))
    return (
        str(impact.calls),
        percent(impact.satisfied),
        f"{impact.stars:.1f}",
        percent(impact.solved),
        percent(impact.complaints),
        percent(impact.stays),
    )


def covers(report: Report) -> str:
    """Return which calls are told of, in one sentence."""
    if report.all is None:
        return NOTHING
    modes = listed([f"{count} {mode}" for mode, count in report.modes.items()])
    first, last = report.weeks[0].monday, report.weeks[-1].monday
    when = f"the week of {first.isoformat()}"
    if first != last:
        when = f"the weeks of {first.isoformat()} to {last.isoformat()}"
    return f"{capital(counted(report.all.calls, 'call'))} ({modes}), in {when}."


def as_text(report: Report, names: Mapping[str, str]) -> str:
    """Return the report for a terminal, at most 80 columns wide but for the reviews.

    Args:
        report: what is told.
        names: customers' names by persona id.
    """
    if report.all is None:
        return NOTHING
    return "\n".join(_lines(report, report.all, names))


def _lines(report: Report, everything: Impact, names: Mapping[str, str]) -> Iterator[str]:
    yield "What your listening has changed"
    yield covers(report)
    yield ""
    yield _row("", HEADS)
    yield from (_row(week.name, cells(week.impact)) for week in report.weeks)
    yield _row("all", cells(everything))
    yield ""
    yield _row("by medium", HEADS)
    yield from (_row(medium_word(medium), cells(impact)) for medium, impact in report.by_medium.items())
    yield ""
    yield from _skill_lines(report)
    yield from _side_by_side(report)
    yield "Satisfied: four or five stars of five. Solved at once: at this first contact,"
    yield "as the customer sees it. Weeks begin on Monday, UTC. Practice calls count;"
    yield "--mode rated leaves them out."
    if report.reviews:
        yield ""
        yield "What they wrote"
        for review in report.reviews[: FIGURES.reviews]:
            who = one_line(names.get(review.persona_id, review.persona_id))
            yield f"{review.day.isoformat()}  {stars(review.stars)}  {who}: {one_line(review.text)}"


def _row(first: str, rest: tuple[str, ...]) -> str:
    widths = [max(len(head), len(percent(1))) for head in HEADS]
    return f"{first:<{_FIRST}}" + "  ".join(
        f"{cell:>{width}}" for cell, width in zip(rest, widths, strict=True)
    )


def _skill_lines(report: Report) -> Iterator[str]:
    yield f"{'skills':<{_FIRST}}" + "  ".join(f"{skill_name(skill):>13}" for skill in HEADLINE)
    for name, impact in [*((week.name, week.impact) for week in report.weeks), ("all", report.all)]:
        values = [impact.skills[skill] if impact else None for skill in HEADLINE]
        yield f"{name:<{_FIRST}}" + "  ".join(f"{points(value):>13}" for value in values)
    yield ""


def points(value: float | None) -> str:
    """Return points 0-100 without decimals; a dash where there were none."""
    return "-" if value is None else f"{value:.0f}"


def _side_by_side(report: Report) -> Iterator[str]:
    if not report.by_skill:
        return
    yield f"Calls that showed a skill ({FIGURES.strong_from} and more) beside those that did not (below"
    yield f"{FIGURES.weak_below}). It goes with the outcome; that alone does not prove that it made it."
    heads = f"{'calls':>8}{'satisfied':>11}{'solved':>8}"
    yield f"{'':<18}{heads}   |{heads}"
    for one in report.by_skill:
        sides = [
            f"{side.calls:>8}{percent(side.satisfied):>11}{percent(side.solved):>8}"
            for side in (one.strong, one.weak)
        ]
        yield f"{capital(skill_name(one.skill)):<18}{sides[0]}   |{sides[1]}"
    yield ""


def as_csv(report: Report) -> str:
    """Return one row per week and medium, and one per week for all media; shares 0-1, skills 0-100."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, *SKILLS))
    for week in report.weeks:
        writer.writerow(_csv_row(week, "all", week.impact))
        for medium, impact in week.by_medium.items():
            writer.writerow(_csv_row(week, medium, impact))
    return out.getvalue()


def _csv_row(week: Week, medium: str, impact: Impact | None) -> list[str]:
    head = [week.name, week.monday.isoformat(), medium]
    if impact is None:
        return [*head, "0", *[""] * (len(COLUMNS) - 4 + len(SKILLS))]
    shares = (impact.satisfied, impact.solved, impact.complaints, impact.stays)
    skills = (impact.skills[skill] for skill in SKILLS)
    return [
        *head,
        str(impact.calls),
        f"{impact.stars:.2f}",
        *(f"{share:.4f}" for share in shares),
        *("" if value is None else f"{value:.1f}" for value in skills),
    ]
