"""How a call ended: stars and review, what follows, why, what stayed shut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len

from scoring.debrief import END_WORDS, Debrief
from scoring.debrief_text import clock
from scoring.skills.wording import capital
from sim.debriefing import DebriefView
from sim.text import one_line
from sim.tui.widgets.moment import wrapped
from sim.tui.widgets.plain_text import Part, PlainText
from sim.tui.widgets.skill_bars import joined

MEASURE = 84
"""Cells after which a line is hard to read."""
_MEDIA = {"phone": "phone", "video": "video", "chat": "chat", "email": "e-mail"}


def stars(debrief: Debrief) -> str:
    """Return the customer's stars, "" while there is no outcome."""
    if debrief.outcome is None:
        return ""
    return "★" * debrief.outcome.csat_stars + "☆" * (5 - debrief.outcome.csat_stars)


def ending(debrief: Debrief) -> str:
    """Return how it ended, in a few words."""
    outcome = debrief.outcome
    if outcome is None:
        return "not finished"
    ends = END_WORDS.get(outcome.ending, outcome.ending)
    return f"{ends} · solved at first contact" if outcome.solved_first_contact else _unsolved(ends)


def _unsolved(ends: str) -> str:
    return ends if ends == END_WORDS["unsolved"] else f"{ends} · not solved"


def head_line(view: DebriefView, width: int) -> list[Part]:
    """Return the first line: title, name, medium and length at the left, the ending at the right.

    Args:
        view: the debrief.
        width: cells; name and medium are left out where there is no room for them.
    """
    debrief = view.debrief
    medium, length = _MEDIA.get(debrief.medium, debrief.medium), clock(debrief.length_ms)
    title, name, ends = one_line(debrief.title), one_line(debrief.name), ending(debrief)
    rests = (f" · {name} · {medium} · {length}", f" · {name} · {length}", f" · {length}", "")
    room = width - cell_len(ends) - 2
    rest = next((one for one in rests if cell_len(title) + cell_len(one) <= room), "")
    if cell_len(title) > room:
        title = wrapped(title, max(2, room - 1))[0] + "…"
    space = max(2, width - cell_len(title) - cell_len(rest) - cell_len(ends))
    return [(title, "bold $foreground"), (rest, "$quiet"), (" " * space, ""), (ends, "bold $foreground")]


def review_lines(view: DebriefView, width: int) -> list[list[Part]]:
    """Return the stars with the review beside them."""
    debrief = view.debrief
    if debrief.outcome is None:
        return [[("This call was not played to its end, so nobody has written a review.", "$quiet")]]
    says = debrief.outcome.review
    written = debrief.outcome.ending not in ("left", "stopped")
    lines = wrapped(f"“{says}”" if written else says, max(8, min(width, MEASURE + 8) - 7))
    style = "italic $customer" if written else "$quiet"
    found: list[list[Part]] = [[(stars(debrief), "$customer"), ("  ", ""), (lines[0], style)]]
    return found + [[(" " * 7, ""), (line, style)] for line in lines[1:]]


def outcome_lines(view: DebriefView, width: int, *, review: bool) -> Iterator[list[Part]]:
    """Yield the lines of how it ended and why.

    Args:
        view: the debrief.
        width: cells.
        review: whether stars and review are among them.
    """
    debrief, outcome = view.debrief, view.debrief.outcome
    width = min(width, MEASURE)
    if review or outcome is None:
        yield from review_lines(view, width)
        yield []
    if outcome is not None:
        yield [(_follows(debrief), "bold $foreground")]
        for why in outcome.why:
            for line in wrapped(why, width):
                yield [(line, "$foreground")]
        if outcome.thought:
            yield from [[]] if review else []
            yield [(f"As it ended {one_line(debrief.short_name)} thought", "$quiet")]
            for line in wrapped(outcome.thought, width):
                yield [(line, "italic $customer")]
    yield from _unopened(debrief, width, listed=review)


def _follows(debrief: Debrief) -> str:
    outcome, they = debrief.outcome, capital(debrief.they)
    assert outcome is not None
    many = debrief.they == "they"
    if outcome.ending == "stopped":
        return "Stopped: nothing follows from it."
    complains = ("complain" if many else "complains") if outcome.complaint else ""
    stays = ("stay a customer" if many else "stays a customer") if outcome.stays else ""
    leaves = "" if outcome.stays else ("leave" if many else "leaves")
    calm = "" if outcome.complaint else ", and there is no complaint"
    return f"{they} {' and '.join(part for part in (complains, stays, leaves) if part)}{calm}."


def _unopened(debrief: Debrief, width: int, *, listed: bool) -> Iterator[list[Part]]:
    if not debrief.unopened:
        return
    count = len(debrief.unopened)
    things = "One more thing was" if count == 1 else f"{count} more things were"
    heading = f"{things} there to be told. What opens {'it' if count == 1 else 'them'}"
    yield []
    if not listed and not any(one.gist for one in debrief.unopened):
        opens = "; ".join(dict.fromkeys(one.opens for one in debrief.unopened))
        for line in wrapped(f"{heading}: {opens}.", width):
            yield [(line, "$foreground")]
        return
    yield [(heading, "$quiet")]
    for one in dict.fromkeys(debrief.unopened):
        text = f"{capital(one.gist)}: {one.opens}" if one.gist else capital(one.opens)
        for number, line in enumerate(wrapped(text, width - 2)):
            yield [("· " if number == 0 else "  ", "$quiet"), (line, "$foreground")]


class HeadLine(PlainText):
    """The first line."""

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self.size.width >= 20:
            self.show(head_line(self._view, self.size.width), layout=False)


class ReviewText(PlainText):
    """Stars and review."""

    DEFAULT_CSS = """
    ReviewText {
        height: auto;
    }
    """

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self.size.width >= 20:
            self.show(joined(review_lines(self._view, self.size.width)))


class OutcomeText(PlainText):
    """How it ended and why."""

    DEFAULT_CSS = """
    OutcomeText {
        height: auto;
    }
    """

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view
        self._review = False

    def set_review(self, review: bool) -> None:
        """Show stars and review here as well, or do not."""
        self._review = review
        self._draw()

    def on_resize(self) -> None:
        """Draw to the new width."""
        self._draw()

    def _draw(self) -> None:
        if self.size.width >= 20:
            self.show(joined(list(outcome_lines(self._view, self.size.width, review=self._review))))
