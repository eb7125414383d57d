"""One call at a screen: clock, conversation, coach and what is kept, behind one set of intents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from personas.schema import RecordItem
from scoring import events as ev
from scoring.call_score import CallScore
from scoring.debrief_text import one_line as coach_line
from sim.call_view import CallView, FloorView, Holder
from sim.clock import CallClock
from sim.conversation.conversation import Conversation, IntentRefused
from sim.conversation.drafting import Draft, DraftMove
from sim.conversation.tokens import MomentTokens
from sim.game import Keep, Table


class LiveCall:
    """A conversation under way; times of keys come in as seconds of the machine's clock."""

    def __init__(self, table: Table, keep: Keep, clock: CallClock, stored: Sequence[ev.Event] = ()) -> None:
        """Prepare a call; `begin` starts it.

        Args:
            table: what it is played with.
            keep: stores each batch of events.
            clock: of this call, standing still.
            stored: the events so far, when a call is gone on with.
        """
        self.table = table
        self.clock = clock
        self.coach = ""
        """Practice: the line that stands while the clock stands still; "" while it runs."""
        self.conversation: Conversation = table.conversation(keep)
        setting = table.setting
        self.view = CallView(setting.persona, setting.rules, setting.medium, timed=setting.timed)
        self._stored = stored
        self._seen = 0
        self._listening = False
        self._draft = Draft(setting.rules.silence.burst_gap_ms)
        self._coached = sum(isinstance(event, ev.Spoke) for event in stored)

    # what the screen reads --------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.conversation.over

    @property
    def timed(self) -> bool:
        """Whether the clock runs; untimed play goes on by `listen_on`, clause by clause."""
        return self.table.setting.timed

    @property
    def practice(self) -> bool:
        """Whether the coach says a line after each reply."""
        return self.table.header.mode == "practice"

    @property
    def now(self) -> int:
        """The time of the call, ms."""
        return self.clock.now()

    @property
    def can_give_back(self) -> bool:
        """Whether the floor just taken can still be given back."""
        return self.conversation.can_withdraw(self.now)

    @property
    def waits_for_voice(self) -> bool:
        """Whether the machine is still looking for the customer's words."""
        return self.conversation.starved

    def floor(self) -> FloorView:
        """Return who has the floor now; where the customer's words are on their way, no silence runs."""
        floor = self.view.floor(self.now)
        if floor.holder is Holder.FREE and not self.conversation.floor_is_free:
            return FloorView(Holder.COMING, typing=floor.typing)
        return floor

    def tokens(self) -> MomentTokens:
        """Return the three short responses of this moment."""
        return self.conversation.tokens()

    def ready_ms(self, item_id: str) -> int | None:
        """Return in how many ms an item of the desk can be read, 0 when it can; None when not opened."""
        ready = self.view.fold.opened.get(item_id)
        return None if ready is None else max(0, ready - self.now)

    def score(self) -> CallScore:
        """Return the score of what has been played."""
        return self.table.score(self.conversation.events)

    # time -------------------------------------------------------------------------------------------------

    def begin(self, pace_percent: int = 100) -> None:
        """Start the clock and the call, or go on with a stored one.

        Args:
            pace_percent: the trainee's pace; 100 is the customer's own.
        """
        talk = self.conversation
        if self._stored:
            talk.go_on(self._stored, max(event.t for event in self._stored))
            self.clock.set(talk.now)
        if pace_percent != talk.fold.pace_percent and not self.over:
            talk.set_pace(talk.now, pace_percent)
        if not self._stored:
            talk.start(0)
        if self.timed:
            self.clock.start()
        self._listening = True
        self._fold_news()

    def tick(self) -> bool:
        """Let everything happen that is due; return whether anything did."""
        if self.over:
            return False
        if not self.timed:
            self._listen()
        elif self.clock.running:
            now = self.clock.now()
            self._compose(self._draft.rest(now))
            self.conversation.advance(now)
        return self._fold_news()

    def _listen(self) -> None:
        """Untimed: let things happen, without any waiting, until a clause has been said."""
        talk, said = self.conversation, self._clauses_said()
        while self._listening and not (talk.over or talk.floor_is_free or self.coach):
            talk.await_voice(0.0)
            due = talk.next_due()
            if due is None:
                break
            talk.advance(due)
            self._listening = self._clauses_said() == said
        self.clock.set(talk.now)

    def _clauses_said(self) -> int:
        return sum(c.end is not None for turn in self.conversation.fold.turns for c in turn.clauses)

    def listen_on(self) -> None:
        """Untimed: hear the next clause; where nothing is timed this is how time passes."""
        self._listening = True
        self.tick()

    def stay_silent(self, seconds: float) -> None:
        """Untimed: say nothing for a while when the floor is free."""
        if self.timed or not self.conversation.floor_is_free:
            raise IntentRefused("They are still talking: listen on." if not self.timed else "Just wait.")
        talk, until = self.conversation, self.conversation.now + round(seconds * 1000)
        while talk.floor_is_free and talk.now < until:
            due = talk.next_due()
            talk.advance(until if due is None else min(due, until))
        self._listening = True
        self.tick()

    def pause(self, reason: ev.ClockReason) -> None:
        """Let time stand still for a reason that is not the trainee's doing."""
        if self.clock.running and not self.over:
            self.tick()
            self.clock.stop()
            self.conversation.mark_clock(self.clock.now(), reason, stopped=True)
            self._fold_news()

    def go_on(self, reason: ev.ClockReason) -> None:
        """Let time go on."""
        self.coach = ""
        if self.timed and not self.clock.running and not self.over:
            self.conversation.mark_clock(self.clock.now(), reason, stopped=False)
            self.clock.start()
            self._fold_news()

    def _fold_news(self) -> bool:
        events = self.conversation.events
        news = events[self._seen :]
        self._seen = len(events)
        self.view.apply_all(news)
        return bool(news)

    # intents; each raises IntentRefused with a sentence for the trainee --------------------------

    def key(self, moment: float, *, empty: bool) -> None:
        """Take a key that changed the draft.

        Args:
            moment: when it was pressed, seconds.
            empty: whether the draft is empty after it.
        """
        if self.over:
            return
        self._compose(self._draft.key(self.clock.at(moment), empty=empty))
        self._fold_news()

    def _compose(self, moves: Sequence[DraftMove]) -> None:
        for move in moves:
            if not self.over:
                # The customer may hang up in the very time that the move lets pass.
                with suppress(IntentRefused):
                    self.conversation.compose(move.t, move.what)

    def send(self, moment: float, text: str, pasted_chars: int = 0) -> None:
        """Speak; in practice the clock then stands still while the coach's line is there."""
        t = self._at(moment)
        if text.strip():
            self._compose(self._draft.sent())
        self._do(lambda: self.conversation.speak(t, text, pasted_chars))
        self._listening = True
        if self.practice and not self.over:
            self._coach()

    def _coach(self) -> None:
        spoken = [turn for turn in self.score().turns if turn.trainee]
        sent = sum(isinstance(event, ev.Spoke) for event in self.conversation.events)
        if not spoken or sent <= self._coached:
            return
        self._coached = sent
        line = coach_line(spoken[-1], self.table.setting.persona)
        if line:
            self.pause("feedback")
            self.coach = line

    def backchannel(self, moment: float, token: str | None = None, channel: ev.Channel | None = None) -> None:
        """Show that you listen, without taking the floor."""
        t = self._at(moment)
        self._do(lambda: self.conversation.backchannel(t, token, channel))

    def give_back(self, moment: float) -> None:
        """Give the floor back right after cutting in."""
        t = self._at(moment)
        if self.coach and self.conversation.can_withdraw(t):
            self.go_on("feedback")
        self._listening = True
        self._do(lambda: self.conversation.withdraw(t))

    def hold(self, moment: float, text: str) -> None:
        """Announce a wait."""
        t = self._at(moment)
        if text.strip() and self.conversation.floor_is_free:
            self._compose(self._draft.sent())
        self._do(lambda: self.conversation.announce_hold(t, text))

    def back(self, moment: float) -> None:
        """Come back from a wait."""
        t = self._at(moment)
        self._do(lambda: self.conversation.end_hold(t))

    def open_item(self, moment: float, item_id: str) -> RecordItem:
        """Ask for an item of the record; it can be read once it has loaded."""
        t = self._at(moment)
        found: list[RecordItem] = []
        if item_id not in self.view.fold.opened:
            self._do(lambda: found.append(self.conversation.open_desk(t, item_id)))
        return next(item for item in self.table.setting.persona.desk.items if item.id == item_id)

    def open_mail(self, moment: float, item: str) -> None:
        """Open a mail."""
        t = self._at(moment)
        self._do(lambda: self.conversation.open_mail(t, item))

    def focus(self, moment: float, *, lost: bool) -> None:
        """Note that the terminal lost or got back the focus."""
        if not self.over:
            t = self.clock.at(moment)
            self._do(lambda: self.conversation.note_focus(t, lost=lost))

    def set_pace(self, percent: int) -> None:
        """Change the customer's pace from the next clause on, 50-200."""
        self._do(lambda: self.conversation.set_pace(self.now, percent))

    def end(self, reason: str) -> None:
        """End the call: "left" from the trainee's side, "stopped" by the stop key."""
        self._do(lambda: self.conversation.end(self.now, "left" if reason == "left" else "stopped"))

    def _at(self, moment: float) -> int:
        return self.clock.at(moment)

    def _do(self, intent: Callable[[], object]) -> None:
        try:
            intent()
        finally:
            self._fold_news()


class StandStill:
    """Lets the time of a call stand still for one reason, unless it stands still already for another."""

    def __init__(self, call: LiveCall, reason: ev.ClockReason) -> None:
        """Take the call, and the reason that is noted."""
        self._call = call
        self._reason = reason
        self._stopped = False

    def begin(self) -> None:
        """Let time stand still."""
        if self._call.clock.running:
            self._stopped = True
            self._call.pause(self._reason)

    def end(self) -> None:
        """Let time go on, if it was this that stopped it."""
        if self._stopped:
            self._stopped = False
            self._call.go_on(self._reason)
