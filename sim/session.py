"""Whole sittings: a scripted call, a call at a plain terminal, going on with an interrupted one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from personas.loader import Library, LoadedPersona, load_library
from personas.manners import MannerShelf, load_manners
from scoring.debrief import debrief_of
from scoring.debrief_text import render_plain
from scoring.events import Event
from scoring.listener.base import Listener
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.customer.voices.base import Voice, VoiceError
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, Table, find_models, lay_table, table_of_run
from sim.heard import lines_heard
from sim.home import Home, PlayError, Remote, VoiceKind, Wanted
from sim.keeper import Keeper
from sim.plain import Ask, PlainGame, Stopped, briefing
from sim.report import call_report
from sim.script import Command, ScriptRun, parse_script
from sim.text import shown

if TYPE_CHECKING:
    from saves.store import Store

LISTENER = "rules"
"""The listener that reads the replies."""


def shelves(home: Home, folder: Path | None) -> tuple[Library, MannerShelf]:
    """Return all customers and manners: built in, the user's, then those of a folder.

    Raises:
        PlayError: when that folder is not there.
    """
    if folder is not None and not folder.is_dir():
        raise PlayError(f"There is no folder {folder}; --personas names a folder of persona files.")
    folders = [home.data / "personas", *([folder] if folder else [])]
    return load_library(folders), load_manners([path / "manners" for path in folders])


def find_persona(library: Library, wanted: str) -> LoadedPersona:
    """Return a customer by id, or by the part after the slash.

    Raises:
        PlayError: when there is none; names the ones there are, and broken files.
    """
    matches = [one for key, one in library.loaded.items() if wanted in (key, key.split("/")[-1])]
    if matches:
        return matches[0]
    broken = [f"{failed.path.name} is broken: {failed.problems[0]}" for failed in library.failed]
    known = ", ".join(library.loaded)
    raise PlayError(" ".join([f"There is no customer {shown(wanted)[:80]!r}; there is {known}.", *broken]))


def open_voice(home: Home, wanted: Wanted, written: Voice) -> Voice:
    """Return the voice that was asked for, its model being loaded in the background.

    Raises:
        PlayError: when a local voice or a model was asked for and cannot speak.
    """
    if wanted.voice == "written":
        return written
    if wanted.voice == "remote":
        return _remote_voice(home, wanted.remote)
    models = [wanted.model] if wanted.model else list(find_models(home.models))
    if not models:
        if wanted.voice == "auto":
            return written
        raise PlayError(
            f"There is no model: put a .gguf file into {home.models}, name one with --model, or play with "
            "--voice written."
        )
    from sim.customer.voices.local import LocalVoice

    voice = LocalVoice(models[0], log=home.data / "voice.log")
    try:
        voice.warm()
        voice.identify()
    except VoiceError as error:
        voice.close()
        if wanted.voice == "local" or wanted.model:
            raise PlayError(f"{error} Or play with --voice written.") from error
        home.warn(f"{error} The customer speaks the author's lines instead.")
        return written
    return voice


def _remote_voice(home: Home, remote: Remote | None) -> Voice:
    if remote is None:
        raise PlayError("A remote voice needs an address: --url http://localhost:8080/v1, say.")
    from sim.customer.voices.remote import RemoteVoice

    voice: RemoteVoice | None = None
    try:
        voice = RemoteVoice(remote.url, remote.model, environment=home.environment)
        voice.warm()
    except VoiceError as error:
        if voice is not None:
            voice.close()
        raise PlayError(f"{error} Or play with --voice written.") from error
    return voice


def new_table(home: Home, wanted: Wanted, *, timed: bool, store: Store | None = None) -> Table:
    """Lay the table for a new call.

    Args:
        home: where things are.
        wanted: what was asked for.
        timed: False in plain play.
        store: the stored calls, open; a sequel's are looked up there, or in the one of the data folder.

    Raises:
        PlayError: when customer or voice cannot be had.
    """
    library, manners = shelves(home, wanted.personas)
    loaded = find_persona(library, wanted.persona)
    listener: Listener = LISTENERS[LISTENER]()
    heard = lines_heard(store, loaded.persona.identity.id) if store and wanted.new_words else ()
    voice = open_voice(home, wanted, WrittenVoice(loaded.persona, manners.loaded, heard))
    origin = Origin(home.new_id(), wanted.seed, home.now_utc(), home.monotonic_ms())
    return lay_table(
        loaded,
        manners.loaded,
        shipped_rubric(),
        listener,
        voice,
        origin,
        mode=wanted.mode,
        timed=timed,
        log=home.log,
        challenge=wanted.challenge,
        promised=_promised(home, loaded, wanted, store),
    )


def _promised(home: Home, loaded: LoadedPersona, wanted: Wanted, store: Store | None) -> Mapping[str, bool]:
    """Return what was promised to the customer before; in competitions the customer is new to everybody."""
    if loaded.persona.identity.sequel_of is None or wanted.mode == "competition":
        return {}
    from sim.promised import promised_before

    if store is not None:
        return promised_before(store, loaded.persona)
    with open_store(home) as opened:
        return promised_before(opened, loaded.persona)


def read_script(path: Path) -> tuple[Command, ...]:
    """Read a script from a file.

    Raises:
        PlayError: when the file cannot be read.
        ScriptError: at the first line that is no command.
    """
    try:
        return parse_script(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlayError(f"The script {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PlayError(
            f"The script {path} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from error


def play_script(home: Home, wanted: Wanted, commands: tuple[Command, ...], *, as_json: bool) -> None:
    """Play a scripted call in virtual time, then store it; a script that fails stores nothing.

    Raises:
        PlayError: when the call cannot begin.
        ScriptError: when a line cannot be carried out.
        SavesError: when the finished call cannot be stored.
    """
    table = new_table(home, wanted, timed=True)
    try:
        conversation = table.conversation(lambda events: None)
        conversation.start(0)
        ScriptRun(conversation).run(commands)
    finally:
        table.voice.close()
    run_file = _store_whole(home, table, conversation.events)
    score = table.score(conversation.events)
    if as_json:
        # Pure ASCII: no control character of a text reaches the terminal, and no encoding can spoil it.
        home.say(json.dumps(call_report(table.header, score, conversation.fold, run_file)))
    else:
        home.say(_debrief(table, conversation.events))
        home.say(f"Run file: {run_file}")


def _store_whole(home: Home, table: Table, events: Sequence[Event]) -> Path:
    with open_store(home) as store:
        run_id = table.header.run_id
        store.begin(table.header, table.materials)
        store.append(run_id, events)
        store.finish(run_id, table.score(events).as_dict())
        return export_run(home, store, run_id)


def open_store(home: Home) -> Store:
    """Open the store of the data folder and say what it has to say.

    Raises:
        SavesError: when it cannot be used.
    """
    from saves.store import Store

    stamp = "".join(character for character in home.now_utc()[:19] if character.isalnum()) + "Z"
    store = Store.open(home.data, stamp=stamp)
    for notice in store.notices:
        home.warn(notice)
    return store


def export_run(home: Home, store: Store, run_id: str, path: Path | None = None) -> Path:
    """Write a stored call as a run file and return its path; the runs folder when no path is given.

    Raises:
        SavesError: when it cannot be read or written.
    """
    from saves.folders import runs_folder
    from saves.runfile import default_name, export

    target = path or runs_folder(home.data) / default_name(store.header(run_id))
    export(store, run_id, target)
    return target


def play_plain(home: Home, wanted: Wanted, ask: Ask) -> None:
    """Play a new call at a plain terminal.

    Raises:
        PlayError: when the call cannot begin.
        SavesError: when the store cannot be opened.
        Stopped: when the trainee stops; the call can be gone on with.
    """
    with open_store(home) as store:
        table = new_table(home, wanted, timed=False, store=store)
        store.begin(table.header, table.materials)
        home.say(briefing(table.setting.persona))
        home.say("")
        _sit(home, store, table, ask, stored=())


def go_on_plain(home: Home, run_id: str, ask: Ask, voice: VoiceKind, remote: Remote | None = None) -> None:
    """Go on with an interrupted call at a plain terminal.

    Raises:
        PlayError: when it has ended, or its voice cannot be had.
        SavesError: when it cannot be read.
        StoredTextError: when its persona cannot be used.
        Stopped: when the trainee stops again.
    """
    from sim.game import stored_setting

    with open_store(home) as store:
        run = store.load(store.resolve(run_id))
        if any(event.kind == "ended" for event in run.events):
            raise PlayError("That call is over; `hearmeout runs` lists the ones that can be gone on with.")
        stored = stored_setting(run)
        kind: VoiceKind = "written" if run.header.voice.kind == "written" else voice
        wanted = Wanted(run.header.persona_id, run.header.seed, kind, remote=remote)
        spoken = open_voice(home, wanted, WrittenVoice(stored.setting.persona, stored.manners))
        table = table_of_run(run, LISTENERS[LISTENER](), spoken, home.log)
        home.say(briefing(table.setting.persona))
        home.say("")
        _sit(home, store, table, ask, stored=run.events)


def _sit(home: Home, store: Store, table: Table, ask: Ask, stored: Sequence[Event]) -> None:
    keeper = Keeper(store, table.header.run_id, home.warn, kept=len(stored))
    conversation = table.conversation(keeper.keep)
    try:
        if stored:
            conversation.go_on(stored, stored[-1].t)
        else:
            conversation.start(0)
        game = PlainGame(table, conversation, ask, home.say, stored)
        name = table.header.run_id[:8]
        try:
            game.play()
        except Stopped:
            kept = keeper.retry()
            lost = "" if kept else " What came after the last save is lost."
            home.say(f"Stopped.{lost} Go on with: hearmeout resume {name}")
            raise
        kept = keeper.finish(table.score(conversation.events).as_dict())
        home.say("")
        home.say(_debrief(table, conversation.events))
        if kept:
            home.say(f"Kept as {name}: hearmeout replay, verify and export take that name.")
    finally:
        table.voice.close()


def _debrief(table: Table, events: Sequence[Event]) -> str:
    from personas.manners import thoughts_for

    persona, manners = table.setting.persona, table.manners
    score = table.score(events)

    def thoughts(cause: str) -> tuple[str, ...]:
        return thoughts_for(persona, manners, cause)  # type: ignore[arg-type]

    return shown(render_plain(debrief_of(persona, table.setting.rules, score, thoughts)))
