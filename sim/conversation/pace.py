"""How long words take: the customer's pace by medium, mood and the trainee's own setting (DESIGN 3)."""

from __future__ import annotations

from dataclasses import dataclass

from personas.acts import MediumKind
from personas.schema import Persona
from scoring.rubric import PaceRules
from scoring.turns import Mood


@dataclass(frozen=True)
class Pace:
    """Durations in whole ms for one customer."""

    persona: Persona
    rules: PaceRules
    medium: MediumKind

    def clause_ms(self, words: int, mood: Mood, percent: int) -> int:
        """Return how long a clause takes to say (chat: to type); 0 in e-mail, which arrives whole.

        Args:
            words: words of the clause.
            mood: anger speeds up.
            percent: the trainee's pace, 100 is the customer's own.
        """
        if self.medium is MediumKind.EMAIL:
            return 0
        wpm = self.rules.chat_typing_wpm if self.medium is MediumKind.CHAT else self._spoken_wpm(mood)
        return round(words * 60_000 * 100 / (wpm * percent))

    def _spoken_wpm(self, mood: Mood) -> int:
        base = self.persona.customer.pace_wpm
        faster = base * (1 + self.rules.anger_speedup * mood.frustration / 100_000)
        return min(self.rules.max_wpm, round(faster))

    def pause_ms(self, percent: int) -> int:
        """Return the pause between two clauses."""
        if self.medium is MediumKind.EMAIL:
            return 0
        return round(self.rules.clause_pause_ms * 100 / percent)

    @property
    def gap_ms(self) -> int:
        """Return how soon the customer takes the floor when it is free."""
        return self.rules.gap_ms[self.medium.value]
