"""One conversation: intents in, events out, the next due thing always known. No screen, no wall clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from personas.manners import Manners
from personas.schema import RecordItem
from saves.canonical import clean_text
from scoring import events as ev
from scoring.floor import is_terminal
from scoring.listener.base import Listener
from scoring.material import read_reply, touchables
from scoring.turns import CallFold
from sim.conversation.delivery import Delivery
from sim.conversation.drafting import Move
from sim.conversation.pace import Pace
from sim.conversation.refusing import IntentRefused as IntentRefused
from sim.conversation.refusing import check_channel, check_mail
from sim.conversation.resuming import closing_events
from sim.conversation.stopping import END_REASONS, after_reply, cut_in_on_long_reply, stop_for_reply
from sim.conversation.tokens import MomentTokens, backchannel_event, tokens_of
from sim.conversation.waiting import Waiting
from sim.customer import reaction as react
from sim.customer.asking import ask_voice, coming_request
from sim.customer.ledger import Ledger
from sim.customer.reaction import Reaction, Setting
from sim.customer.speaker import Speaker

_FLOOR_TAKEN = (ev.Spoke, ev.CustomerCutOff, ev.Yielded)  # only after a cut can it be given back


class Conversation:
    """Owns all state of one conversation; screens and scripts send it intents and draw what it says."""

    def __init__(
        self,
        setting: Setting,
        manners: Manners,
        listener: Listener,
        speaker: Speaker,
        keep: Callable[[Sequence[ev.Event]], None],
    ) -> None:
        """Prepare a conversation; `start` or `go_on` begins it.

        Args:
            setting: persona, rules, medium, seed.
            manners: shared lines, for the tokens of a moment.
            listener: who reads the replies.
            speaker: who speaks for the customer.
            keep: stores a batch of events before their effect is shown; what it raises goes to the caller.
        """
        self.setting = setting
        self.fold = CallFold(setting.persona)
        self.ledger = Ledger(setting.persona)
        self.events: list[ev.Event] = []
        self._manners = manners
        self._listener = listener
        self._keep = keep
        self._material = touchables(setting.persona)
        self._pace = Pace(setting.persona, setting.rules.pace, setting.medium)
        self._delivery = Delivery(
            setting.persona,
            setting.medium,
            speaker,
            self._emit,
            lambda words: self._pace.clause_ms(words, self.fold.mood, self.fold.pace_percent),
            lambda: self._pace.pause_ms(self.fold.pace_percent),
        )
        self._waiting = Waiting(setting)
        self._kept = 0
        self._now = 0
        self._react_at: int | None = None

    # what the world sees

    @property
    def now(self) -> int:
        """The latest time this conversation knows of, ms."""
        return self._now

    @property
    def over(self) -> bool:
        """Whether the conversation has ended."""
        return self.fold.ended is not None

    @property
    def customer_speaking(self) -> bool:
        """Whether the customer holds the floor."""
        return self._delivery.on

    @property
    def floor_is_free(self) -> bool:
        """Whether it is the trainee's turn: nobody speaks and no reaction is on its way."""
        return not (self.over or self._delivery.on or self._delivery.coming or self._react_at is not None)

    @property
    def starved(self) -> bool:
        """Whether nothing can happen before the voice gives another sentence."""
        return self._delivery.starved

    def tokens(self) -> MomentTokens:
        """Return the three specific short responses of this moment."""
        return tokens_of(self.setting.persona, self._manners, self.fold, self.setting.seed)

    def can_withdraw(self, t: int) -> bool:
        """Return whether a reply that cut in can still be taken back at a time."""
        overlaps = self.fold.turn.overlaps
        if self.over or self._react_at is None or not overlaps:
            return False
        last = next(event for event in reversed(self.events) if isinstance(event, _FLOOR_TAKEN))
        cut_in = isinstance(last, ev.CustomerCutOff)
        return cut_in and t - overlaps[-1].t <= self.setting.rules.floor.yield_ms

    def flush(self) -> None:
        """Store every event that is not stored yet; when that fails, the next call tries again."""
        if self._kept < len(self.events):
            self._keep(self.events[self._kept :])
            self._kept = len(self.events)

    # time

    def start(self, t: int = 0) -> None:
        """Begin the conversation: the customer opens."""
        self._now = t
        self._decided(react.to_start(self.setting, self.fold, self.ledger, t), t)
        self.advance(t)

    def go_on(self, events: Sequence[ev.Event], t: int) -> None:
        """Take up a conversation that was interrupted; the time between is counted for nobody.

        Args:
            events: all events stored so far.
            t: the time from which it goes on; not before the last event.
        """
        self.events = list(events)
        self._kept = len(self.events)
        self.fold.apply_all(events)
        self.ledger.apply_all(events)
        self._now = now = max(t, self.fold.last_t)
        if self.over:
            return
        for event in closing_events(self.fold, now):
            self._emit(event)
        if self.fold.turn.spoken:
            if self.fold.turn.reading is None:
                self._emit(read_reply(self._listener, self.fold, self._material, now))
            self._react_at = now
        elif not self.ledger.notes:
            self._decided(react.to_start(self.setting, self.fold, self.ledger, now), now)
        elif react.must_return(self.setting, self.ledger):
            self._decided(react.to_return(self.setting, self.fold, self.ledger, now), now)
        else:
            self._waiting.floor_is_free(now, self.fold, self.ledger)
        self.advance(now)

    def next_due(self) -> int | None:
        """Return when the next thing happens by itself, ms; None while the voice is awaited or at the end."""
        if self.over or self.starved:
            return None
        if self._delivery.on or self._delivery.coming:
            due = self._delivery.due()
        else:
            due = self._react_at if self._react_at is not None else self._waiting.due(self.fold)
        return None if due is None else max(due, self._now)

    def advance(self, t: int) -> None:
        """Let everything happen that is due by a time, and take what the voice has ready."""
        self._run_to(t)
        self.flush()

    def _run_to(self, t: int) -> None:
        t = max(t, self._now)
        while not self.over:
            self._delivery.take(t, 0.0)
            due = self.next_due()
            if due is None or due > t:
                break
            self._now = due
            self._happen(due)
        self._now = t

    def await_voice(self, timeout_s: float) -> None:
        """Wait for the voice without letting time pass, then go on; for clocks that stand still."""
        self._delivery.take(self._now, timeout_s)
        self.advance(self._now)

    def _happen(self, t: int) -> None:
        if self._delivery.on or self._delivery.coming:
            ended = self._delivery.happen(t)
            if ended:
                self._after_turn(t)
        elif self._react_at is not None:
            self._react(t)
        else:
            self._after_silence(t)

    def _after_turn(self, t: int) -> None:
        ending = self._delivery.ending
        if ending in ("won", "settled", "unsolved", "walked_out"):
            if ending == "walked_out":
                self._emit(ev.HungUp(t=t))
            self._emit(ev.Ended(t=t, reason=END_REASONS[ending], ending=ending))
        elif self.fold.turn.spoken:
            self._react_at = t + self._pace.gap_ms
        else:
            self._waiting.floor_is_free(t, self.fold, self.ledger)
            self._delivery.prepare(coming_request(self.setting, self.fold, self.ledger))

    def _react(self, t: int) -> None:
        self._react_at = None
        self._decided(react.after_reply(self.setting, self.fold, self.ledger, t), t)

    def _after_silence(self, t: int) -> None:
        if (over := self._waiting.over(self.fold)) is None:
            return
        if over.beat is not None:
            self._decided(react.to_beat(self.setting, self.fold, self.ledger, over.beat, t), t)
        else:
            if self._waiting.holding:
                self._emit(ev.HoldEnded(t=t))
            self._decided(react.to_dead_air(self.setting, self.fold, self.ledger, t), t)

    def _decided(self, reaction: Reaction, t: int) -> None:
        self._waiting.floor_is_taken()
        speaking, request = ask_voice(self.setting, self.fold, self.ledger, reaction)
        self._delivery.decide(reaction, speaking, request, t)

    def _emit(self, event: ev.Event) -> None:
        self.events.append(event)
        self.fold.apply(event)
        self.ledger.apply(event)

    # the trainee

    def _before(self, t: int) -> None:
        self.advance(t)
        if self.over:
            raise IntentRefused("The conversation is over.")

    def speak(self, t: int, text: str, pasted_chars: int = 0) -> None:
        """Send a reply at a time, ms.

        Raises:
            IntentRefused: when the conversation is over or the text is empty.
        """
        self._before(t)
        if not text.strip():
            raise IntentRefused("There is nothing to say yet.")
        if self._delivery.coming:
            self._delivery.stop()
        if self._waiting.holding:
            self._emit(ev.HoldEnded(t=t))
        self._waiting.reply_is_sent()
        overlaps = len(self.fold.turn.overlaps)
        self._emit(ev.Spoke(t=t, text=clean_text(text), pasted_chars=pasted_chars))
        cut_in = cut_in_on_long_reply(self.setting, self.fold, t)
        if cut_in is not None:
            self._emit(cut_in)
        self._emit(read_reply(self._listener, self.fold, self._material, t))
        if not self.fold.holding_floor:
            self._react_at = t + self._pace.gap_ms
        elif len(self.fold.turn.overlaps) > overlaps:
            self._come_in_over(t)
        self.advance(t)

    def _come_in_over(self, t: int) -> None:
        floor, overlap = self.setting.rules.floor, self.fold.turn.overlaps[-1]
        if self.starved or is_terminal(overlap, self._delivery.more_planned, floor, self.setting.medium):
            return
        unsaid, ends_call = self._delivery.unsaid(t), self._delivery.ending is not None
        stop = stop_for_reply(self.setting, self.fold, self.ledger, unsaid, t, ends_call=ends_call)
        if stop is None:
            return
        self._delivery.stop()
        self._emit(stop)
        wait = floor.yield_ms if isinstance(stop, ev.CustomerCutOff) else 0
        self._react_at = t + wait + self._pace.gap_ms

    def withdraw(self, t: int) -> None:
        """Give the floor back right after cutting in.

        Raises:
            IntentRefused: when there is nothing to give back, or it is too late.
        """
        if not self.can_withdraw(t):
            raise IntentRefused("There is nothing to give back: that works within 1.5 s after cutting in.")
        self._react_at = None
        self._emit(ev.Withdrew(t=t))
        self._decided(react.to_floor_given_back(self.setting, self.fold, self.ledger, t), t)
        self.advance(t)

    def compose(self, t: int, what: Move) -> None:
        """Note that a draft was begun, rests, goes on or was emptied."""
        self._before(t)
        self._emit(ev.EVENT.validate_python({"kind": f"composing_{what}", "t": t}))
        self._waiting.draft_moved(t, what)
        self.advance(t)

    def backchannel(self, t: int, token: str | None = None, channel: ev.Channel | None = None) -> None:
        """Show that you listen, without taking the floor.

        Raises:
            IntentRefused: when the conversation is over, or the medium does not carry such a sign.
        """
        self._before(t)
        check_channel(self.setting.medium, channel)
        persona, seed, t = self.setting.persona, self.setting.seed, after_reply(self.fold, t)
        self._emit(backchannel_event(t, token, channel, persona, self._manners, self.fold, seed))
        self._waiting.sign_given(t)
        self.flush()

    def announce_hold(self, t: int, text: str) -> None:
        """Tell the customer that there will be a wait, and why.

        Raises:
            IntentRefused: while the customer speaks, while a wait is going on, or when nothing is said.
        """
        self._before(t)
        if not self.floor_is_free:
            raise IntentRefused("Let them finish before you put them on hold.")
        if self._waiting.holding or not text.strip():
            raise IntentRefused("You are on hold already." if text.strip() else "Say why they have to wait.")
        self._emit(ev.HoldAnnounced(t=t, text=clean_text(text)))
        self._waiting.hold(t)
        self.flush()

    def end_hold(self, t: int) -> None:
        """Come back from an announced wait; does nothing when the customer has ended it."""
        self._before(t)
        if self._waiting.holding:
            self._emit(ev.HoldEnded(t=t))
            self._waiting.hold_over(t)
            self.flush()

    def open_desk(self, t: int, item_id: str) -> RecordItem:
        """Ask for an item of the record; returns it, to be shown once it has loaded: untimed, at once.

        Raises:
            IntentRefused: when there is no such item.
        """
        self._before(t)
        items = {item.id: item for item in self.setting.persona.desk.items}
        if item_id not in items:
            raise IntentRefused(f"There is no {item_id!r} on the desk; there is {', '.join(items)}.")
        loading_ms = items[item_id].loading_s * 1000 if self.setting.timed else 0
        self._emit(ev.DeskOpened(t=after_reply(self.fold, t), item=item_id, loading_ms=loading_ms))
        self.flush()
        return items[item_id]

    def open_mail(self, t: int, item: str) -> None:
        """Open a mail.

        Raises:
            IntentRefused: outside e-mail, and when there is no such mail.
        """
        self._before(t)
        check_mail(self.setting.medium, self.fold, item)
        self._emit(ev.MailOpened(t=after_reply(self.fold, t), item=item))
        self.flush()

    def note_focus(self, t: int, *, lost: bool) -> None:
        """Note that the terminal lost or got back the focus: a condition of trust, no accusation."""
        self._note(ev.FocusLost(t=t) if lost else ev.FocusGained(t=t))

    def mark_clock(self, t: int, reason: ev.ClockReason, *, stopped: bool) -> None:
        """Note that time that counts stands still, or goes on; the keeper of the clock sees to it."""
        self._note((ev.ClockStopped if stopped else ev.ClockStarted)(t=t, reason=reason))

    def _note(self, event: ev.Event) -> None:
        self._run_to(event.t)
        if not self.over:
            self._emit(event)
        self.flush()

    def set_pace(self, t: int, percent: int) -> None:
        """Change the pace from the next clause on; 50-200.

        Raises:
            IntentRefused: outside 50-200, or when the conversation is over.
        """
        self._before(t)
        if not 50 <= percent <= 200:
            raise IntentRefused("The pace goes from 50 to 200 percent.")
        self._emit(ev.PaceChanged(t=t, percent=percent))
        self.flush()

    def end(self, t: int, reason: Literal["left", "stopped"]) -> None:
        """End the conversation from the trainee's side: leave the call, or stop the game."""
        self._run_to(t)
        if not self.over:
            self._delivery.stop()
            self._emit(ev.Ended(t=max(t, self.fold.last_t), reason=reason))
        self.flush()
