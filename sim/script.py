"""Timed scripts in virtual time: one command a line, for tests, robots and authors.

What each verb means is told in `VERBS`; media differ as DESIGN 3 says:

* phone, video: all verbs but `mail`.
* chat: `after S say` sends while the customer may still be typing; `mm-hm` is a short message; no `mail`.
* e-mail: `say` is a whole mail, `mail` opens one; there is no `mm-hm` and no `withdraw`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sim.conversation.conversation import Conversation, IntentRefused
from sim.virtual import VirtualCall

TYPING_WPM = 40
"""Words a minute at which a script types unless told otherwise (D; listening-science 1.4: 30-60 copying)."""
WITHDRAW_MS = 800
"""How long after sending a script gives the floor back (D; within the 1.5 s of the rubric)."""
NOD_MS = 300
"""How long after a clause a script's plain mm-hm comes (D; within the backchannel window)."""

VERBS = """\
listen                 hear the customer out: to the end of their turn
pause S                stay silent for S seconds; a beat or "are you there?" may come in between
say TEXT               hear them out, then type at 40 words a minute and send
say@WPM TEXT           the same at another speed
after S say TEXT       send S seconds into the customer's turn: over them, if they still speak (chat: type)
mm-hm [TOKEN]          a backchannel right after the clause being said; at once when the floor is free
after S mm-hm [TOKEN]  a backchannel S seconds into their turn
hold TEXT S            hear them out, announce a wait in these words, come back after S seconds
withdraw               give the floor back 0.8 s after having cut in
desk ITEM              ask for an item of the record; it can be used once it has loaded
mail ITEM              open a mail: mail_1, mail_2... (e-mail only)
leave                  end the call

On the phone and on video the customer's words take time, and what is sent over them cuts them off. In
chat a message is typed before it appears: sending while they type counts only if the message held
something new; a silence is only noticed after a minute; mm-hm is a short message. In e-mail mails arrive
whole and are opened with `mail`: there is no floor, no mm-hm, no withdraw, and no silence."""

_SAY = re.compile(r"say(?:@(?P<wpm>\S+))?\s+(?P<text>\S.*)", re.DOTALL)
_AFTER = re.compile(r"after\s+(?P<s>\S+)\s+(?P<rest>\S.*)", re.DOTALL)
_NOD = re.compile(r"mm-hm(?:\s+(?P<token>\S.*))?", re.DOTALL)
_HOLD = re.compile(r"hold\s+(?P<text>\S.*)\s+(?P<s>\S+)", re.DOTALL)


