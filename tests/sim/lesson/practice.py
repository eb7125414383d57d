"""The practice call at a table of its own, with keys and a clock moved by hand."""

from __future__ import annotations

from collections.abc import Callable

from personas.manners import load_manners
from personas.schema import Persona
from scoring import events as ev
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.clock import CallClock
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, lay_table
from sim.home import Mode
from sim.lesson.lesson import Lesson, Moment, lesson_persona
from sim.live import LiveCall

TICK_S = 0.05
OPEN_AND_BACK = (
    "So Emrys rang it when he came home, all through your marriage. What does that bell mean to you now?"
)
BACK_ONLY = "So we forgot to put the bell back, and you found out with a cat in front of you."
OPEN_ONLY = "What would help you most?"
PARROT = "It was your husband's. Emrys put it on the week we were married. What else?"
NEITHER = "Right, I see."
GO_ON = "Sorry, go on."
WAIT = "I'll look in the parts tray for you, that takes a few seconds."
ANSWER = "I found your brass bell in tray 6. I'll send it round with the van at two, well before Saturday."
NEW_BELL = "I'll send you a new bell today, for nothing."


class Practice:
    """The practice call, and what the lesson has said in it."""

    def __init__(self, *, timed: bool = True, mode: Mode = "rated", seed: int = 1) -> None:
        loaded, manners = lesson_persona(), load_manners().loaded
        self.kept: list[ev.Event] = []
        table = lay_table(
            loaded,
            manners,
            shipped_rubric(),
            LISTENERS["rules"](),
            WrittenVoice(loaded.persona, manners),
            Origin("cd" * 16, seed, "2026-01-02T03:04:05+00:00", 5),
            mode=mode,
            timed=timed,
            log=lambda line: None,
        )
        self.at = 0.0
        self.call = LiveCall(table, self.kept.extend, CallClock(lambda: self.at))
        self.lesson = Lesson()
        self.heard: list[Moment] = []
        """Every moment the lesson went through, each named once in a row."""
        self.call.begin()
        self._look()

    @property
    def persona(self) -> Persona:
        return self.call.table.setting.persona

    def now(self) -> Moment:
        return self.lesson.moment(self.call)

    @property
    def line(self) -> str:
        return self.lesson.line(self.call)

    def _look(self) -> None:
        moment = self.now()
        if not self.heard or self.heard[-1] is not moment:
            self.heard.append(moment)

    def wait(self, seconds: float) -> None:
        end = self.at + seconds
        while self.at < end and not self.call.over:
            self.at = min(end, self.at + TICK_S)
            self.call.tick()
            self._look()

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(4000):
            if true():
                return
            self.wait(TICK_S)
        raise AssertionError(f"it never came true; the lesson says {self.now()}")

    def until_moment(self, moment: Moment) -> None:
        self.until(lambda: self.now() is moment)

    def listen(self) -> None:
        """Let her finish."""
        self.until(lambda: self.call.over or self.call.conversation.floor_is_free)

    def key(self) -> None:
        """Press a key that changes the draft."""
        self.call.key(self.at, empty=False)
        self._look()

    def type(self, seconds: float) -> None:
        """Type, five keys a second."""
        for _ in range(round(seconds * 5)):
            self.key()
            self.wait(0.2)

    def send(self, text: str) -> None:
        self.call.send(self.at, text)
        self._look()

    def say(self, text: str) -> None:
        """Type and send a reply, at some forty words a minute."""
        self.type(len(text) / 4)
        self.send(text)

    def hm(self) -> None:
        self.call.backchannel(self.at)
        self._look()

    def word(self, *, fits: bool = True) -> None:
        """Choose one of F2 to F4."""
        tokens = self.call.tokens()
        chosen = next(token for token in tokens.tokens if (token in tokens.fitting) is fits)
        self.call.backchannel(self.at, chosen)
        self._look()

    def back(self) -> None:
        self.call.give_back(self.at)
        self._look()

    def hold(self) -> None:
        self.call.hold(self.at, WAIT)
        self._look()

    def tray(self) -> None:
        self.call.open_item(self.at, "tray")
        self._look()

    # whole stretches

    def to_silence(self) -> Practice:
        """Her opening, heard in silence to its end."""
        self.listen()
        return self

    def to_speak(self) -> Practice:
        """Her opening, the silence after it, and what it brought."""
        self.to_silence().until(lambda: self.call.conversation.customer_speaking)
        self.listen()
        return self

    def to_desk(self, reply: str = OPEN_AND_BACK) -> Practice:
        """All that and the answer to a first reply."""
        self.to_speak().say(reply)
        self.listen()
        return self

    def to_answer(self) -> Practice:
        """All that, and the tray read after an announced wait."""
        self.to_desk().hold()
        self.tray()
        self.wait(9.5)
        return self
