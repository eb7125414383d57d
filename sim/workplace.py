"""Everything the screens need of the house: customers, calls, saves and settings, behind one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from personas.loader import Library, LoadedPersona, builtin_folder
from personas.manners import MannerShelf, thoughts_for
from personas.schema import Manner, Persona
from saves.run import RunFile
from saves.store import Store
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.listener.base import Listener
from scoring.listener.registry import LISTENERS
from scoring.material import read_reply, touchables
from scoring.rubric import Rubric, RubricRules, shipped_rubric
from scoring.turns import CallFold
from sim.again import until_reply
from sim.career import outlook
from sim.career.spacing import warm_up
from sim.clock import CallClock
from sim.customer.sequel import as_sequel, recalled
from sim.customer.voices.base import Voice
from sim.customer.voices.written import WrittenVoice
from sim.debriefing import DebriefView, debrief_view, story_card
from sim.game import APP_VERSION, Origin, Table, find_models, lay_table, stored_setting, table_of_run
from sim.giving_up import give_up
from sim.heard import lines_heard
from sim.home import Home, Mode, PlayError, VoiceKind, Wanted
from sim.keeper import Keeper
from sim.live import LiveCall
from sim.machine import Machine as Machine
from sim.preferences import Preferences, save_preferences
from sim.promised import promised_before
from sim.session import LISTENER, find_persona, open_store, open_voice, shelves
from sim.voice_waiting import VoiceInWaiting


@dataclass
class Sitting:
    """A call at the screen and what belongs to it."""

    call: LiveCall
    keeper: Keeper | None
    """None for the practice call, which is not kept."""

    @property
    def run_id(self) -> str:
        """The call's name in the store."""
        return self.call.table.header.run_id


