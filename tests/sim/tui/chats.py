"""A chat of the small customer, and what a reader has seen of it so far."""

from __future__ import annotations

from personas.acts import MediumKind
from scoring import events as ev
from sim.call_view import CallView
from sim.tui.widgets.chat_flow import ChatFlow, ChatLine
from tests.sim.stage import CHAT, Stage, rules


class Watched:
    """One chat, looked at as often as one likes."""

    def __init__(self, stage: Stage | None = None) -> None:
        self.stage = (stage or Stage(CHAT)).start()
        self.view = CallView(self.stage.persona, rules(), MediumKind.CHAT, timed=True)
        self.flow = ChatFlow(self.view)
        self.lines: list[ChatLine] = []
        self._folded = 0

    def look(self, t: int | None = None) -> list[str]:
        """Let the clock run to a time, then return everything seen so far."""
        if t is not None:
            self.stage.run_to(t)
        self.view.apply_all(self.stage.events[self._folded :])
        self._folded = len(self.stage.events)
        self.lines += self.flow.news()
        return [line.entry.text for line in self.lines]

    def running(self) -> ev.ClauseStarted:
        """The message being typed."""
        return self.stage.of(ev.ClauseStarted)[-1]

    def mark_of(self, text: str) -> str:
        self.look()
        return self.flow.mark(next(line.entry for line in self.lines if line.entry.text == text))
