"""The app: paints the first screen at once, opens the house behind it, takes every intent to its place."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from sim.tui import intents as want
from sim.tui import palette
from sim.tui.base import BaseApp
from sim.tui.opening import HouseOpened, Notices, Start, VoiceReady, leave_on_signals, place_of, settle_memory
from sim.tui.screens.home import HomeScreen
from sim.tui.themes import theme_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saves.run import RunFile
    from sim.customer.voices.base import Voice
    from sim.debriefing import DebriefView
    from sim.preferences import Preferences
    from sim.voice_waiting import VoiceInWaiting
    from sim.workplace import Sitting, Workplace


class HearMeOut(BaseApp):
    """The game on screens."""

    def __init__(
        self,
        open_house: Callable[[], Workplace],
        preferences: Preferences,
        environment: Mapping[str, str],
        notices: Notices,
        start: Start | None = None,
        pictures: Path = Path("pictures"),
    ) -> None:
        """Take what is needed; nothing is loaded before the first paint.

        Args:
            open_house: opens the workplace; slow, called on a thread of its own.
            preferences: the settings.
            environment: for the theme that fits the terminal.
            notices: what is said behind the screens.
            start: where to begin; the first screen when left out.
            pictures: folder for pictures of screens.
        """
        look = theme_for(preferences.theme, environment)
        super().__init__(look, reduced=preferences.motion == "reduced", pictures=pictures)
        self._open_house = open_house
        self._environment = environment
        self._notices = notices
        self._start = start or Start()
        self._home = HomeScreen(None)
        self._house: Workplace | None = None
        self._sitting: Sitting | None = None
        self._voice: VoiceInWaiting | None = None
        self._then: Callable[[Voice], None] | None = None
        self._loaded: Voice | None = None
        self.problem = ""
        """Why the program had to end; said once the screen is gone."""

    @property
    def house(self) -> Workplace:
        """The house, once it is open."""
        assert self._house is not None, "the house is not open yet"
        return self._house

    # opening and closing ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first screen, then open the house."""
        self._notices.connect(lambda sentence: self.tell(sentence, alarm=True))
        self.push_screen(self._home)
        self.call_after_refresh(self._begin_to_open)
        leave_on_signals(lambda: self.exit(0))

    def _begin_to_open(self) -> None:
        threading.Thread(target=self._open, name="house", daemon=True).start()

    def _open(self) -> None:
        try:
            house = self._open_house()
        except Exception as error:  # noqa: BLE001 - told on the screen, whatever it is
            self.post_message(HouseOpened(None, str(error) or type(error).__name__))
        else:
            self.post_message(HouseOpened(house))

    def on_house_opened(self, message: HouseOpened) -> None:
        """Fill the first screen, and go where the program was asked to begin."""
        if message.house is None:
            self.problem = message.problem
            self.exit(1)
            return
        self._house = message.house
        settle_memory()
        self._home_again()
        start = self._start
        if start.at == "briefing":
            self.post_message(want.BriefingWanted(start.persona))
        elif start.at == "daily":
            self._home.action_want("daily")
        elif start.at == "go_on":
            self.post_message(want.GoOnWanted(start.run))
        elif start.at == "replay" and start.replayed is not None:
            self._replay(start.replayed, 0, start.speed)

    def _home_again(self, _: object = None) -> None:
        self._try(lambda: self._home.show(self.house.home_view()))

    async def action_quit(self) -> None:
        """Leave; a call that is going on asks first, and is kept."""
        from sim.tui.screens.call import CallScreen

        screens = [screen for screen in self.screen_stack if isinstance(screen, CallScreen)]
        if screens and self._sitting is not None and not self._sitting.call.over:
            screens[-1].action_stop()
        else:
            self.exit(0)

    def on_unmount(self) -> None:
        """Keep what is going on, and give everything back."""
        if self._sitting is not None and self._house is not None:
            self._house.stop(self._sitting)
        self._drop_voice()
        if self._house is not None:
            self._house.close()

    def _try(self, step: Callable[[], object]) -> bool:
        """Do something that can fail for reasons a trainee can understand; say the reason."""
        from sim.trouble import UNDERSTOOD

        try:
            step()
        except (*UNDERSTOOD, OSError) as error:
            self.tell(str(error), alarm=True)
            return False
        return True

    # places -----------------------------------------------------------------------------------------------

    def on_place_wanted(self, message: want.PlaceWanted) -> None:
        """Show another screen over this one."""
        if message.place == "help":
            self._show_help()
        elif self._house is not None and self._sitting is None:
            self._try(lambda: self.push_screen(place_of(self.house, message.place), self._home_again))

    def _show_help(self) -> None:
        from sim.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            return
        sitting = self._sitting
        if sitting is None:
            self.push_screen(HelpScreen())
            return
        stands = sitting.call.practice or sitting.keeper is None
        if stands:
            sitting.call.pause("paused")

        def read(_: object) -> None:
            if stands and not sitting.call.coach:
                sitting.call.go_on("paused")

        self.push_screen(HelpScreen(in_call=True, time_stands=stands), read)

    def on_preference_changed(self, message: want.PreferenceChanged) -> None:
        """Keep a setting and let it count at once."""
        if self._house is None:
            return
        try:
            self.house.change(message.name, message.value)
        except ValueError as error:
            self.tell(str(error), alarm=True)
        except OSError as error:
            self.tell(
                f"The settings could not be stored ({error.strerror}); they count until you leave.",
                alarm=True,
            )
        self._apply_look()
        from sim.tui.screens.settings import SettingsScreen

        if isinstance(self.screen, SettingsScreen):
            self.screen.show(self.house.preferences)

    def _apply_look(self) -> None:
        preferences = self.house.preferences
        self.theme = theme_for(preferences.theme, self._environment)
        self.reduced = preferences.motion == "reduced"
        self.animation_level = "none" if self.reduced else "full"

    # voices -----------------------------------------------------------------------------------------------

    def _await_voice(self, waiting: VoiceInWaiting, then: Callable[[Voice], None] | None) -> None:
        self._drop_voice()
        self._voice, self._then = waiting, then
        if waiting.ready:
            self.post_message(VoiceReady())

    def _drop_voice(self) -> None:
        if self._voice is not None:
            self._voice.close()
        if self._loaded is not None:
            self._loaded.close()
        self._voice = self._then = self._loaded = None

    def on_voice_ready(self, _: VoiceReady) -> None:
        """Take the voice that was waited for."""
        if self._voice is None or not self._voice.ready:
            return
        waiting, then = self._voice, self._then
        self._voice = self._then = None
        voices: list[Voice] = []
        if not self._try(lambda: voices.append(waiting.take())):
            self._tell_briefing("This voice cannot speak. Esc, then S: choose another one.", ready=False)
            return
        if then is not None:
            then(voices[0])
            return
        self._loaded = voices[0]
        identity = voices[0].identity
        spoken = "the author's lines" if identity.kind == "written" else identity.model
        self._tell_briefing(spoken, ready=True)

    def _tell_briefing(self, text: str, *, ready: bool) -> None:
        from sim.tui.screens.briefing import BriefingScreen

        if isinstance(self.screen, BriefingScreen):
            self.screen.voice_state(text, ready)

    def _voice_told(self) -> None:
        self.post_message(VoiceReady())

    # calls ------------------------------------------------------------------------------------------------

    def on_briefing_wanted(self, message: want.BriefingWanted) -> None:
        """Show what is known before the call, and make the voice ready meanwhile."""
        from sim.briefing_view import briefing_view
        from sim.tui.screens.briefing import BriefingScreen

        if message.seed is not None:
            self._start = Start("briefing", mode="rated", seed=message.seed, daily=True)

        def brief() -> None:
            persona = self.house.persona(message.persona_id, self._start.mode)
            # A seed that was asked for shall give the same call to everybody, word for word.
            new_words = self._start.seed is None
            waiting = self.house.voice_for(persona.identity.id, self._voice_told, new_words=new_words)
            view = briefing_view(
                persona,
                mode=self._start.mode or self.house.preferences.mode,
                timed=self.house.preferences.timed,
                voice_note="",
                played_before=self.house.played_before(persona.identity.id, self._start.seed),
                daily=self._start.daily,
            )
            self.push_screen(BriefingScreen(view), self._briefing_left)
            self._await_voice(waiting, None)

        self._try(brief)

    def _briefing_left(self, _: object = None) -> None:
        if self._sitting is None:
            self._start = Start()
            self._drop_voice()
            self._home_again()

    def on_call_wanted(self, message: want.CallWanted) -> None:
        """Begin a call; its voice is ready."""
        if self._loaded is None or self._sitting is not None:
            return
        voice, self._loaded = self._loaded, None
        mode = "competition" if self._start.mode == "competition" else message.mode

        def begin() -> None:
            self._sit(self.house.begin(message.persona_id, mode, voice, self._start.seed), switch=True)
            self._start = Start()

        if not self._try(begin):
            voice.close()
            self.pop_screen()

    def on_go_on_wanted(self, message: want.GoOnWanted) -> None:
        """Go on with an interrupted call."""

        def go_on() -> None:
            run = self.house.interrupted(self.house.store.resolve(message.run_id))
            waiting = self.house.voice_to_go_on(run, self._voice_told)
            self._await_voice(waiting, lambda voice: self._seat(lambda: self.house.go_on(run, voice), voice))

        self._try(go_on)

    def on_again_wanted(self, message: want.AgainWanted) -> None:
        """Play a moment of a stored call again."""

        def again() -> None:
            run = self.house.store.load(message.run_id)
            waiting = self.house.voice_to_go_on(run, self._voice_told)
            self._await_voice(
                waiting, lambda voice: self._seat(lambda: self.house.again(run, message.turn, voice), voice)
            )

        self._try(again)

    def _seat(self, sit: Callable[[], Sitting], voice: Voice) -> None:
        if self._sitting is not None or not self._try(lambda: self._sit(sit(), switch=False)):
            voice.close()

    def on_give_up_wanted(self, message: want.GiveUpWanted) -> None:
        """Put an interrupted call away."""
        self._try(lambda: self.house.give_up(message.run_id))
        self._home_again()

    def on_practice_wanted(self, _: want.PracticeWanted) -> None:
        """Begin the practice call of the help."""
        if self._house is None:
            return
        from sim.lesson.lesson import Lesson

        self._sit(self.house.practice_call(), switch=True, guide=Lesson())

    def _sit(self, sitting: Sitting, *, switch: bool, guide: Any = None) -> None:
        from personas.acts import MediumKind
        from sim.tui.screens.conversation import ConversationScreen
        from sim.tui.screens.mail import MailScreen

        settle_memory()
        self._sitting = sitting
        kind = MailScreen if sitting.call.table.setting.medium is MediumKind.EMAIL else ConversationScreen
        pace = 100 if sitting.call.table.header.mode == "competition" else self.house.preferences.pace_percent
        screen = kind(sitting.call, guide=guide, pace_percent=pace)
        if switch:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self.call_after_refresh(gc.freeze)

    def on_call_closed(self, message: want.CallClosed) -> None:
        """Keep the call and show its debrief, or go back to the first screen."""
        sitting, self._sitting = self._sitting, None
        if sitting is None:
            return
        self.house.stop(sitting)
        views: list[DebriefView] = []
        if message.debrief:
            self._try(lambda: views.append(self._debrief_of(sitting)))
        if views:
            from sim.tui.screens.debrief import DebriefScreen

            self.switch_screen(DebriefScreen(views[0]))
        else:
            self.pop_screen()
        self._home_again()

    def _debrief_of(self, sitting: Sitting) -> DebriefView:
        if sitting.keeper is None:
            return self.house.practice_debrief(sitting)
        return self.house.stored_debrief(sitting.run_id)

    # afterwards -------------------------------------------------------------------------------------------

    def on_debrief_wanted(self, message: want.DebriefWanted) -> None:
        """Show the debrief of a stored call."""
        from sim.tui.screens.debrief import DebriefScreen

        self._try(lambda: self.push_screen(DebriefScreen(self.house.stored_debrief(message.run_id))))

    def on_replay_wanted(self, message: want.ReplayWanted) -> None:
        """Play a stored call again on the screen."""
        self._try(lambda: self._replay(self.house.store.load(message.run_id), message.from_ms, 1.0))

    def _replay(self, run: RunFile, from_ms: int, speed: float) -> None:
        from sim.tui.screens.replay import ReplayScreen

        self._try(
            lambda: self.push_screen(ReplayScreen(run, self.house.machine.now, from_ms=from_ms, speed=speed))
        )

    def on_story_wanted(self, message: want.StoryWanted) -> None:
        """Save a moment as a page to share."""
        save = self.house.save_story
        self._try(lambda: self.tell(f"Saved as {save(message.run_id, message.turn)}"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return the commands of the palette."""
        if self._house is not None and self._sitting is None:
            yield from palette.places(self)
        yield SystemCommand("Help", "The keys of a call, and two minutes of practice", self._show_help)
        yield palette.other_theme(self)
        yield from super().get_system_commands(screen)
