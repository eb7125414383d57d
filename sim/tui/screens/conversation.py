"""Phone, video and chat: the customer talks, the trainee listens, writes and speaks."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from personas.acts import MediumKind
from scoring.events import Channel
from sim.call_view import Holder
from sim.office_clock import OfficeClock
from sim.tui.screens.call import CallScreen
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.composer import Composer
from sim.tui.widgets.floor_line import FloorLine, FloorShown
from sim.tui.widgets.key_bar import KeyBar, KeyShown
from sim.tui.widgets.plain_text import PlainText
from sim.tui.widgets.transcript import Transcript

THINKING_AFTER_S = 0.6
"""How long words may be awaited before the customer is shown as thinking."""
SILENT_S = 4.0
"""Untimed: how long one press of the key for silence lasts, in the call's time."""
_HOLD_ASKS = "Say why they have to wait"


class ConversationScreen(CallScreen):
    """A conversation in which both can speak at any time."""

    CSS_PATH: ClassVar[Any] = ["call.tcss", "conversation.tcss"]
    KEYS: ClassVar[dict[str, str]] = {
        **CallScreen.KEYS,
        "tab": "sign",
        "f2": "first_token",
        "f3": "second_token",
        "f4": "third_token",
        "f5": "hold",
        "f7": "silence",
        "ctrl+n": "nod",
        "ctrl+f": "face",
        "pageup": "page_up",
        "pagedown": "page_down",
        "end": "latest",
    }
    PATIENT: ClassVar[frozenset[str]] = CallScreen.PATIENT | {"page_up", "page_down", "latest"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """Take what `CallScreen` takes."""
        super().__init__(*arguments, **keywords)
        self._holding = False
        self._waiting_since: float | None = None

    # what it is made of -----------------------------------------------------------------------------------

    @property
    def medium(self) -> MediumKind:
        """How the two are talking."""
        return self.call.table.setting.medium

    def make_pane(self) -> CallPane:
        """Return the transcript; a chat has its own."""
        if self.medium is MediumKind.CHAT:
            from sim.tui.widgets.chat_pane import ChatPane

            setting, fold = self.call.table.setting, self.call.view.fold
            return ChatPane(
                self.call.view, OfficeClock.of_run(setting.seed, self.medium, setting.rules, fold)
            )
        return Transcript(self.call.view)

    def compose_call(self) -> ComposeResult:
        """The conversation, and below it who has the floor."""
        yield from super().compose_call()
        yield FloorLine(id="floor")

    def compose_writing(self) -> ComposeResult:
        """The draft, and below it the signs of listening."""
        with Horizontal(id="writing"):
            yield PlainText("›", id="prompt")
            yield Composer("", reduced=self.reduced, id="composer")
        yield KeyBar(6, shortest=6, id="tokens")

    def writing_places(self) -> list[Widget]:
        """The composer."""
        return [self.composer]

    @property
    def composer(self) -> Composer:
        """Where the trainee writes."""
        return self.query_one(Composer)

    def foot_keys(self) -> list[KeyShown]:
        """What can be done now, the most important first."""
        call = self.call
        keys = [self._main_key()]
        if call.can_give_back:
            keys.insert(0, KeyShown("escape", "Esc", "give the floor back", strong=True))
        elif self._holding:
            keys.append(KeyShown("escape", "Esc", "no hold"))
        if self.pane.away:
            keys.append(KeyShown("end", "End", "to the latest", strong=True))
        keys.append(KeyShown("ctrl+c", "Ctrl+C", "stop"))
        if call.view.floor(call.now).holder is Holder.HOLD:
            keys.insert(1, KeyShown("f5", "F5", "come back", strong=True))
        elif not self._holding:
            keys.append(KeyShown("f5", "F5", "hold"))
        keys.append(KeyShown("f6", "F6", self._next_place()))
        if not call.timed:
            keys.append(KeyShown("f7", "F7", "stay silent"))
        if self.medium is MediumKind.VIDEO:
            keys += [KeyShown("ctrl+n", "Ctrl+N", "nod"), KeyShown("ctrl+f", "Ctrl+F", "face")]
        return keys

    def _next_place(self) -> str:
        if self.focused is self.composer:
            return "desk"
        return "notes" if self.focused is self.desk and self.has_class("-wide") else "write"

    def _main_key(self) -> KeyShown:
        if self.call.coach:
            return KeyShown("enter", "Enter", "go on", strong=True)
        if self._holding:
            return KeyShown("enter", "Enter", "put them on hold")
        if not self.call.timed and not self.composer.text:
            return KeyShown("enter", "Enter", "listen on")
        return KeyShown("enter", "Enter", "send" if self.medium is MediumKind.CHAT else "speak")

    # drawing ----------------------------------------------------------------------------------------------

    def draw_call(self, t: int) -> None:
        """Show the floor and the signs of this moment."""
        call = self.call
        floor = call.floor()
        running = call.view.running
        said = running.spoken_words(t) if running is not None and not self.reduced else 0
        shown = FloorShown(
            floor,
            self.customer.short_name,
            said,
            running.words if running is not None and not self.reduced else 0,
            thinking=self._thinking(),
            cut_in=call.can_give_back,
            begun=bool(call.view.entries),
            typed=self.medium is MediumKind.CHAT,
            timed=call.timed,
        )
        self.query_one(FloorLine).draw(shown)
        if self._drawn.get("tokens") != call.view.changes:
            self._drawn["tokens"] = call.view.changes
            self.query_one("#tokens", KeyBar).show(self._signs())

    def _thinking(self) -> bool:
        now = self.call.clock.moment()
        if not self.call.waits_for_voice:
            self._waiting_since = None
            return False
        if self._waiting_since is None:
            self._waiting_since = now
        return now - self._waiting_since >= THINKING_AFTER_S

    def _signs(self) -> list[KeyShown]:
        tokens = self.call.tokens().tokens
        offered = [KeyShown(f"f{n}", f"F{n}", token) for n, token in enumerate(tokens[:3], start=2)]
        return [KeyShown("tab", "Tab", "mm-hm"), *offered]

    # keys -------------------------------------------------------------------------------------------------

    def claims(self, key: str) -> bool:
        """Return whether a key is the call's now."""
        if key in ("ctrl+n", "ctrl+f"):
            return self.medium is MediumKind.VIDEO
        if key in ("pageup", "pagedown"):
            return self.focused is self.composer or self.focused is None
        if key == "end":
            return self.pane.away and self.focused is not self.desk
        return super().claims(key)

    def press_sign(self, time: float) -> None:
        """Say "mm-hm"."""
        self.call.backchannel(time)

    def press_nod(self, time: float) -> None:
        """Nod."""
        self._show_it(time, "nod")

    def press_face(self, time: float) -> None:
        """Let the face show it."""
        self._show_it(time, "face")

    def _show_it(self, time: float, channel: Channel) -> None:
        if self.medium is MediumKind.VIDEO:
            self.call.backchannel(time, channel=channel)

    def press_first_token(self, time: float) -> None:
        """Give the first specific response of the moment."""
        self._token(time, 0)

    def press_second_token(self, time: float) -> None:
        """Give the second one."""
        self._token(time, 1)

    def press_third_token(self, time: float) -> None:
        """Give the third one."""
        self._token(time, 2)

    def _token(self, time: float, place: int) -> None:
        tokens = self.call.tokens().tokens
        if place < len(tokens):
            self.call.backchannel(time, tokens[place])

    def press_hold(self, time: float) -> None:
        """Announce a wait with what is written, or ask for it; come back from one."""
        if self.call.view.floor(self.call.now).holder is Holder.HOLD:
            self.call.back(time)
        elif self.composer.text.strip():
            self._hold(time, self.composer.text)
        elif self._holding:
            self._ask_for_hold(False)
        elif not self.call.conversation.floor_is_free:
            self.remark("Let them finish before you put them on hold.")
        else:
            self._ask_for_hold(True)
            self.focus_first()

    def _hold(self, time: float, text: str) -> None:
        self.call.hold(time, text)
        self.composer.take_out()
        self._ask_for_hold(False)

    def _ask_for_hold(self, asking: bool) -> None:
        self._holding = asking
        self.composer.placeholder = _HOLD_ASKS if asking else ""
        self.set_class(asking, "-hold")

    def press_silence(self, _: float) -> None:
        """Untimed: say nothing for a while."""
        if not self.call.timed:
            self.call.stay_silent(SILENT_S)

    def press_escape(self, time: float) -> None:
        """Give the floor back, leave the asking for a hold, or go back to writing; a draft is never lost."""
        if self._holding and not self.call.can_give_back:
            self._ask_for_hold(False)
        else:
            super().press_escape(time)

    def press_page_up(self, _: float) -> None:
        """Scroll back in the conversation."""
        self.pane.scroll_page_up(animate=False)

    def press_page_down(self, _: float) -> None:
        """Scroll on in the conversation."""
        self.pane.scroll_page_down(animate=False)

    def press_latest(self, _: float) -> None:
        """Go to what was said last."""
        self.pane.to_latest()

    # writing ----------------------------------------------------------------------------------------------

    def on_composer_key_moved(self, message: Composer.KeyMoved) -> None:
        """Tell the call that the draft moved; the first key after the coach's line lets time go on."""
        message.stop()
        self.go_on()
        self.attempt(lambda: self.call.key(message.time, empty=message.empty))

    def on_composer_sent(self, message: Composer.Sent) -> None:
        """Speak, announce a wait, or listen on."""
        message.stop()
        self.remark("")
        if self.call.coach and not message.text:
            self.go_on()
        elif self._holding:
            done = self.attempt(lambda: self._hold(message.time, message.text))
            if not done:
                self.composer.put_back(message.text)
        elif not message.text.strip() and not self.call.timed:
            self.attempt(self.call.listen_on)
        elif not self.attempt(lambda: self.call.send(message.time, message.text, message.pasted_chars)):
            self.composer.put_back(message.text)
        self.tick()
