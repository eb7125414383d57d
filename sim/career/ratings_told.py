"""Ratings in words and numbers: what a figure means, how well it is known, when a skill comes back."""

from __future__ import annotations

from scoring.debrief_text import skill_name
from scoring.skills import HEADLINE, SKILLS
from scoring.skills.wording import capital
from sim.career.counting import Counts
from sim.career.elo import Rated
from sim.career.figures import FIGURES
from sim.career.record import TrackRecord
from sim.career.spacing import days_until, due_by
from sim.career.views import SkillLine
from sim.career.wording import in_days, is_or_are, listed, number

COUNTED: dict[Counts, str] = {
    Counts.RATED: "rated",
    Counts.LOST: "left, counted as lost",
    Counts.EXCUSED: "left, not counted",
    Counts.PRACTICE: "practice",
    Counts.REPEATED: "played before, not counted",
    Counts.SHORT: "too short, not counted",
    Counts.NO_ATTEMPT: "no attempt",
    Counts.MOMENT: "a moment again",
}
"""What a call counted for, as the screens say it."""
LISTED: dict[Counts, str] = {
    Counts.RATED: "rated",
    Counts.LOST: "lost",
    Counts.EXCUSED: "excused",
    Counts.PRACTICE: "practice",
    Counts.REPEATED: "repeat",
    Counts.SHORT: "short",
    Counts.NO_ATTEMPT: "",
    Counts.MOMENT: "again",
}
"""The same in a list."""
_NAMED = 3
"""Skills that a sentence names; of more it counts them and names the two weakest."""
_ORDER: tuple[Rated, ...] = ("call", *HEADLINE, *(skill for skill in SKILLS if skill not in HEADLINE))


def skill_lines(record: TrackRecord) -> tuple[SkillLine, ...]:
    """Return the rating of the call as a whole and of the ten skills, the headline four first."""
    return tuple(_line(what, record) for what in _ORDER)


def _line(what: Rated, record: TrackRecord) -> SkillLine:
    rating = record.ratings.trainee[what]
    review = None if what == "call" else record.reviews.get(what)
    is_due = review is not None and review.due <= record.today
    return SkillLine(
        name="the whole call" if what == "call" else skill_name(what),
        rating=round(rating.value),
        calls=rating.calls,
        means=_means(what, record) if rating.calls else "where all start",
        sure=_sure(rating.calls),
        due=_due(days_until(review.due, record.today)) if review else "",
        is_due=is_due,
    )


def _due(days: int) -> str:
    return "due today" if days == 0 else in_days(days)


def _means(what: Rated, record: TrackRecord) -> str:
    tier = record.ratings.home_tier(what)
    return f"at home in tier {tier}" if tier else "on the way to tier 1"


def _sure(calls: int) -> str:
    if not calls:
        return "not rated"
    rough = ", rough" if calls < FIGURES.elo.first_calls else ""
    return f"{calls} call{'' if calls == 1 else 's'}{rough}"


def due_sentence(record: TrackRecord) -> str:
    """Return which skills are due today, one sentence; "" for none."""
    due = [one.skill for one in due_by(record.reviews, record.today)]
    if not due:
        return ""
    due.sort(key=lambda skill: record.form.trainee[skill].value)
    if len(due) > _NAMED:
        weakest = listed([skill_name(skill) for skill in due[:2]])
        return f"{capital(number(len(due)))} skills are due today, {weakest} first."
    verb = is_or_are(due[0]) if len(due) == 1 else "are"
    return f"{capital(listed([skill_name(skill) for skill in due]))} {verb} due today."