class ScriptError(Exception):
    """A line that cannot be carried out; the message names it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line


@dataclass(frozen=True)
class Command:
    """One line of a script, understood."""

    line: int
    verb: str
    text: str = ""
    after_ms: int | None = None
    """When it happens, counted from the start of the customer's turn; None: at the verb's own time."""
    wpm: float = TYPING_WPM
    ms: int = 0
    """Length of a pause or a hold."""


def parse_script(source: str) -> tuple[Command, ...]:
    """Return the commands of a script.

    Raises:
        ScriptError: at the first line that is no command.
    """
    commands = []
    for number, raw in enumerate(source.split("\n"), 1):
        line = raw.strip()
        if line and not line.startswith("#"):
            commands.append(_command(number, line))
    return tuple(commands)


def _command(number: int, line: str) -> Command:
    verb = line.split(None, 1)[0].split("@", 1)[0]
    reader = _READERS.get(verb)
    if reader is None:
        known = ", ".join(_READERS)
        raise ScriptError(number, f"there is no command {verb[:40]!r}; there is {known}")
    return reader(number, line)


def _number(number: int, text: str, what: str, least: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= 3600:
        raise ScriptError(number, f"{what} must be a number from {least:g} to 3600, not {text[:20]!r}")
    return value


def _bare(number: int, line: str) -> Command:
    words = line.split()
    if len(words) > 1:
        raise ScriptError(number, f"{words[0]!r} takes nothing after it")
    return Command(number, words[0])


def _pause(number: int, line: str) -> Command:
    words = line.split()
    if len(words) != 2:
        raise ScriptError(number, "pause needs one number of seconds: pause 3.5")
    return Command(number, "pause", ms=round(_number(number, words[1], "the pause", 0) * 1000))


def _say(number: int, line: str) -> Command:
    found = _SAY.fullmatch(line)
    if not found:
        raise ScriptError(number, "say needs words: say Two days without heating?")
    wpm = found["wpm"]
    speed = TYPING_WPM if wpm is None else _number(number, wpm, "the typing speed", 1)
    return Command(number, "say", found["text"], wpm=speed)


def _nod(number: int, line: str) -> Command:
    found = _NOD.fullmatch(line)
    if not found:
        raise ScriptError(number, "write mm-hm alone or with a token: mm-hm two weeks!")
    return Command(number, "mm-hm", found["token"] or "")


def _after(number: int, line: str) -> Command:
    found = _AFTER.fullmatch(line)
    rest = found["rest"].split(None, 1)[0].split("@", 1)[0] if found else ""
    if not found or rest not in ("say", "mm-hm"):
        raise ScriptError(number, "after needs seconds and a command: after 6 say TEXT, or after 6 mm-hm")
    inner = (_say if rest == "say" else _nod)(number, found["rest"])
    at = round(_number(number, found["s"], "the time", 0) * 1000)
    return Command(number, inner.verb, inner.text, at, inner.wpm)


def _hold(number: int, line: str) -> Command:
    found = _HOLD.fullmatch(line)
    if not found:
        raise ScriptError(number, "hold needs words and seconds: hold I'll open the contact notes 12")
    return Command(number, "hold", found["text"], ms=round(_number(number, found["s"], "the wait", 0) * 1000))


def _item(number: int, line: str) -> Command:
    words = line.split()
    if len(words) != 2:
        raise ScriptError(number, f"{words[0]} needs the name of one item")
    return Command(number, words[0], words[1])


_READERS: dict[str, Callable[[int, str], Command]] = {
    "listen": _bare,
    "pause": _pause,
    "say": _say,
    "after": _after,
    "mm-hm": _nod,
    "hold": _hold,
    "withdraw": _bare,
    "desk": _item,
    "mail": _item,
    "leave": _bare,
}


class ScriptRun:
    """Carries commands out on a conversation that has begun."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation
        self._call = VirtualCall(conversation)
        self._sent_at: int | None = None

    def run(self, commands: tuple[Command, ...]) -> None:
        """Carry out all commands, then hear the customer out.

        Raises:
            ScriptError: naming the line that cannot be carried out; lines after the end of the call count.
        """
        for command in commands:
            if self._talk.over:
                raise ScriptError(command.line, "the call is over before this line")
            try:
                self._carry_out(command)
            except IntentRefused as refused:
                raise ScriptError(command.line, str(refused)) from refused
        self._call.listen()

    def _carry_out(self, command: Command) -> None:
        verbs: dict[str, Callable[[Command], None]] = {
            "listen": lambda _: self._call.listen(),
            "pause": self._pause,
            "say": self._say,
            "mm-hm": self._nod,
            "hold": self._hold,
            "withdraw": self._withdraw,
            "desk": lambda c: self._at_desk(c.text),
            "mail": lambda c: self._talk.open_mail(self._call.now, c.text),
            "leave": lambda _: self._talk.end(self._call.now, "left"),
        }
        verbs[command.verb](command)

    def _pause(self, command: Command) -> None:
        self._call.run_to(self._call.now + command.ms)

    def _at_desk(self, item: str) -> None:
        self._talk.open_desk(self._call.now, item)

    def _typing_ms(self, command: Command) -> int:
        return round(len(command.text.split()) * 60_000 / command.wpm)

    def _say(self, command: Command) -> None:
        if command.after_ms is None:
            self._call.listen()
            self._type_and_send(command, self._call.now + self._typing_ms(command))
            return
        began = self._turn_start(command)
        send = began + command.after_ms
        earliest = max(began, self._call.now)
        if send - self._typing_ms(command) < earliest:
            raise ScriptError(
                command.line,
                f"typing this takes {self._typing_ms(command) / 1000:.1f} s and would have to begin before "
                "the customer's turn, or before what came last; send it later, or faster with say@WPM",
            )
        self._call.run_to(send - self._typing_ms(command))
        self._type_and_send(command, send)

    def _turn_start(self, command: Command) -> int:
        began = self._call.until_customer_speaks()
        if began is None:
            raise ScriptError(command.line, "the customer is not speaking and waits for you")
        return began

    def _type_and_send(self, command: Command, send: int) -> None:
        self._talk.compose(self._call.now, "started")
        self._call.run_to(send)
        self._talk.speak(self._call.now, command.text)
        self._sent_at = self._call.now

    def _nod(self, command: Command) -> None:
        if command.after_ms is not None:
            at = self._turn_start(command) + command.after_ms
            if at < self._call.now:
                raise ScriptError(command.line, "that moment of the customer's turn has passed")
            self._call.run_to(at)
        elif self._call.until_clause_ends() and not self._talk.over:
            self._call.run_to(self._call.now + NOD_MS)
        self._talk.backchannel(self._call.now, command.text or None)

    def _hold(self, command: Command) -> None:
        self._call.listen()
        self._talk.announce_hold(self._call.now, command.text)
        self._call.run_to(self._call.now + command.ms)
        if not self._talk.over:
            self._talk.end_hold(self._call.now)

    def _withdraw(self, command: Command) -> None:
        if self._sent_at is None:
            raise ScriptError(command.line, "nothing was said that could be taken back")
        self._call.run_to(self._sent_at + WITHDRAW_MS)
        self._talk.withdraw(self._call.now)
