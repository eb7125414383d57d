"""Builds event lists for the tests: a small script of a call, told step by step."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import tomli

from personas.acts import Act, MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.listener.base import CHECKS
from scoring.rubric import RubricRules, shipped_rubric
from scoring.turn_score import Conditions, TurnScore

WORD_MS = 400


@cache
def mara() -> Persona:
    """Return the tests' own customer."""
    return Persona.model_validate(tomli.loads(Path(__file__).with_name("persona.toml").read_text("utf-8")))


def rules() -> RubricRules:
    """Return the shipped rules."""
    return shipped_rubric().rules


class Call:
    """A call under construction; every step moves its clock."""

    def __init__(self, persona: Persona | None = None) -> None:
        self.persona = persona or mara()
        self.events: list[ev.Event] = []
        self.t = 0
        self.turn = -1

    def add(self, event: ev.Event) -> Call:
        """Append an event as it is."""
        self.events.append(event)
        return self

    # the customer

    def note(self, act: Act = Act.TELL, **more: object) -> Call:
        """The director decides on the next turn."""
        self.turn += 1
        values = {"t": self.t, "turn": self.turn, "act": act, "intensity": 3, **more}
        return self.add(ev.NoteIssued.model_validate(values))

    def begins(self) -> Call:
        """The customer takes the floor."""
        return self.add(ev.CustomerTurnStarted(t=self.t, turn=max(0, self.turn)))

    def clause(self, text: str, *, said: bool = True, turn_end: bool = True, **more: object) -> Call:
        """A clause is begun and, when `said`, spoken to its end."""
        words = len(text.split())
        values = {
            "t": self.t,
            "text": text,
            "words": words,
            "duration_ms": words * WORD_MS,
            "turn_end": turn_end,
            **more,
        }
        self.add(ev.ClauseStarted.model_validate(values))
        if said:
            self.t += words * WORD_MS
            self.add(ev.ClauseEnded(t=self.t))
        return self

    def ends(self) -> Call:
        """The customer has finished."""
        return self.add(ev.CustomerTurnEnded(t=self.t))

    def says(
        self,
        text: str,
        facts: Iterable[str] = (),
        act: Act = Act.TELL,
        intensity: int = 3,
        cue: str | None = None,
    ) -> Call:
        """The customer says one clause, which is the whole turn."""
        self.note(act, intensity=intensity).begins()
        return self.clause(text, facts=tuple(facts), cue=cue).ends()

    def opens(self) -> Call:
        """The customer tells the persona's whole opening."""
        self.note(Act.OPEN, facts=("died_twice", "lost_food")).begins()
        for clause in self.persona.opening.clauses:
            cue = clause.cue.text if clause.cue else None
            self.clause(clause.text, turn_end=clause.end, facts=clause.facts, cue=cue, need=clause.need)
        return self.ends()

    def cut(self, unsaid_words: int = 20, unsaid_facts: tuple[str, ...] = (), at_word: int = 2) -> Call:
        """The customer is stopped against their will."""
        return self.add(
            ev.CustomerCutOff(t=self.t, at_word=at_word, unsaid_words=unsaid_words, unsaid_facts=unsaid_facts)
        )

    def yields(self, unsaid_words: int = 20, at_word: int = 2) -> Call:
        """The customer lets the trainee in."""
        return self.add(ev.Yielded(t=self.t, at_word=at_word, unsaid_words=unsaid_words))

    # the trainee

    def waits(self, ms: int) -> Call:
        """Time passes and no key moves."""
        self.t += ms
        return self

    def types(self, ms: int) -> Call:
        """A burst of typing."""
        self.add(ev.ComposingStarted(t=self.t))
        self.t += ms
        return self.add(ev.ComposingPaused(t=self.t))

    def speaks(self, text: str) -> Call:
        """The trainee sends a reply."""
        return self.add(ev.Spoke(t=self.t, text=text))

    def read(
        self,
        *yes: str,
        facts: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
        feelings: tuple[str, ...] = (),
        resolutions: tuple[str, ...] = (),
        records: tuple[str, ...] = (),
        wrong: tuple[str, ...] = (),
    ) -> Call:
        """The listener answers yes to some checks and no to the others."""
        unknown = set(yes) - set(CHECKS)
        assert not unknown, f"no such checks: {unknown}"
        answers: dict[str, float | None] = {name: 0.95 if name in yes else 0.04 for name in CHECKS}
        return self.add(
            ev.ChecksRead(
                t=self.t,
                answers=answers,
                facts=facts,
                topics=topics,
                feelings=feelings,
                resolutions=resolutions,
                records=records,
                wrong=wrong,
            )
        )

    def moved(self, frustration: int, trust: int, heard: int, *causes: str) -> Call:
        """The mood moves by whole points."""
        return self.add(
            ev.MoodMoved(
                t=self.t,
                frustration=frustration * 1000,
                trust=trust * 1000,
                heard=heard * 1000,
                causes=causes,
            )
        )

    def token(self, token: str = "mm-hm", *, specific: bool = False, fits: bool = True, ago: int = 0) -> Call:
        """A backchannel, some time before now."""
        return self.add(
            ev.Backchannelled(t=self.t - ago, token=token, channel="voice", specific=specific, fits=fits)
        )

    def ended(self, reason: ev.EndReason, ending: str | None = None) -> Call:
        """The conversation is over."""
        return self.add(ev.Ended.model_validate({"t": self.t, "reason": reason, "ending": ending}))

    # the scores

    def score(
        self, medium: MediumKind = MediumKind.PHONE, *, timed: bool = True, pace: int = 100
    ) -> CallScore:
        """Score the call so far."""
        return score_call(self.persona, rules(), Conditions(medium, timed, pace), self.events)

    def last(
        self, medium: MediumKind = MediumKind.PHONE, *, timed: bool = True, pace: int = 100
    ) -> TurnScore:
        """Score the latest turn."""
        return self.score(medium, timed=timed, pace=pace).turns[-1]
