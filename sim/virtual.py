"""Drives a conversation in virtual time: the clock moves only when told, so any call takes no real time."""

from __future__ import annotations

from sim.conversation.conversation import Conversation

VOICE_WAIT_S = 0.25
"""Real seconds to wait for the voice at a time while the clock stands still."""


class VirtualCall:
    """A conversation and a clock that its user moves; waiting for the voice takes no virtual time."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    @property
    def now(self) -> int:
        """The time on the clock, ms."""
        return self.conversation.now

    def run_to(self, t: int) -> None:
        """Move the clock to a time, letting everything happen on the way."""
        conversation = self.conversation
        while not conversation.over:
            if conversation.starved:
                conversation.await_voice(VOICE_WAIT_S)
                continue
            due = conversation.next_due()
            if due is None or due > t:
                break
            conversation.advance(due)
        if not conversation.over:
            conversation.advance(max(t, conversation.now))

    def step(self) -> bool:
        """Let the next due thing happen; return False when nothing is due or the call is over."""
        conversation = self.conversation
        while conversation.starved and not conversation.over:
            conversation.await_voice(VOICE_WAIT_S)
        due = conversation.next_due()
        if due is None or conversation.over:
            return False
        conversation.advance(due)
        return True

    def listen(self) -> None:
        """Let the customer finish: until the floor is free or the call is over."""
        while not (self.conversation.floor_is_free or self.conversation.over):
            if not self.step():
                return

    def until_customer_speaks(self) -> int | None:
        """Run until the customer holds the floor; return when their turn began, None when they will not."""
        conversation = self.conversation
        while not (conversation.customer_speaking or conversation.over):
            if conversation.floor_is_free or not self.step():
                return None
        spans = conversation.fold.turn.floor_spans
        return spans[-1][0] if conversation.customer_speaking and spans else None

    def until_clause_ends(self) -> bool:
        """Run until a clause of the customer has been said; return False when none is coming."""
        conversation = self.conversation
        said = self._clauses_said()
        while not (conversation.floor_is_free or conversation.over):
            if not self.step():
                return False
            if self._clauses_said() > said:
                return True
        return self._clauses_said() > said

    def _clauses_said(self) -> int:
        return sum(clause.end is not None for turn in self.conversation.fold.turns for clause in turn.clauses)