class Workplace:
    """Opens the house: reads what is there, lays tables, keeps calls, and turns them into views."""

    def __init__(self, home: Home, preferences: Preferences, machine: Machine) -> None:
        """Load customers and rules and open the store.

        Raises:
            PlayError: when a folder that was asked for is not there.
            SavesError: when the store cannot be used.
        """
        self.home = home
        self.preferences = preferences
        self.machine = machine
        self.library: Library
        self._manners: MannerShelf
        self.library, self._manners = shelves(home, machine.personas)
        self._rubric: Rubric = shipped_rubric()
        self._listener: Listener = LISTENERS[LISTENER]()
        self.store: Store = open_store(home)
        warm_up()

    def close(self) -> None:
        """Give everything back."""
        self.store.close()

    # views ------------------------------------------------------------------------------------------------

    def home_view(self) -> outlook.HomeView:
        """Return what the first screen tells."""
        rows = self.store.runs(whole=False)
        waiting = [row for row in rows if row.ended is None and not row.abandoned]
        return outlook.home_view(self.library, rows, waiting, self.home.now_utc(), builtin_folder())

    def career_view(self) -> outlook.CareerView:
        """Return what the career screen tells."""
        rows = self.store.runs(whole=False)
        return outlook.career_view(self.library, rows, self.home.now_utc(), builtin_folder())

    def played_before(self, persona_id: str, seed: int | None) -> bool:
        """Return whether a customer was tried with this seed; a seed by chance never was."""
        rows = [] if seed is None else self.store.runs(persona_id=persona_id, whole=False)
        return outlook.played_before(rows, persona_id, seed or 0)

    def give_up(self, run_id: str) -> None:
        """Put an interrupted call away; SavesError when that cannot be kept."""
        give_up(self.store, run_id)

    def library_view(self) -> outlook.LibraryView:
        """Return what the library tells."""
        return outlook.library_view(self.library, self.store.runs(whole=False), builtin_folder())

    def persona(self, persona_id: str, mode: Mode | None = None) -> Persona:
        """Return a customer by id, as they will come to the phone: in a sequel with what they remember.

        Raises:
            PlayError: when there is none.
            SavesError: when the calls cannot be read.
        """
        persona = find_persona(self.library, persona_id).persona
        rules = self._rubric.rules.sequel
        return as_sequel(persona, recalled(persona, self._promised(persona, mode), rules), rules)

    def _promised(self, persona: Persona, mode: Mode | None) -> Mapping[str, bool]:
        return {} if mode == "competition" else promised_before(self.store, persona)

    def models(self) -> tuple[str, ...]:
        """Return the file names of the models that are there."""
        return tuple(path.name for path in find_models(self.home.models))

    def change(self, name: str, value: object) -> None:
        """Change a setting and store all of them.

        Raises:
            ValueError: when it cannot be that.
            OSError: when it cannot be stored; it counts until the program ends.
        """
        self.preferences = self.preferences.changed(name, value)
        save_preferences(self.home.data, self.preferences)

    # calls ------------------------------------------------------------------------------------------------

    def voice_for(
        self, persona_id: str, told: Callable[[], None], *, new_words: bool = False
    ) -> VoiceInWaiting:
        """Begin to make the voice of a new call ready.

        Args:
            persona_id: the customer.
            told: called on another thread once it is ready.
            new_words: whether written lines of the latest calls are kept back.

        Raises:
            PlayError: when there is no such customer.
        """
        loaded = find_persona(self.library, persona_id)
        heard = lines_heard(self.store, loaded.persona.identity.id) if new_words else ()
        written = WrittenVoice(loaded.persona, self._manners.loaded, heard)
        return VoiceInWaiting(lambda: self._get_ready(loaded.persona, written), told)

    def _get_ready(self, persona: Persona, written: Voice) -> Voice:
        # The first reply of a call is read as fast as the others once the listener has met the customer.
        fold = CallFold(persona)
        fold.apply(ev.Spoke(t=0, text="Hello."))
        read_reply(self._listener, fold, touchables(persona), 0)
        return self._open_voice(persona.identity.id, written)

    def _open_voice(self, persona_id: str, written: Voice) -> Voice:
        kind: VoiceKind = self.machine.voice or self.preferences.voice
        model = self.machine.model
        if model is None and self.preferences.model and kind != "written":
            model = self.home.models / self.preferences.model
            if not model.is_file():
                self.home.warn(f"The model {model.name} is not there any more; another voice speaks.")
                model = None
        wanted = Wanted(persona_id, 1, kind, model, remote=self.machine.remote)
        return open_voice(self.home, wanted, written)

    def begin(self, persona_id: str, mode: Mode, voice: Voice, seed: int | None = None) -> Sitting:
        """Lay the table for a new call and begin to keep it.

        Raises:
            PlayError: when there is no such customer.
            SavesError: when it cannot be kept.
        """
        loaded = find_persona(self.library, persona_id)
        if self.machine.rate != 1:
            mode = "practice"
        promised = self._promised(loaded.persona, mode)
        table = self._table(
            loaded,
            voice,
            mode,
            seed or self.machine.seed(),
            timed=self.preferences.timed,
            promised=promised,
        )
        return self._sit(table)

    def _table(
        self,
        loaded: LoadedPersona,
        voice: Voice,
        mode: Mode,
        seed: int,
        *,
        timed: bool,
        promised: Mapping[str, bool] | None = None,
    ) -> Table:
        home = self.home
        return lay_table(
            loaded,
            self._manners.loaded,
            self._rubric,
            self._listener,
            voice,
            Origin(home.new_id(), seed, home.now_utc(), home.monotonic_ms()),
            mode=mode,
            timed=timed,
            log=home.log,
            challenge=self.machine.challenge,
            promised=promised,
        )

    def _sit(self, table: Table, first: Sequence[ev.Event] = ()) -> Sitting:
        self.store.begin(table.header, table.materials)
        if first:
            self.store.append(table.header.run_id, first)
        return self._seat(table, first)

    def _seat(self, table: Table, stored: Sequence[ev.Event]) -> Sitting:
        keeper = Keeper(self.store, table.header.run_id, self.home.warn, kept=len(stored))
        clock = CallClock(self.machine.now, self.machine.rate)
        return Sitting(LiveCall(table, keeper.keep, clock, stored), keeper)

    def practice_call(self) -> Sitting:
        """Return the practice call of the help: played like any other, kept nowhere."""
        from sim.lesson.lesson import lesson_persona

        loaded = lesson_persona()
        written = WrittenVoice(loaded.persona, self._manners.loaded)
        # Rated: the lesson speaks, so the coach keeps silent.
        table = self._table(loaded, written, "rated", 1, timed=self.preferences.timed)
        clock = CallClock(self.machine.now, self.machine.rate)
        return Sitting(LiveCall(table, lambda events: None, clock), None)

    def voice_to_go_on(self, run: RunFile, told: Callable[[], None]) -> VoiceInWaiting:
        """Begin to make the voice of a stored call ready; written lines stay written.

        Raises:
            StoredTextError: when its persona cannot be used.
        """
        stored = stored_setting(run)
        written = WrittenVoice(stored.setting.persona, stored.manners)
        if run.header.voice.kind == "written":
            return VoiceInWaiting(lambda: written, told)
        return VoiceInWaiting(lambda: self._open_voice(run.header.persona_id, written), told)

    def interrupted(self, run_id: str) -> RunFile:
        """Return a stored call that has not ended.

        Raises:
            PlayError: when it has.
            SavesError: when it cannot be read.
        """
        run = self.store.load(run_id)
        if any(event.kind == "ended" for event in run.events):
            raise PlayError("That call is over; the career screen shows its debrief.")
        return run

    def go_on(self, run: RunFile, voice: Voice) -> Sitting:
        """Go on with an interrupted call.

        Raises:
            StoredTextError: when its persona cannot be used.
        """
        return self._seat(table_of_run(run, self._listener, voice, self.home.log), run.events)

    def again(self, run: RunFile, turn: int, voice: Voice) -> Sitting:
        """Play a moment again: a new practice call that branches off before a turn's reply.

        Raises:
            NoSuchMoment: when that turn has no reply.
            SavesError: when it cannot be kept.
        """
        table = table_of_run(run, self._listener, voice, self.home.log)
        first = until_reply(table.setting.persona, run.events, turn)
        identity = voice.identity
        used = ev.VoiceUsed(
            kind=identity.kind,
            model=identity.model,
            model_sha256=identity.model_sha256,
            sampling=identity.sampling,
        )
        header = run.header.model_copy(
            update={
                "run_id": self.home.new_id(),
                "app_version": APP_VERSION,
                "listener": self._listener.name,
                "listener_fingerprint": self._listener.fingerprint,
                "mode": "practice",
                "voice": used,
                "parent_run": run.header.run_id,
                "parent_seq": len(first) - 1,
                "challenge": None,
                "started_utc": self.home.now_utc(),
                "started_monotonic_ms": self.home.monotonic_ms(),
            }
        )
        return self._sit(replace(table, header=header), first)

    def stop(self, sitting: Sitting) -> None:
        """Leave a call: what has ended gets its summary, what has not can be gone on with."""
        call, keeper = sitting.call, sitting.keeper
        try:
            if keeper is not None:
                if call.over:
                    keeper.finish(call.score().as_dict())
                else:
                    keeper.retry()
        finally:
            call.table.voice.close()

    # afterwards -------------------------------------------------------------------------------------------

    def stored_debrief(self, run_id: str) -> DebriefView:
        """Return the debrief of a stored call.

        Raises:
            PlayError: when it has not ended.
            SavesError: when it cannot be read.
            StoredTextError: when its persona cannot be used.
        """
        run = self.store.load(run_id)
        if not any(event.kind == "ended" for event in run.events):
            raise PlayError("That call has not ended yet: go on with it from the first screen.")
        return self.debrief_of_run(run)

    def debrief_of_run(self, run: RunFile) -> DebriefView:
        """Return the debrief of a call, from this store or from a file."""
        stored = stored_setting(run)
        setting = stored.setting
        score = score_call(setting.persona, setting.rules, run.header, run.events)
        return self._debrief(run.header, setting.persona, stored.manners, score, setting.rules)

    def practice_debrief(self, sitting: Sitting) -> DebriefView:
        """Return the debrief of a call that is kept nowhere."""
        table = sitting.call.table
        return self._debrief(
            table.header,
            table.setting.persona,
            table.manners,
            sitting.call.score(),
            table.setting.rules,
            kept=False,
        )

    def _debrief(
        self,
        header: ev.Header,
        persona: Persona,
        manners: Mapping[str, Manner],
        score: CallScore,
        rules: RubricRules,
        *,
        kept: bool = True,
    ) -> DebriefView:
        def thoughts(cause: str) -> tuple[str, ...]:
            return thoughts_for(persona, manners, cause)  # type: ignore[arg-type]

        usual, calls = outlook.usual_skills(self.store.runs(whole=False), before=header.started_utc)
        return debrief_view(
            header.run_id,
            persona,
            rules,
            score,
            thoughts,
            usual,
            usual_calls=calls,
            mode=header.mode,
            can_play_again=kept,
        )

    def save_story(self, run_id: str, turn: int) -> Path:
        """Write a moment of a stored call as a page to share, and return its path.

        Raises:
            SavesError: when the call cannot be read.
            OSError: when the page cannot be written.
        """
        view = self.stored_debrief(run_id)
        folder = self.home.data / "stories"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{run_id[:8]}-{turn + 1}.md"
        path.write_text(story_card(view, turn), encoding="utf-8")
        return path
