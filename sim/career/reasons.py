"""Why the next call is the next: a few sentences with figures that the trainee can look up."""

from __future__ import annotations

from personas.loader import LoadedPersona
from scoring.debrief_text import skill_name
from scoring.skills.wording import capital, pronouns
from sim.career.advice import Choice, Fit, Mode, lately
from sim.career.figures import FIGURES
from sim.career.played import PlayedCall, calls_with
from sim.career.record import TrackRecord
from sim.career.spacing import Review
from sim.career.tiers import frontier, opens
from sim.career.trends import Weakest, weakest_of
from sim.career.wording import PRACTICE, ago_of, days_ago, is_or_are, it_or_them, listed, number

_FIRST = "A first call to begin with: hear what happened before you mend it."
_ENDED = {
    "unsolved": "Your last call with {who} ended without an answer",
    "walked_out": "In your last call {who} walked out",
    "left": "You left your last call with {who} before its end",
    "stopped": "You stopped your last call with {who}",
}
_MODE_WORDS: dict[Mode, str] = {
    "practice": "Take it as practice first: it does not count, and time stands still after each reply.",
    "rated": "Play it rated: until a call has counted, nobody can say how you do.",
}


def reasons(one: LoadedPersona, choice: Choice, record: TrackRecord) -> tuple[str, ...]:
    """Return why this customer is next, two to four sentences, each true by the trainee's own calls.

    Args:
        one: the customer.
        choice: what was chosen.
        record: what the calls say.
    """
    weakest = weakest_of(record.calls)
    if not record.calls:
        return (_FIRST, _practised(one, None, None))
    trained = weakest if weakest and weakest.skill in one.persona.identity.skills else None
    said: list[str] = []
    if choice.focus is not None:
        said.append(_due(choice.focus, record))
    elif trained is not None:
        said.append(_weak(trained))
    said.append(_who_and_what(one, choice, record))
    here = frontier(record.tiers)
    opening = opens(here, record.tiers) if here and choice.opens else ""
    said.append(opening or _practised(one, choice.focus, trained))
    mode = _how(choice.mode, record)
    return (*said, mode) if mode else tuple(said)


def _due(focus: Review, record: TrackRecord) -> str:
    name = capital(skill_name(focus.skill))
    when = days_ago((record.today - focus.last).days)
    return f"{name} {is_or_are(focus.skill)} due again: {focus.points:.0f} of 100 {when}."


def _who_and_what(one: LoadedPersona, choice: Choice, record: TrackRecord) -> str:
    who = one.persona.customer.short_name
    mine = calls_with(record.calls, one.persona.identity.id)
    met = _last_time(mine[0], who, record) if mine else f"You have not talked to {who} yet"
    known = record.form.trainee["call"].calls >= FIGURES.target.rated_calls_known
    if not known:
        return f"{met}."
    what = f" in {skill_name(choice.focus.skill)}" if choice.focus else ""
    figure = f"about {100 * choice.success:.0f} of 100{what}"
    if choice.fit is Fit.EASY:
        return f"{met}. Everybody open has become easy for you: expect {figure}."
    if choice.fit is Fit.HARD:
        return f"{met}. Nobody open comes easily yet; {who} is the gentlest: expect {figure}."
    if choice.fit is Fit.BORED:
        calls = f"Your last {number(FIGURES.target.streak_calls)} calls"
        easy = f"{calls} came out at {lately(record.calls) or 0:.0f} on average"
        return f"{met}. {easy}, so here is more: expect {figure}."
    if choice.fit is Fit.REACH:
        return f"{met}. A little above you: expect {figure}."
    return f"{met}; by your calls so far expect {figure}."


def _weak(weakest: Weakest) -> str:
    points = f"{weakest.points:.0f} of 100"
    over = _over(weakest)
    name = capital(skill_name(weakest.skill))
    if weakest.points < FIGURES.advice.costs_below:
        return f"{name} cost you most {over}: {points}."
    return f"Of the four headline skills {name.lower()} came out lowest {over}, at {points}."


def _over(weakest: Weakest) -> str:
    calls = "call" if weakest.calls == 1 else f"{number(weakest.calls)} calls"
    if weakest.calls == weakest.latest:
        return f"in your last {calls}"
    return f"in the last {calls} that asked for {it_or_them(weakest.skill)}"


def _last_time(last: PlayedCall, who: str, record: TrackRecord) -> str:
    if last.finished_well:
        return f"You last talked to {who} {ago_of(last.started_utc, record.now)}"
    if last.too_short and last.ending not in ("left", "stopped"):
        return f"Your last call with {who} was too short to learn from"
    return _ENDED.get(last.ending, "Your last call with {who} could not be judged").replace("{who}", who)


def _practised(one: LoadedPersona, focus: Review | None, weakest: Weakest | None) -> str:
    """Return the two skills a customer trains first, the one in front before them."""
    skills = list(one.persona.identity.skills)
    front = focus.skill if focus else weakest.skill if weakest else None
    if front in skills:
        skills.remove(front)
        skills.insert(0, front)
    return f"With {pronouns(one.persona).them} you practise {listed([PRACTICE[one] for one in skills[:2]])}."


def _how(mode: Mode, record: TrackRecord) -> str:
    if mode == "practice":
        return _MODE_WORDS["practice"]
    return "" if record.rated else _MODE_WORDS["rated"]
