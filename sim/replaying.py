"""A stored conversation played again: its events come back along a clock that can be wound."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scoring import events as ev
from scoring.turns import CallFold, Turn
from sim.call_view import CallView, FloorView
from sim.clock import CallClock
from sim.customer.reaction import Setting

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps of the speed; it may begin at any other."""
GRACE_MS = 1500
"""So long after a turn's beginning, in real time, going back means the turn before it."""


@dataclass(frozen=True)
class TurnPlace:
    """Where one turn lies in the conversation."""

    number: int
    start: int
    """When the customer took the floor for it, ms."""
    replied_at: int | None
    """When the reply was sent, ms; None for a turn without one."""

    def replied_by(self, t: int) -> bool:
        """Return whether its reply had been sent by a time, ms."""
        return self.replied_at is not None and self.replied_at <= t


@dataclass(frozen=True)
class Course:
    """The whole conversation on one line of time; all times in ms."""

    length_ms: int
    turns: tuple[TurnPlace, ...]
    talk: tuple[tuple[int, int], ...]
    """Stretches in which the customer held the floor (e-mail: from a mail's arrival on)."""
    replies: tuple[int, ...]
    signs: tuple[int, ...]
    """When the trainee showed to be listening."""


def course_of(fold: CallFold) -> Course:
    """Return the course of a conversation that has been folded to its end."""
    turns = tuple(place for turn in fold.turns if (place := _place(turn)) is not None)
    end = fold.last_t
    spans = [span for turn in fold.turns for span in turn.floor_spans]
    return Course(
        length_ms=end,
        turns=turns,
        talk=tuple((start, end if stop is None else stop) for start, stop in spans),
        replies=tuple(spoke.t for turn in fold.turns for spoke in turn.spoken),
        signs=tuple(sign.t for turn in fold.turns for sign in turn.backchannels),
    )


def _place(turn: Turn) -> TurnPlace | None:
    starts = [turn.floor_spans[0][0]] if turn.floor_spans else []
    starts += [turn.replied_at] if turn.replied_at is not None else []
    return TurnPlace(turn.number, min(starts), turn.replied_at) if starts else None


class Replaying:
    """Feeds a view with the events of a stored conversation as its clock passes them.

    Events come in the order in which they were stored, each once its own time has passed and every one before
    it has come; so one that is stamped earlier than the one in front of it comes together with that one.
    """

    def __init__(
        self,
        setting: Setting,
        events: Sequence[ev.Event],
        now: Callable[[], float],
        *,
        from_ms: int = 0,
        speed: float = 1.0,
    ) -> None:
        """Begin to play.

        Args:
            setting: what it was played under.
            events: all of them, in stored order.
            now: monotonic seconds.
            from_ms: the time of the conversation to begin at; held within it.
            speed: milliseconds of the conversation per real one.

        Raises:
            ValueError: when the speed is not above 0.
        """
        self._setting = setting
        self._events = tuple(events)
        self._due = tuple(accumulate((event.t for event in self._events), max))
        self._clock = CallClock(now)
        self._clock.set_rate(speed)
        self._wanted = True
        self.fold = CallFold(setting.persona).apply_all(self._events)
        """The whole conversation, folded to its end."""
        self.course: Course = course_of(self.fold)
        self.view: CallView = self._fresh()
        """What has come so far; another object after winding back."""
        self.seek(from_ms)

    def _fresh(self) -> CallView:
        setting = self._setting
        self._fed = 0
        return CallView(setting.persona, setting.rules, setting.medium, timed=setting.timed)

    # what there is to see ---------------------------------------------------------------------------------

    @property
    def length_ms(self) -> int:
        """Time of the last event, ms."""
        return self.course.length_ms

    @property
    def now(self) -> int:
        """The time of the conversation that is shown, ms, within 0 and its length."""
        return max(0, min(self._clock.now(), self.length_ms))

    @property
    def speed(self) -> float:
        """Milliseconds of the conversation per real one."""
        return self._clock.rate

    @property
    def paused(self) -> bool:
        """Whether it was stopped by hand; it is not when it has merely come to its end."""
        return not self._wanted

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self._fed == len(self._events) and self.now >= self.length_ms

    @property
    def turn(self) -> TurnPlace | None:
        """The turn that is shown; None before the first."""
        place = self._turn_at(self.now)
        return None if place < 0 else self.course.turns[place]

    @property
    def answered(self) -> TurnPlace | None:
        """The latest turn whose reply has been sent; None before the first reply."""
        return next((turn for turn in reversed(self.course.turns) if turn.replied_by(self.now)), None)

    def floor(self) -> FloorView:
        """Return who has the floor at the time that is shown."""
        return self.view.floor(self.now)

    # time -------------------------------------------------------------------------------------------------

    def tick(self) -> bool:
        """Let everything come whose time has passed; return whether anything did."""
        due = bisect_right(self._due, self.now)
        news = self._events[self._fed : due]
        self._fed = max(self._fed, due)
        self.view.apply_all(news)
        if self.over:
            self._clock.stop()
        return bool(news)

    def seek(self, ms: int) -> None:
        """Wind to a time of the conversation, ms, held within it; playing or standing, it stays so."""
        self._clock.stop()
        target = max(0, min(ms, self.length_ms))
        self._clock.set(target)
        if bisect_right(self._due, target) < self._fed:
            self.view = self._fresh()
        self.tick()
        self._run()

    def _run(self) -> None:
        if self._wanted and not self.over:
            self._clock.start()

    def pause(self) -> None:
        """Let it stand."""
        self.tick()
        self._wanted = False
        self._clock.stop()

    def go_on(self) -> None:
        """Let it play; from its beginning when it has come to its end."""
        self._wanted = True
        if self.over:
            self.seek(0)
        self._run()

    # speed ------------------------------------------------------------------------------------------------

    def faster(self) -> None:
        """Go to the next faster step, if there is one."""
        self._set_speed(next((step for step in SPEEDS if step > self.speed), self.speed))

    def slower(self) -> None:
        """Go to the next slower step, if there is one."""
        self._set_speed(next((step for step in reversed(SPEEDS) if step < self.speed), self.speed))

    def _set_speed(self, speed: float) -> None:
        self.tick()
        self._clock.set_rate(speed)

    # turns ------------------------------------------------------------------------------------------------

    def _turn_at(self, t: int) -> int:
        """Return the place of the turn that a time lies in; -1 before the first."""
        return bisect_right([turn.start for turn in self.course.turns], t) - 1

    def next_turn(self) -> None:
        """Wind to where the next turn begins; to the end from the last one."""
        place = self._turn_at(self.now) + 1
        turns = self.course.turns
        self.seek(turns[place].start if place < len(turns) else self.length_ms)

    def previous_turn(self) -> None:
        """Wind to where this turn began; shortly after its beginning, to the one before it."""
        turns = self.course.turns
        place = self._turn_at(self.now)
        if place >= 0 and self.now - turns[place].start <= GRACE_MS * self.speed:
            place -= 1
        self.seek(turns[place].start if place >= 0 else 0)
