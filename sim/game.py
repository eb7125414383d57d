"""Puts a conversation together: customer, rules, listener, voice, header and what is stored with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from personas.loader import LoadedPersona, parse_persona
from personas.manners import Manners, manners_of
from personas.schema import Manner
from saves.run import Materials, RunFile
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.listener.base import Listener
from scoring.rubric import Rubric, parse_rubric
from sim.conversation.conversation import Conversation
from sim.customer.reaction import Setting
from sim.customer.sequel import as_sequel, recalled
from sim.customer.speaker import Speaker
from sim.customer.voices.base import Voice
from sim.customer.voices.written import WrittenVoice
from sim.home import Mode

APP_VERSION = "0.1.0"
Keep = Callable[[Sequence[ev.Event]], None]


@dataclass(frozen=True)
class Table:
    """Everything one conversation is played with."""

    header: ev.Header
    materials: Materials
    setting: Setting
    manners: Manners
    listener: Listener
    voice: Voice
    log: Callable[[str], None]

    def conversation(self, keep: Keep) -> Conversation:
        """Return a conversation that has not begun.

        Args:
            keep: stores each batch of events.
        """
        persona = self.setting.persona
        written = WrittenVoice(persona, self.manners)
        speaker = Speaker(persona, self.voice, written, self.log)
        return Conversation(self.setting, self.manners, self.listener, speaker, keep)

    def score(self, events: Sequence[ev.Event]) -> CallScore:
        """Return the score of what has been played."""
        return score_call(self.setting.persona, self.setting.rules, self.header, events)


@dataclass(frozen=True)
class Origin:
    """What only the outside knows of a new conversation: chance and the clocks."""

    run_id: str
    """32 hex digits."""
    seed: int
    """At least 1."""
    started_utc: str
    """ISO 8601 with offset."""
    started_monotonic_ms: int


def lay_table(
    loaded: LoadedPersona,
    manners: Manners,
    rubric: Rubric,
    listener: Listener,
    voice: Voice,
    origin: Origin,
    *,
    mode: Mode,
    timed: bool,
    log: Callable[[str], None],
    challenge: str | None = None,
    promised: Mapping[str, bool] | None = None,
) -> Table:
    """Return the table for a new conversation.

    Args:
        loaded: the customer, with the text of the file.
        manners: all shared lines; only those this customer can use are stored.
        rubric: the rules.
        listener: who reads the replies.
        voice: who speaks.
        origin: run id, seed and clocks.
        mode: practice, rated or competition.
        timed: False in plain play.
        log: receives what goes wrong behind the scenes, line by line.
        challenge: a host's nonce.
        promised: with a sequel, the offers of the call before, and whether each was promised.
    """
    remembered = recalled(loaded.persona, promised or {}, rubric.rules.sequel)
    persona = as_sequel(loaded.persona, remembered, rubric.rules.sequel)
    materials = Materials(loaded.text, _manner_texts(loaded, manners), rubric.text)
    identity = voice.identity
    header = ev.Header(
        run_id=origin.run_id,
        app_version=APP_VERSION,
        persona_id=persona.identity.id,
        persona_sha256=materials.persona_sha256,
        manners_sha256=materials.manners_sha256,
        rubric_version=rubric.rules.version,
        rubric_sha256=materials.rubric_sha256,
        listener=listener.name,
        listener_fingerprint=listener.fingerprint,
        voice=ev.VoiceUsed(
            kind=identity.kind,
            model=identity.model,
            model_sha256=identity.model_sha256,
            sampling=identity.sampling,
        ),
        medium=persona.medium.kind,
        seed=origin.seed,
        mode=mode,
        timed=timed,
        challenge=challenge,
        recalled=remembered,
        started_utc=origin.started_utc,
        started_monotonic_ms=origin.started_monotonic_ms,
    )
    setting = Setting(persona, rubric.rules, persona.medium.kind, timed, origin.seed)
    return Table(header, materials, setting, manners, listener, voice, log)


def _manner_texts(loaded: LoadedPersona, manners: Manners) -> dict[str, str]:
    return {m.manner: m.model_dump_json(by_alias=True) for m in manners_of(loaded.persona, manners)}


class StoredTextError(Exception):
    """The texts stored with a run cannot be used any more; the message says which."""


@dataclass(frozen=True)
class StoredSetting:
    """What a stored conversation was played under, read back from its own texts."""

    setting: Setting
    manners: Mapping[str, Manner]


def stored_setting(run: RunFile) -> StoredSetting:
    """Return the setting of a stored conversation from the persona and rubric that it carries.

    Raises:
        StoredTextError: when the persona or the lines in it are not ones that this program can load.
        RubricError: when its rubric cannot be read.
    """
    header, materials = run.header, run.materials
    loaded = parse_persona(materials.persona_text, f"{header.persona_id} (in the run)")
    if not isinstance(loaded, LoadedPersona):
        raise StoredTextError(f"The persona in the run cannot be used: {loaded.problems[0]}")
    rubric = parse_rubric(materials.rubric_text, "the rubric in the run")
    try:
        manners = {name: Manner.model_validate_json(text) for name, text in materials.manners.items()}
    except ValidationError as error:
        raise StoredTextError(f"The shared lines in the run cannot be used: {error.title}.") from error
    persona = as_sequel(loaded.persona, header.recalled, rubric.rules.sequel)
    setting = Setting(persona, rubric.rules, header.medium, header.timed, header.seed)
    return StoredSetting(setting, manners)


def table_of_run(run: RunFile, listener: Listener, voice: Voice, log: Callable[[str], None]) -> Table:
    """Return the table of a stored conversation, to go on with it.

    Raises:
        StoredTextError: when its persona cannot be used.
        RubricError: when its rubric cannot be read.
    """
    stored = stored_setting(run)
    return Table(run.header, run.materials, stored.setting, stored.manners, listener, voice, log)


def find_models(folder: Path) -> tuple[Path, ...]:
    """Return the .gguf files of a folder, sorted by name; none when the folder is not there."""
    return tuple(sorted(path for path in folder.glob("*.gguf") if path.is_file()))
