"""The game line by line: one clause a prompt, no clock, no drawing (DESIGN 8)."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Protocol

from personas.acts import MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.debrief_text import one_line as coach_line
from scoring.mails import mail_id
from scoring.turns import CallFold
from sim.conversation.conversation import Conversation, IntentRefused
from sim.game import Table
from sim.plain_mail import letter, unopened
from sim.text import one_line, shown
from sim.virtual import VirtualCall

WIDTH = 78
WAIT_S = 4.0
"""Length of /wait without a number: long enough for every beat to speak (listening-science 1.2: 3-5 s, S)."""

SHOWN_AGAIN = 400
"""Characters of a text that are shown again when a call is gone on with."""

HELP = """\
Enter         listen on: the customer says the next clause
words, Enter  speak now; while they are still speaking, that is cutting in
/mm-hm        show that you are listening, and listen on; /mm is short for it
/1 /2 /3      the same with one of the short responses that are offered
/wait [S]     when it is your turn: stay silent for S seconds (else 4)
/desk [ITEM]  what the record holds; with a name, open that item
/mail [MAIL]  by e-mail: open the next mail, as Enter does; or show one again
/hold TEXT    tell them that they have to wait, and why; /back when you return
/sorry        give the floor back right after cutting in
/leave        end the call
/stop         stop here; the call can be gone on with later
/help         this list"""


class Ask(Protocol):
    """Asks for one line."""

    def __call__(self, prompt: str) -> str | None:
        """Return the line without its end; None when there will be no more."""
        ...


class Stopped(Exception):
    """The trainee stopped the game; the call is kept as it stands."""


class PlainGame:
    """Plays one conversation on a line-by-line terminal."""

    def __init__(
        self,
        table: Table,
        conversation: Conversation,
        ask: Ask,
        say: Callable[[str], None],
        stored: Sequence[ev.Event] = (),
    ) -> None:
        """Take what is needed.

        Args:
            table: what the call is played with.
            conversation: begun already.
            ask: asks the trainee for a line.
            say: prints one line of text.
            stored: the events that were played before, when a call is gone on with.
        """
        self._table = table
        self._talk = conversation
        self._call = VirtualCall(conversation)
        self._ask = ask
        self._print = say
        self._stored = stored
        self._seen = len(stored)
        self._coached = 0
        self._listening = True
        self._offered: tuple[str, ...] = ()

    @property
    def _persona(self) -> Persona:
        return self._table.setting.persona

    def play(self) -> None:
        """Play until the conversation is over.

        Raises:
            Stopped: when the trainee stops it, or no more lines come.
        """
        if self._stored:
            self._show_last()
        self._show_news()
        while not self._talk.over:
            if self._listening and not self._talk.floor_is_free:
                self._hear_one()
            if not self._talk.over:
                self._turn_to_trainee()
        self._show_news()

    def _show_last(self) -> None:
        """Show what was said last before the call was broken off."""
        fold = CallFold(self._persona)
        fold.apply_all(self._stored)
        self._say("Going on where the call was broken off. Last:")
        for turn in [turn for turn in fold.turns if turn.spoken or turn.clauses][-2:]:
            for who, text in ((self._name, turn.customer_text), ("You", turn.reply)):
                if text:
                    self._say(f"{who}: {_end_of(one_line(text))}")
        self._say("")

    @property
    def _by_mail(self) -> bool:
        return self._persona.medium.kind is MediumKind.EMAIL

    @property
    def _name(self) -> str:
        return one_line(self._persona.customer.short_name)

    def _say(self, text: str) -> None:
        for paragraph in shown(text).split("\n"):
            for line in textwrap.wrap(paragraph, WIDTH) or [""]:
                self._print(line)

    def _hear_one(self) -> None:
        self._call.until_clause_ends()
        self._show_news()

    def _show_news(self) -> None:
        news = self._talk.events[self._seen :]
        self._seen = len(self._talk.events)
        for event in news:
            if self._by_mail:
                self._show_mail(event)
            if not (self._by_mail and isinstance(event, ev.ClauseStarted)):
                self._show(event)

    def _show_mail(self, event: ev.Event) -> None:
        """Say that a mail has come; it is read once it was opened, the one that ends it all by itself."""
        fold = self._talk.fold
        if isinstance(event, ev.CustomerTurnEnded):
            self._say(f"(A mail from {self._name} has come. /mail opens it.)")
        elif isinstance(event, ev.Ended) and event.ending is not None:
            for line in letter(fold, mail_id(fold.stretches)):
                self._say(line)

    def _show(self, event: ev.Event) -> None:
        if isinstance(event, ev.ClauseStarted):
            if event.cue:
                self._say(f"({one_line(event.cue)})")
            self._say(f"{self._name}: {one_line(event.text)}")
        elif isinstance(event, ev.CustomerTurnStarted) and self._persona.medium.kind is MediumKind.CHAT:
            self._say(f"({self._name} is typing)")
        elif isinstance(event, ev.CustomerCutOff):
            self._say(f"({self._name} breaks off.)")
        elif isinstance(event, ev.Yielded):
            self._say(f"({self._name} lets you in.)")
        elif isinstance(event, ev.TraineeCutOff):
            heard = " ".join(self._talk.fold.turn.reply.split()[: event.at_word][-4:])
            self._say(f"({self._name} cuts in after: ...{one_line(heard)})")
        elif isinstance(event, ev.HungUp):
            self._say(f"({self._name} has ended the call.)")
        elif isinstance(event, ev.HoldEnded):
            self._say("(You are back.)")
        elif isinstance(event, ev.Backchannelled):
            self._say(f"You: ({one_line(event.token)})")
        elif isinstance(event, ev.Ended) and event.reason != "walked_out":
            self._say("(The call is over.)")

    def _turn_to_trainee(self) -> None:
        self._offer_tokens()
        line = self._ask("You: " if self._talk.floor_is_free else "... ")
        if line is None:
            raise Stopped
        text = line.strip()
        try:
            if text.startswith("/"):
                self._listening = False
                self._command(text[1:])
            elif text:
                self._speak(text)
            else:
                self._listen_on()
        except IntentRefused as refused:
            self._say(str(refused))

    def _speak(self, text: str) -> None:
        self._talk.speak(self._call.now, text)
        self._show_news()
        self._coach()
        # Only before the customer answers can the floor be given back.
        self._listening = not self._talk.can_withdraw(self._call.now)
        if not self._listening:
            self._say("(You cut in. /sorry gives the floor back, Enter hears the answer.)")

    def _listen_on(self) -> None:
        self._listening = True
        if self._by_mail and unopened(self._talk.fold):
            self._mail("")
            return
        if self._on_hold:
            self._say("They are on hold: /back when you return, /wait lets time pass.")
        elif self._talk.floor_is_free:
            self._say("It is your turn. Words speak, /wait stays silent, /help lists the rest.")

    @property
    def _on_hold(self) -> bool:
        holds = self._talk.fold.turn.holds
        return bool(holds) and holds[-1].end is None

    def _offer_tokens(self) -> None:
        """Offer the short responses of this moment, once."""
        if self._talk.floor_is_free:
            return
        tokens = self._talk.tokens().tokens
        if tokens and tokens != self._offered:
            self._say("   ".join(f"/{number} {one_line(token)}" for number, token in enumerate(tokens, 1)))
        self._offered = tokens

    def _coach(self) -> None:
        if self._table.header.mode != "practice":
            return
        turns = self._table.score(self._talk.events).turns
        spoken = [turn for turn in turns if turn.trainee]
        if spoken and len(spoken) > self._coached:
            self._coached = len(spoken)
            note = coach_line(spoken[-1], self._persona)
            if note:
                self._say(f"  [{note}]")

    def _command(self, text: str) -> None:
        word, _, rest = text.partition(" ")
        verbs: dict[str, Callable[[str], None]] = {
            "mm-hm": self._nod,
            "mm": self._nod,
            "1": lambda _: self._token(0),
            "2": lambda _: self._token(1),
            "3": lambda _: self._token(2),
            "wait": self._wait,
            "desk": self._desk,
            "hold": self._hold,
            "back": self._back,
            "sorry": self._sorry,
            "leave": lambda _: self._talk.end(self._call.now, "left"),
            "stop": self._stop,
            "help": lambda _: self._say(HELP),
            "mail": self._mail,
        }
        verb = verbs.get(word.lower())
        if verb is None:
            self._say(f"There is no /{one_line(word)[:30]}; /help lists what there is.")
            return
        verb(rest)
        self._show_news()

    def _stop(self, _: str) -> None:
        raise Stopped

    def _nod(self, token: str) -> None:
        self._talk.backchannel(self._call.now, token.strip() or None)
        self._listening = True

    def _token(self, place: int) -> None:
        tokens = self._talk.tokens().tokens
        if place >= len(tokens):
            self._say("No short response of that number is offered at this moment.")
            return
        self._nod(tokens[place])

    def _sorry(self, _: str) -> None:
        self._talk.withdraw(self._call.now)
        self._say("You give the floor back.")
        self._listening = True

    def _back(self, _: str) -> None:
        if not self._on_hold:
            self._say("Nobody is on hold.")
            return
        self._talk.end_hold(self._call.now)

    def _wait(self, seconds: str) -> None:
        try:
            length = float(seconds) if seconds.strip() else WAIT_S
        except ValueError:
            length = -1
        if not 0 < length <= 600:
            self._say("Say how many seconds, up to 600: /wait 4")
            return
        if not self._talk.floor_is_free:
            self._say("They are still talking: Enter listens on.")
            return
        self._listening = True
        before = len(self._talk.fold.turn.floor_spans)
        until = self._call.now + round(length * 1000)
        while self._talk.floor_is_free and self._call.now < until:
            due = self._talk.next_due()
            self._call.run_to(until if due is None else min(due, until))
        if (
            not self._talk.over
            and self._talk.floor_is_free
            and len(self._talk.fold.turn.floor_spans) == before
        ):
            self._say("(Silence.)")

    def _desk(self, item: str) -> None:
        name = item.strip()
        if name:
            opened = self._talk.open_desk(self._call.now, name)
            self._say(f"{opened.title}\n{opened.text}")
            return
        self.show_desk()

    def show_desk(self) -> None:
        """Print what the trainee can see and promise."""
        desk = self._persona.desk
        self._say("\n".join(desk.card))
        for title, lines in (
            ("You may", [grant.text for grant in desk.authority]),
            ("You may not", list(desk.forbidden)),
            ("Policy", list(desk.policy)),
        ):
            for line in lines:
                self._say(f"{title}: {line}")
        for entry in desk.items:
            self._say(f"/desk {entry.id}: {entry.title}")

    def _mail(self, item: str) -> None:
        """Open a mail and print it: the oldest unopened one, or the one named."""
        left = unopened(self._talk.fold)
        name = item.strip() or (left[0] if left else "")
        if not name:
            self._say("Every mail is open. /mail mail_1 shows the first one again.")
            return
        if name in left or not self._by_mail:
            self._talk.open_mail(self._call.now, name)
        for line in letter(self._talk.fold, name):
            self._say(line)

    def _hold(self, text: str) -> None:
        self._talk.announce_hold(self._call.now, text)
        self._say("(On hold. /back when you return.)")


def _end_of(text: str) -> str:
    return text if len(text) <= SHOWN_AGAIN else "..." + text[-SHOWN_AGAIN:]


def briefing(persona: Persona) -> str:
    """Return what the trainee is told before the call."""
    who = persona.customer
    return "\n".join(
        [
            f"{persona.identity.title}: {who.name}, by {persona.medium.kind.value}, {persona.desk.company}",
            persona.desk.role,
            "Enter listens on, words speak, /desk shows the record, /help lists the rest.",
        ]
    )
