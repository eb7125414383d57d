"""Computes a stored conversation again: every move of the mood, every decision, every score (DESIGN 2, 7)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ValidationError

from saves.run import RunFile
from saves.verify import Recomputed, Reread
from scoring import events as ev
from scoring.call_score import score_call
from scoring.floor import INTERRUPTIONS, overlap_kind
from scoring.listener.base import Listener
from scoring.material import read_reply, touchables
from scoring.rubric import RubricError
from scoring.turns import CallFold
from sim.conversation.stopping import END_REASONS
from sim.customer import reaction as react
from sim.customer.director import ending_of
from sim.customer.ledger import Ledger
from sim.customer.reaction import Reaction, Setting
from sim.game import StoredTextError, stored_setting

_DECIDED = (ev.MoodMoved, ev.NoteIssued)


@dataclass
class _State:
    setting: Setting
    fold: CallFold
    ledger: Ledger

    def apply(self, event: ev.Event) -> None:
        self.fold.apply(event)
        self.ledger.apply(event)


def recompute(run: RunFile) -> Recomputed:
    """Compute moods, decisions and scores again from a run's events and its own rules.

    Returns the first disagreement, with both values; never raises for what is in the file.
    """
    try:
        setting = stored_setting(run).setting
        found = _first_difference(setting, run.events)
        if found is not None:
            return found
        if run.result is None:
            return Recomputed(None)
        return _compare_result(run, setting)
    except (StoredTextError, RubricError, ValidationError) as error:
        return Recomputed(str(error).splitlines()[0])
    except (KeyError, IndexError, StopIteration) as error:
        return Recomputed(f"The events do not fit the persona in the file ({type(error).__name__}: {error}).")


def _first_difference(setting: Setting, events: Sequence[ev.Event]) -> Recomputed | None:
    state = _State(setting, CallFold(setting.persona), Ledger(setting.persona))
    place = 0
    while place < len(events):
        group = _decided_group(events, place)
        if group:
            problem = _check_reaction(state, events, place, group)
        else:
            group = 1
            problem = _check_single(state, events[place])
        if problem is not None:
            return Recomputed(problem, seq=place)
        for event in events[place : place + group]:
            state.apply(event)
        place += group
    return None


def _decided_group(events: Sequence[ev.Event], start: int) -> int:
    """Return how many events from here on belong to one reaction; 0 when none begins here."""
    length = 0
    while start + length < len(events) and isinstance(events[start + length], _DECIDED):
        length += 1
        if isinstance(events[start + length - 1], ev.NoteIssued):
            break
    return length


def _check_reaction(state: _State, events: Sequence[ev.Event], place: int, length: int) -> str | None:
    stored = events[place : place + length]
    note = stored[-1]
    if not isinstance(note, ev.NoteIssued):
        return "the mood moved without a decision that follows from it"
    expected = _expected(state, _what_led(events[:place]), note)
    moves = [_said(move) for move in expected.moves]
    if moves != [_said(move) for move in stored[:-1]]:
        return f"the mood moved by {[_said(m) for m in stored[:-1]]}, computed again it is {moves}"
    if _said(expected.note) != _said(note):
        return f"the decision was {_said(note)}, computed again it is {_said(expected.note)}"
    return None


def _said(event: BaseModel) -> dict[str, object]:
    return event.model_dump(mode="json", exclude={"t", "kind"})


def _what_led(before: Sequence[ev.Event]) -> ev.Event | None:
    """Return the latest event since the last decision that can lead to one; None when it came by itself."""
    for event in reversed(before):
        if isinstance(event, ev.NoteIssued):
            return None
        suspended = isinstance(event, ev.ClockStarted) and event.reason == "suspended"
        if suspended or isinstance(event, ev.Withdrew | ev.Spoke):
            return event
    return None


def _expected(state: _State, led: ev.Event | None, note: ev.NoteIssued) -> Reaction:
    setting, fold, ledger = state.setting, state.fold, state.ledger
    if fold.turn.spoken:
        return react.after_reply(setting, fold, ledger, note.t)
    if isinstance(led, ev.Withdrew):
        return react.to_floor_given_back(setting, fold, ledger, note.t)
    if not ledger.notes:
        return react.to_start(setting, fold, ledger, note.t)
    if isinstance(led, ev.ClockStarted) and react.must_return(setting, ledger):
        return react.to_return(setting, fold, ledger, note.t)
    if note.beat is not None:
        return react.to_beat(setting, fold, ledger, note.beat, note.t)
    return react.to_dead_air(setting, fold, ledger, note.t)


def _check_single(state: _State, event: ev.Event) -> str | None:
    if isinstance(event, ev.CustomerCutOff | ev.Yielded):
        return _check_stop(state, event)
    if isinstance(event, ev.Ended):
        return _check_end(state, event)
    return None


def _check_end(state: _State, event: ev.Ended) -> str | None:
    if event.ending is None:
        ours = event.reason in ("left", "stopped")
        return None if ours else f"the call ended as {event.reason}, but the customer had not ended it"
    note = state.ledger.notes[-1]
    expected = ending_of(note, state.setting.persona, state.fold.mood, state.setting.rules)
    if expected != event.ending:
        return f"the ending was {event.ending}, computed again it is {expected}"
    if END_REASONS[event.ending] != event.reason:
        return f"the call ended as {event.reason}, computed again it is {END_REASONS[event.ending]}"
    return None


def _check_stop(state: _State, event: ev.CustomerCutOff | ev.Yielded) -> str | None:
    turn = state.fold.turn
    if not turn.overlaps:
        return "the customer was stopped, but nobody had spoken over them"
    overlap = replace(turn.overlaps[-1], unsaid_words=event.unsaid_words, unsaid_facts=event.unsaid_facts)
    facts = react.facts_of_reply(state.setting, state.fold)
    kind = overlap_kind(overlap, turn, facts, state.setting.rules, state.setting.medium)
    cut = isinstance(event, ev.CustomerCutOff)
    if cut != (kind in INTERRUPTIONS):
        return f"the customer {'was cut off' if cut else 'let you in'}, computed again it is {kind.value}"
    return None


def _compare_result(run: RunFile, setting: Setting) -> Recomputed:
    score = score_call(setting.persona, setting.rules, run.header, run.events)
    expected = json.loads(json.dumps(score.as_dict()))
    stored = dict(run.result or {})
    for key in sorted({*expected, *stored}):
        if expected.get(key) != stored.get(key):
            return Recomputed(_result_difference(key, stored.get(key), expected.get(key)))
    return Recomputed(None)


def _result_difference(key: str, stored: object, expected: object) -> str:
    if isinstance(stored, list) and isinstance(expected, list) and len(stored) == len(expected):
        for number, (mine, again) in enumerate(zip(stored, expected, strict=True)):
            if mine != again:
                return f"{key} {number}: stored {_short(mine)}, computed again {_short(again)}"
    return f"{key}: stored {_short(stored)}, computed again {_short(expected)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


def reread(run: RunFile, listener: Listener) -> Reread:
    """Read every reply again with this machine's listener and list what it answers differently.

    Raises:
        StoredTextError: when the persona in the run cannot be used.
        RubricError: when its rubric cannot be read.
    """
    if listener.name != run.header.listener:
        return Reread(0, unavailable=f"the replies were read by the listener {run.header.listener!r}")
    setting = stored_setting(run).setting
    material = touchables(setting.persona)
    fold = CallFold(setting.persona)
    replies, differences = 0, []
    for event in run.events:
        if isinstance(event, ev.ChecksRead):
            replies += 1
            again = read_reply(listener, fold, material, event.t)
            differences += _differences(fold.turn.number, event, again)
        fold.apply(event)
    return Reread(replies, tuple(differences))


def _differences(turn: int, stored: ev.ChecksRead, again: ev.ChecksRead) -> list[str]:
    found = []
    for check in sorted({*stored.answers, *again.answers}):
        mine, now = stored.answers.get(check), again.answers.get(check)
        if mine != now:
            found.append(f"Reply {turn + 1}, {check}: stored {mine}, read again {now}.")
    for kind in ("facts", "topics", "feelings", "resolutions", "records", "wrong"):
        if getattr(stored, kind) != getattr(again, kind):
            found.append(
                f"Reply {turn + 1} touches other {kind}: {getattr(stored, kind)}, {getattr(again, kind)}."
            )
    return found
