"""The free floor: what a silence brings, and when (DESIGN 3)."""

from __future__ import annotations

from dataclasses import dataclass

from personas.acts import MediumKind
from personas.schema import SecondMail
from scoring.rubric import SilenceRules
from scoring.turns import CallFold
from sim.conversation.drafting import Move
from sim.customer.gates import beat_after, second_mail_after
from sim.customer.ledger import Ledger
from sim.customer.reaction import Setting


@dataclass(frozen=True)
class SilenceOver:
    """What a silence has led to."""

    due: int
    beat: str | None
    """The beat whose silence was held, or the second mail that is due; None when the customer asks whether
    anybody is there."""


class Waiting:
    """Counts the silence while the floor is free; typing and announced waits stop it."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._rules: SilenceRules = setting.rules.silence
        self._free_from: int | None = None
        self._quiet_from = 0
        self._sign_at = 0
        self._beat: str | None = None
        self._hold_until: int | None = None
        self._draft_from: int | None = None
        self._mail: SecondMail | None = None

    def floor_is_free(self, t: int, fold: CallFold, ledger: Ledger) -> None:
        """The customer has finished; silence begins."""
        self._free_from = t
        self._quiet_from = t
        told = [fact for clause in fold.turn.clauses if clause.end is not None for fact in clause.facts]
        self._beat = beat_after(
            self._setting.persona, told[-1] if told else None, ledger.beats_fired, ledger.told
        )
        self._mail = second_mail_after(self._setting.persona, ledger.beats_fired, ledger.told)

    def floor_is_taken(self) -> None:
        """Somebody speaks; no silence runs."""
        self._free_from = None
        self._hold_until = None

    def reply_is_sent(self) -> None:
        """The trainee has spoken: no draft stands any more."""
        self.floor_is_taken()
        self._draft_from = None

    def draft_moved(self, t: int, what: Move) -> None:
        """A key moved: silence starts again from its last key."""
        self._quiet_from = max(self._quiet_from, t)
        if what == "cleared":
            self._draft_from = None
        elif what != "paused" and self._draft_from is None:
            self._draft_from = t

    def sign_given(self, t: int) -> None:
        """A sign of listening was given: nobody need ask whether the trainee is there."""
        self._sign_at = t

    def hold(self, t: int) -> None:
        """A wait was announced; patience is longer for a while."""
        chat = self._setting.medium is MediumKind.CHAT
        grace = self._rules.hold_grace_ms
        self._hold_until = t + (max(grace, self._rules.chat_still_there_ms) if chat else grace)
        self._draft_from = None

    def hold_over(self, t: int) -> None:
        """The announced wait is over."""
        self._hold_until = None
        self._quiet_from = max(self._quiet_from, t)

    @property
    def holding(self) -> bool:
        """Whether an announced wait is going on."""
        return self._hold_until is not None

    def over(self, fold: CallFold) -> SilenceOver | None:
        """Return what the silence will lead to and when; None while it cannot lead to anything."""
        medium = self._setting.medium
        if medium is MediumKind.EMAIL:
            return self._second_mail()
        if self._free_from is None or fold.composing:
            return None
        if self._hold_until is not None:
            return SilenceOver(self._hold_until, None)
        if self._beat is not None and self._quiet_from == self._free_from:
            hold_s = next(b.hold_s for b in self._setting.persona.beats if b.id == self._beat)
            return SilenceOver(self._free_from + round(hold_s * 1000 * self._scale(fold)), self._beat)
        limit = self._rules.chat_still_there_ms if medium is MediumKind.CHAT else self._rules.still_there_ms
        quiet_from = max(self._quiet_from, self._sign_at)
        return SilenceOver(quiet_from + round(limit * self._scale(fold)), None)

    def _second_mail(self) -> SilenceOver | None:
        """Return when the second mail comes: so long after the first key; untimed, with the first key."""
        if self._free_from is None or self._draft_from is None or self._mail is None:
            return None
        writing_ms = self._mail.writing_s * 1000 if self._setting.timed else 0
        return SilenceOver(self._draft_from + writing_ms, self._mail.id)

    def due(self, fold: CallFold) -> int | None:
        """Return when the silence leads to something, ms."""
        over = self.over(fold)
        return over.due if over else None

    @staticmethod
    def _scale(fold: CallFold) -> float:
        return max(1.0, 100 / fold.pace_percent)
