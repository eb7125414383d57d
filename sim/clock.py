"""The one clock of a call at a screen: machine time in, milliseconds of the call out; it can stand still."""

from __future__ import annotations

from collections.abc import Callable


class CallClock:
    """Counts the milliseconds of one call from a monotonic clock; stopped time is not counted."""

    def __init__(self, now: Callable[[], float], rate: float = 1.0) -> None:
        """Make a clock that stands at 0 until it is started.

        Args:
            now: monotonic seconds; the same clock that stamps the keys.
            rate: milliseconds of the call per real millisecond; 1 but for replays and tests.
        """
        self._now = now
        self._rate = rate
        self._counted = 0.0
        self._since: float | None = None

    @property
    def running(self) -> bool:
        """Whether time goes on."""
        return self._since is not None

    @property
    def rate(self) -> float:
        """Milliseconds of the call per real millisecond."""
        return self._rate

    def set_rate(self, rate: float) -> None:
        """Go on faster or slower from now on.

        Raises:
            ValueError: when the rate is not above 0.
        """
        if rate <= 0:
            raise ValueError("the rate of a clock is above 0")
        running = self.running
        self.stop()
        self._rate = rate
        if running:
            self.start()

    def set(self, t: int) -> None:
        """Put the clock to a time of the call, ms; it goes on running or standing as it did."""
        self._counted = float(t)
        if self._since is not None:
            self._since = self._now()

    def start(self) -> None:
        """Let time go on; nothing happens when it does already."""
        if self._since is None:
            self._since = self._now()

    def stop(self) -> None:
        """Let time stand still; nothing happens when it does already."""
        if self._since is not None:
            self._counted = self._exact(self._now())
            self._since = None

    def moment(self) -> float:
        """Return the machine's clock now, seconds; it goes on while this one stands still."""
        return self._now()

    def now(self) -> int:
        """Return the time of the call, ms."""
        return int(self._exact(self._now()))

    def at(self, moment: float) -> int:
        """Return the time of the call at a moment of the machine's clock, ms.

        A moment before the last start lies in a stop and counts as its end; one later than now counts as now.

        Args:
            moment: seconds on the clock this one reads, such as the time of a key.
        """
        return int(self._exact(min(moment, self._now())))

    def _exact(self, moment: float) -> float:
        if self._since is None:
            return self._counted
        return self._counted + max(0.0, moment - self._since) * 1000 * self._rate
