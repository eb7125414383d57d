"""Five trainees without a mind: their words come from the persona's own facts, their conduct from one habit.

Each sees only what a trainee sees (`Ear`). To put what was told into words they may use what the author wrote
about it: how a good listener would give it back, how a feeling is mirrored, what one asks about a topic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from personas.draws import draw, pick
from personas.schema import Persona, Resolution
from scoring.rubric import RubricRules
from sim.virtual import VirtualCall
from tests.robots.ear import Ear, sentences

WPM = 40
MOST_REPLIES = 24
"""A robot that has said so much leaves; no customer waits for it."""


class Robot(Protocol):
    """A way of answering any customer."""

    name: ClassVar[str]

    def __init__(self, persona: Persona, rules: RubricRules, seed: int) -> None:
        """Take a customer, the rubric and a seed."""
        ...

    def play(self, call: VirtualCall) -> None:
        """Play a call that has begun, to its end."""
        ...


def say(call: VirtualCall, text: str, wpm: float = WPM, look: Callable[[], str] = str) -> str:
    """Type at a pace and send.

    Args:
        call: the call.
        text: what is typed.
        wpm: how fast.
        look: what is done before it is sent; the words that it gives are typed, too.

    Returns:
        What was sent.
    """
    if call.conversation.over:
        return ""
    call.conversation.compose(call.now, "started")
    call.run_to(call.now + round(len(text.split()) * 60_000 / wpm))
    more = look() if not call.conversation.over else ""
    call.run_to(call.now + round(len(more.split()) * 60_000 / wpm))
    whole = f"{text} {more}".rstrip()
    if not call.conversation.over:
        call.conversation.speak(call.now, whole)
    return whole


def lower_first(text: str) -> str:
    """A sentence as it stands inside another."""
    return text if text.startswith(("I ", "I'", "£")) else text[:1].lower() + text[1:]


def offer_for(persona: Persona, satisfies: str) -> Resolution:
    """The first resolution of a kind."""
    return next(one for one in persona.resolutions if one.satisfies == satisfies)


class TurnByTurn:
    """Hears the customer out and answers at once, the same way every time."""

    name: ClassVar[str]
    offers_from: ClassVar[int] = 6
    """Replies after which it offers what was asked for; every second reply from then on."""

    def __init__(self, persona: Persona, rules: RubricRules, seed: int) -> None:
        self.persona = persona
        self.rules = rules
        self.seed = seed
        self.stated = offer_for(persona, "stated")

    def play(self, call: VirtualCall) -> None:
        ear = Ear(call, self.persona)
        for number in range(MOST_REPLIES):
            call.listen()
            if ear.over:
                return
            ear.open_mails()
            call.run_to(call.now + 400)
            offers = number >= self.offers_from and (number - self.offers_from) % 2 == 0
            text = self.offer() if offers else self.reply(ear, number)
            say(call, text, look=ear.look)
        call.conversation.end(call.now, "left")

    def reply(self, ear: Ear, number: int) -> str:
        """What it says to what it has just heard."""
        raise NotImplementedError

    def offer(self) -> str:
        """How it offers what was asked for."""
        return f"I can offer you {self.stated.text}."


class MechanicalReflector(TurnByTurn):
    """Gives the last thing back in one form, every turn; no silence, no feeling, no question."""

    name = "mechanical"

    def reply(self, ear: Ear, number: int) -> str:
        told = ear.told()
        if not told:
            return "So what you are saying is that something went wrong."
        heard = told[-1].heard_as.removeprefix("So ").removeprefix("Then ")
        return f"So what you are saying is that {lower_first(heard)}"


class StockPhrases(TurnByTurn):
    """Phrases that fit any customer, and closed questions from a form."""

    name = "stock"
    PHRASES = (
        "I completely understand your frustration. Is there a reference number?",
        "We apologise for any inconvenience. Have you tried our website?",
        "Thank you for your patience. Is this your preferred number?",
        "I understand how you feel. Our policy is that these things take a few working days.",
        "Your call is important to us. Have you received our e-mail?",
        "Rest assured we take this very seriously. Is there anything else?",
        "I do apologise for the inconvenience. We'll sort it out as soon as possible.",
        "I hear what you are saying. Are you happy for me to make a note?",
    )

    def reply(self, ear: Ear, number: int) -> str:
        start = draw(self.seed, 0, "phrase") % len(self.PHRASES)
        return self.PHRASES[(start + number) % len(self.PHRASES)]

    def offer(self) -> str:
        return f"We value you as a customer. We can do {self.stated.text}, and someone will be in touch."


class Parrot(TurnByTurn):
    """Says the customer's last words again, as they were said."""

    name = "parrot"

    def reply(self, ear: Ear, number: int) -> str:
        said = sentences(ear.just_said)
        return " ".join(said[-2:]) if said else "Yes."


class Interrupter:
    """Comes in early in every turn with something else, never gives the floor back, and pushes one fix.

    By e-mail it answers what it has not opened.
    """

    name: ClassVar[str] = "interrupter"
    AFTER_MS = 800
    WORDS = (
        "Is that the number on the contract?",
        "Have you got your password ready?",
        "Did you restart it?",
        "Do you want to hear about our new offers?",
        "Is it a Mr or a Mrs?",
        "Are you at home right now?",
    )

    def __init__(self, persona: Persona, rules: RubricRules, seed: int) -> None:
        self.persona = persona
        self.rules = rules
        self.seed = seed
        self.stated = offer_for(persona, "stated")

    def play(self, call: VirtualCall) -> None:
        ear, last = Ear(call, self.persona), -1
        for number in range(MOST_REPLIES):
            while call.conversation.fold.customer_turn <= last and not ear.over:
                if not call.step():
                    break
            last = call.conversation.fold.customer_turn
            began = call.until_customer_speaks()
            if ear.over:
                return
            if began is not None:
                call.run_to(began + self.AFTER_MS + draw(self.seed, number, "cut") % 400)
            if ear.over:
                return
            say(call, self.words(number), wpm=600)
        call.conversation.end(call.now, "left")

    def words(self, number: int) -> str:
        if number % 3 == 0:
            return f"I can offer you {self.stated.text}."
        return pick(self.WORDS, self.seed, number, "something else")


def robots() -> Sequence[type[Robot]]:
    """The five, in the order that must hold (DESIGN 5)."""
    from tests.robots.good import GoodListener

    return (GoodListener, MechanicalReflector, StockPhrases, Parrot, Interrupter)
