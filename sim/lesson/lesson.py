"""The instruction that stands at each moment of the practice call, read off the call alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from personas.acts import Act
from personas.loader import FailedPersona, LoadedPersona, load_file
from scoring import events as ev
from scoring.engine_facts import yes
from scoring.turns import CallFold, Turn
from sim.call_view import Holder
from sim.customer.gates import beat_after
from sim.live import LiveCall

LONGEST = 150
"""Characters of an instruction at most: two short sentences, two lines of a narrow terminal."""
_CLAUSES_OF_A_WORD = 2
"""Clauses of her talk for which the word on how she got the floor back stands."""
_COMPOSING = (ev.ComposingStarted, ev.ComposingPaused, ev.ComposingResumed, ev.ComposingCleared)


def lesson_persona() -> LoadedPersona:
    """Return the customer of the practice call, who is in no library.

    Raises:
        ValueError: when the file that ships with the program cannot be used; it names the first problem.
    """
    loaded = load_file(Path(__file__).with_name("customer.toml"))
    if isinstance(loaded, FailedPersona):
        raise ValueError(f"The practice call cannot be used: {loaded.problems[0]}")
    return loaded


class Moment(StrEnum):
    """Where the lesson stands: one for each instruction."""

    LISTEN = "listen"
    DRAFT = "draft"
    """A draft was begun while she talks."""
    ENTER_SPEAKS = "enter_speaks"
    BAIT = "bait"
    SIGN = "sign"
    SIGN_GIVEN = "sign_given"
    WORD = "word"
    MISFIT = "misfit"
    WORD_GIVEN = "word_given"
    SILENCE = "silence"
    SILENCE_UNTIMED = "silence_untimed"
    TOLD_ON = "told_on"
    """The silence was held, and she goes on."""
    PROMPTED = "prompted"
    SPEAK = "speak"
    SPEAK_AT_ONCE = "speak_at_once"
    """The silence was ended by typing."""
    BOTH = "both"
    """The reply gave something back and asked."""
    ASKED = "asked"
    GAVE_BACK = "gave_back"
    PARROTED = "parroted"
    NEITHER = "neither"
    CUT_IN = "cut_in"
    """Cutting in on purpose is offered."""
    IN_HER_WORDS = "in_her_words"
    RETURNED = "returned"
    LET_IN = "let_in"
    """The reply came where that was fine."""
    CUT_OFF = "cut_off"
    ASK_AGAIN = "ask_again"
    DESK = "desk"
    DESK_UNTIMED = "desk_untimed"
    HOLD_NOW = "hold_now"
    OPEN_NOW = "open_now"
    LOADING = "loading"
    SOLVE = "solve"
    NO_OFFER = "no_offer"
    OTHER_OFFER = "other_offer"
    NOT_YET = "not_yet"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    OVER = "over"


LINES: dict[Moment, str] = {
    Moment.LISTEN: "Just listen. You may type while she talks: nothing is said until you press Enter.",
    Moment.DRAFT: "Your draft is silent. Enter would say it into her words, and she has not finished.",
    Moment.ENTER_SPEAKS: "Enter would speak now, right into her words. She has not finished, so leave it.",
    Moment.BAIT: "A question, but not one for you: she answers it herself. Waiting costs nothing.",
    Moment.SIGN: "Press Tab while she tells: “mm-hm” shows that you are with her and takes nothing away.",
    Moment.SIGN_GIVEN: "She heard it and goes on. Listen: in a moment there will be better words for it.",
    Moment.WORD: "F2 to F4 are words for this very moment; one of them does not fit. Press one that does.",
    Moment.MISFIT: "That one fits nothing she has told. Try another of F2 to F4.",
    Moment.WORD_GIVEN: "That fits: it shows what you have heard. Let her finish, then keep your hands still.",
    Moment.SILENCE: "She has stopped, and the line grows. Say nothing, touch nothing: hold the silence.",
    Moment.SILENCE_UNTIMED: "She has stopped. F7 stays silent for a while: press it, and see what comes.",
    Moment.TOLD_ON: "You said nothing, so she goes on: this is what it is really about. Listen.",
    Moment.PROMPTED: "She asks whether you are there. Tab or one word is enough.",
    Moment.SPEAK: "Say in your own words what you heard, then ask one open question: what, how, tell me.",
    Moment.SPEAK_AT_ONCE: "Typing ended the silence: no harm. Say what you heard, then ask: what or how.",
    Moment.BOTH: "You gave back what you heard and asked openly. That is why she tells you more.",
    Moment.ASKED: "An open question, and she tells you more. Next time, say first what you heard.",
    Moment.GAVE_BACK: "You gave back what you heard: she need not say it twice. A question takes you on.",
    Moment.PARROTED: "Those were her own words. Yours would show that you understood.",
    Moment.NEITHER: "She takes what you gave her. What you heard, then an open question, brings more.",
    Moment.CUT_IN: "If you like, cut in on purpose: a word, Enter, then Esc at once. Esc gives it back.",
    Moment.IN_HER_WORDS: "You cut in, and she has stopped. Press Esc now: it gives the floor back to her.",
    Moment.RETURNED: "You gave it back, and she goes on. That mends most of it.",
    Moment.LET_IN: "That came at the end of a thought, so she lets you in. That is no interruption.",
    Moment.CUT_OFF: "She stopped, and will not tell the rest by herself. “Sorry, go on” mends it.",
    Moment.ASK_AGAIN: "Once more: a question with what, how or tell me. Yes-or-no closes the door.",
    Moment.DESK: "Now the desk. F5: say why she has to wait. Then F6: open the parts tray, which is slow.",
    Moment.DESK_UNTIMED: "Now the desk: F6, the parts tray. With a clock it is slow; F5 says why she waits.",
    Moment.HOLD_NOW: "It takes some seconds. F5 tells her why: silence without a reason hurts.",
    Moment.OPEN_NOW: "She knows why she waits. Now F6, and open the parts tray.",
    Moment.LOADING: "It is loading, and she waits in peace. Read it when it is there.",
    Moment.SOLVE: "Read the tray. Tell her what you found, what you will do and by when, then Enter.",
    Moment.NO_OFFER: "She still has no answer. What did you find, what will you do with it, and when?",
    Moment.OTHER_OFFER: "Kindly meant, but it is not that bell. What is in the parts tray is what she needs.",
    Moment.NOT_YET: "She is not ready for it. Say first what matters to her, then offer it again.",
    Moment.OFFERED: "That is an answer. Hear what she makes of it.",
    Moment.ACCEPTED: "She takes it. Leave her the last word.",
    Moment.OVER: "The practice call is over. Enter.",
}
"""The words of each moment; those of the last one are followed by what was learned."""


class Lesson:
    """The guide of the practice call: what it says depends on nothing but what has happened in the call."""

    def line(self, call: LiveCall) -> str:
        """Return the instruction that stands now: one or two short sentences, at most 150 characters."""
        moment = self.moment(call)
        return learned(call) if moment is Moment.OVER else LINES[moment]

    def moment(self, call: LiveCall) -> Moment:
        """Return where the lesson stands now."""
        scene = _Scene(call)
        if scene.holder is Holder.OVER:
            return Moment.OVER
        found = _floor_moment(scene)
        if found is None:
            found = _reply_moment(scene) if scene.replies else _first_moment(scene)
        return found


@dataclass(frozen=True)
class _Scene:
    """A call as the lesson looks at it."""

    call: LiveCall

    @property
    def fold(self) -> CallFold:
        return self.call.view.fold

    @cached_property
    def holder(self) -> Holder:
        return self.call.floor().holder

    @property
    def she_talks(self) -> bool:
        return self.holder in (Holder.CUSTOMER, Holder.COMING)

    @cached_property
    def replies(self) -> list[Turn]:
        return [turn for turn in self.fold.turns if turn.spoken]

    @cached_property
    def notes(self) -> list[ev.NoteIssued]:
        return [note for turn in self.fold.turns for note in turn.notes]

    @property
    def act(self) -> Act:
        return self.notes[-1].act if self.notes else Act.OPEN

    @property
    def signs(self) -> list[ev.Backchannelled]:
        return [sign for turn in self.fold.turns for sign in turn.backchannels]

    @property
    def word_fits(self) -> bool:
        return any(sign.specific and sign.fits for sign in self.signs)

    @property
    def silence_held(self) -> bool:
        return any(note.beat for note in self.notes)

    @property
    def hold_announced(self) -> bool:
        return any(turn.holds for turn in self.fold.turns)

    def says(self, turn: Turn, check: str) -> bool:
        threshold = self.call.table.setting.rules.checks.threshold
        return turn.reading is not None and yes(turn.reading.answers, check, threshold)

    def ever(self, check: str) -> bool:
        return any(self.says(turn, check) for turn in self.replies)

    @property
    def free_from(self) -> int:
        """When the customer last stopped, ms."""
        ends = [end for turn in self.fold.turns for _, end in turn.floor_spans if end is not None]
        return max(ends, default=0)

    @property
    def keys_moved(self) -> bool:
        """Whether a key has moved since she stopped."""
        events = self.call.conversation.events
        return any(isinstance(event, _COMPOSING) and event.t > self.free_from for event in events)

    @property
    def was_cut_off(self) -> bool:
        return any(isinstance(event, ev.CustomerCutOff) for event in self.call.conversation.events)

    @property
    def beat_waits(self) -> bool:
        told = [fact for clause in self.fold.turn.clauses if clause.end is not None for fact in clause.facts]
        fired = {note.beat for note in self.notes if note.beat}
        persona = self.fold.persona
        return beat_after(persona, told[-1] if told else None, fired, self.fold.told) is not None

    @property
    def stretch(self) -> int:
        """How many clauses of what she is saying now have begun."""
        spans = self.fold.turn.floor_spans
        return sum(clause.start >= spans[-1][0] for clause in self.fold.turn.clauses) if spans else 0

    @property
    def slow_item(self) -> str:
        items = self.fold.persona.desk.items
        return max(items, key=lambda item: item.loading_s).id

    @property
    def offer(self) -> str | None:
        """What the last offer satisfies: "real", "stated"...; None when none was made yet."""
        answered = [note.resolution for note in self.notes if note.resolution]
        kinds = {offer.id: offer.satisfies for offer in self.fold.persona.resolutions}
        return kinds[answered[-1]] if answered else None


def _floor_moment(scene: _Scene) -> Moment | None:
    """Return the moment of a floor that was taken from her; None where all is well."""
    if scene.call.can_give_back:
        return Moment.IN_HER_WORDS
    if scene.call.conversation.ledger.cut_open and scene.act is not Act.ACCEPT:
        return Moment.CUT_OFF
    if (
        scene.act is Act.RESUME
        and scene.was_cut_off
        and scene.holder is Holder.CUSTOMER
        and scene.stretch <= _CLAUSES_OF_A_WORD
    ):
        return Moment.RETURNED
    if scene.act is Act.PROMPT and scene.holder is Holder.CUSTOMER:
        return Moment.PROMPTED
    return None


def _first_moment(scene: _Scene) -> Moment:
    """Return the moment before the first reply: her story, and what a silence brings."""
    if scene.she_talks:
        return Moment.TOLD_ON if scene.silence_held else _opening_moment(scene)
    if scene.holder is Holder.HOLD or scene.slow_item in scene.fold.opened:
        return _desk_moment(scene)
    if not scene.beat_waits:
        return Moment.SPEAK
    if not scene.call.timed:
        return Moment.SILENCE_UNTIMED
    return Moment.SPEAK_AT_ONCE if scene.keys_moved else Moment.SILENCE


def _opening_moment(scene: _Scene) -> Moment:
    clauses = scene.fold.turn.clauses
    offered = any(scene.fold.persona.fact(fact).echo for fact in scene.fold.told)
    past_bait = any(clause.bait and clause.end is not None for clause in clauses)
    if scene.word_fits:
        return Moment.WORD_GIVEN
    if offered:
        tried = scene.signs and scene.signs[-1].specific
        return Moment.MISFIT if tried else Moment.WORD
    if clauses and clauses[-1].bait and clauses[-1].end is None:
        return Moment.BAIT
    if past_bait:
        return Moment.SIGN_GIVEN if scene.signs else Moment.SIGN
    if scene.fold.composing or scene.fold.turn.bursts:
        return Moment.DRAFT
    return Moment.ENTER_SPEAKS if len(clauses) > 1 else Moment.LISTEN


def _reply_moment(scene: _Scene) -> Moment:
    """Return the moment after a reply: what it did, then the desk, then the answer."""
    if scene.act is Act.ACCEPT:
        return Moment.ACCEPTED
    if scene.she_talks:
        return _heard_moment(scene)
    if _at_desk(scene):
        return _desk_moment(scene)
    if len(scene.replies) < 2 and not scene.ever("asks_open"):
        return Moment.ASK_AGAIN
    return _desk_moment(scene)


def _at_desk(scene: _Scene) -> bool:
    return scene.hold_announced or scene.slow_item in scene.fold.opened or scene.offer is not None


def _heard_moment(scene: _Scene) -> Moment:
    """Return the word on the last reply, while it is answered."""
    last = scene.replies[-1]
    answered = not scene.fold.turn.spoken
    if answered and scene.offer is not None and scene.act in (Act.WEIGH, Act.REFUSE):
        return _offer_moment(scene)
    if _real_offer(last, scene):
        return Moment.OFFERED
    if last.overlaps and last.overlaps[-1].yielded and scene.stretch <= _CLAUSES_OF_A_WORD:
        return Moment.LET_IN
    first = len(scene.replies) == 1 and answered
    tells = scene.holder is Holder.CUSTOMER and bool(scene.notes[-1].facts)
    untouched = not any(turn.overlaps or turn.withdrawn for turn in scene.fold.turns)
    if first and tells and untouched and scene.stretch >= _CLAUSES_OF_A_WORD:
        return Moment.CUT_IN
    if _at_desk(scene):
        return Moment.NO_OFFER
    asked, gave_back = scene.says(last, "asks_open"), scene.says(last, "restates")
    if scene.says(last, "parrots"):
        return Moment.PARROTED
    if asked:
        return Moment.BOTH if gave_back else Moment.ASKED
    return Moment.GAVE_BACK if gave_back else Moment.NEITHER


def _real_offer(turn: Turn, scene: _Scene) -> bool:
    real = {offer.id for offer in scene.fold.persona.resolutions if offer.satisfies == "real"}
    return turn.reading is not None and bool(real & set(turn.reading.resolutions))


def _offer_moment(scene: _Scene) -> Moment:
    return Moment.NOT_YET if scene.offer == "real" else Moment.OTHER_OFFER


def _desk_moment(scene: _Scene) -> Moment:
    """Return the moment at the desk: announce, open, wait, read, answer."""
    ready = scene.call.ready_ms(scene.slow_item)
    waits = scene.holder is Holder.HOLD
    if ready is None:
        if waits:
            return Moment.OPEN_NOW
        return Moment.DESK if scene.call.timed else Moment.DESK_UNTIMED
    if ready > 0:
        return Moment.LOADING if waits else Moment.HOLD_NOW
    if scene.offer is not None:
        return _offer_moment(scene)
    opened = max(
        turn.number for turn in scene.fold.turns if any(d.item == scene.slow_item for d in turn.desk)
    )
    answered = any(turn.number >= opened for turn in scene.replies)
    return Moment.NO_OFFER if answered else Moment.SOLVE


def learned(call: LiveCall) -> str:
    """Return what the trainee has done in the practice call and what is left for the next, in one line."""
    scene = _Scene(call)
    tried = {
        "mm-hm": any(not sign.specific for sign in scene.signs),
        "a word that fits": scene.word_fits,
        "a held silence": scene.silence_held,
        "an open question": scene.ever("asks_open"),
        "what you heard": any(
            scene.says(turn, "restates") and not scene.says(turn, "parrots") for turn in scene.replies
        ),
    }
    if call.timed:
        tried["an announced wait"] = scene.hold_announced
    done = [name for name, was_done in tried.items() if was_done]
    left = [name for name, was_done in tried.items() if not was_done]
    parts = [f"You gave her {_listed(done)}." if done else "You have heard how she talks."]
    if left:
        parts.append(f"Next time: {_listed(left)}.")
    return " ".join([*parts, "Enter."])


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
