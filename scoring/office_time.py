"""The clock of the office in an e-mail exchange, and how long an answer took by it (listening-science 1.5).

It is a pure function of the events. While keys move, and for as long as it takes to read what was just
opened, a second is a second; all other time runs faster; while the clock stands still nothing passes. So slow
typing and slow reading never cost, and half a minute of doing nothing is a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from personas.schema import Persona
from scoring.mails import opened_at, received
from scoring.rubric import MailRules
from scoring.turn import Turn

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
Span = tuple[int, int]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans without overlaps, in order; empty ones left out."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if high <= low:
            continue
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def _length(spans: Iterable[Span], until: int) -> int:
    return sum(min(high, until) - low for low, high in spans if low < until)


class OfficeTime:
    """Office time of one exchange as far as its turns go."""

    def __init__(
        self, turns: Sequence[Turn], persona: Persona, rules: MailRules, writing_since: int | None = None
    ) -> None:
        """Take what has happened.

        Args:
            turns: the turns of the exchange, from the first.
            persona: the customer, for the words of the desk's items.
            rules: the rubric's mail section.
            writing_since: when a burst of typing that still runs began, ms.
        """
        self._rules = rules
        self._writing_since = writing_since
        self._stopped = _merged(stop for turn in turns for stop in turn.stops)
        slow = [(burst.start, burst.end) for turn in turns for burst in turn.bursts]
        self._slow = _merged([*slow, *self._reading(turns, persona), *self._stopped])

    def _reading(self, turns: Sequence[Turn], persona: Persona) -> Iterable[Span]:
        words = {mail.id: mail.words for mail in received(turns)}
        for mail, at in opened_at(turns).items():
            yield at, at + self._reading_ms(words.get(mail, 0))
        texts = {item.id: item.text for item in persona.desk.items}
        seen: set[str] = set()
        for opening in (opening for turn in turns for opening in turn.desk):
            if opening.item not in seen:
                seen.add(opening.item)
                ready = opening.t + opening.loading_ms
                yield ready, ready + self._reading_ms(len(texts.get(opening.item, "").split()))

    def _reading_ms(self, words: int) -> int:
        return words * MINUTE_MS // self._rules.reading_wpm

    def at(self, t: int) -> int:
        """Return how much office time has passed at a time of the exchange, both in ms."""
        t = max(0, t)
        slow = self._slow
        if self._writing_since is not None and self._writing_since < t:
            slow = _merged([*slow, (self._writing_since, t)])
        covered, stopped = _length(slow, t), _length(self._stopped, t)
        return (t - covered) * self._rules.rate + covered - stopped


@dataclass(frozen=True)
class ReplyTime:
    """How long a customer waited for a word, in office time."""

    first_ms: int
    """From the coming of their first unanswered mail to the reply, or to a holding reply before it."""
    whole_ms: int
    """From the same to the reply itself."""
    held: bool
    """Whether a holding reply came first."""
    kept: bool
    """Whether the whole reply followed the holding reply within the time that such a reply buys."""

    def late_steps(self, rules: MailRules) -> int:
        """Return how much too late it was: 0 in time, 1 late, 2 very late; a broken promise is late, too."""
        steps = (self.first_ms > rules.late_h * HOUR_MS) + (self.first_ms > rules.very_late_h * HOUR_MS)
        return max(steps, int(self.held and not self.kept))

    @property
    def counted_ms(self) -> int:
        """The time that counts: to the holding reply where its promise was kept, else to the whole one."""
        return self.first_ms if self.kept or not self.held else self.whole_ms


def reply_time(turns: Sequence[Turn], persona: Persona, rules: MailRules) -> ReplyTime | None:
    """Return how long the customer waited in the last of some turns; None without a mail or a reply.

    Args:
        turns: the turns of the exchange up to that one, from the first.
        persona: the customer.
        rules: the rubric's mail section.
    """
    turn = turns[-1]
    mails = received([turn])
    if turn.replied_at is None or not mails or mails[0].at > turn.replied_at:
        return None
    office = OfficeTime(turns, persona, rules)
    came, answered = office.at(mails[0].at), office.at(turn.replied_at)
    holds = [office.at(hold.start) for hold in turn.holds if mails[0].at <= hold.start <= turn.replied_at]
    first = min([*holds, answered])
    return ReplyTime(
        first_ms=first - came,
        whole_ms=answered - came,
        held=bool(holds),
        kept=bool(holds) and answered - first <= rules.holding_h * HOUR_MS,
    )


def share_satisfied(ms: int, rules: MailRules) -> float:
    """Return which share of people a reply after so much office time satisfies, by the rubric's steps."""
    return next((share for hours, share in rules.satisfied if ms <= hours * HOUR_MS), 0.0)


def in_words(ms: int) -> str:
    """Return a stretch of office time in words: "under 1 min", "25 min", "1 h 05 min"."""
    minutes = max(0, ms) // MINUTE_MS
    if minutes < 1:
        return "under 1 min"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
