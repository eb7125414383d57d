"""The career without a screen: what is next and why, and today's call."""

from __future__ import annotations

from dataclasses import dataclass, replace

from personas.loader import Library, builtin_folder
from sim.career.outlook import home_view
from sim.career.views import DailyCall, DailyState, HomeView
from sim.home import Home, PlayError, Wanted
from sim.session import open_store, shelves
from sim.text import shown


@dataclass(frozen=True)
class Told:
    """The customers, and what the calls so far say."""

    library: Library
    view: HomeView


def told_at(home: Home) -> Told:
    """Return the customers and what is next.

    Raises:
        SavesError: when the store cannot be used.
    """
    library, _ = shelves(home, None)
    with open_store(home) as store:
        rows, waiting = store.runs(whole=False), store.unfinished()
    return Told(library, home_view(library, rows, waiting, home.now_utc(), builtin_folder()))


def daily_line(call: DailyCall) -> str:
    """Return today's call in a line."""
    result = f", {call.medium}, the same for everybody"
    if call.state is DailyState.DONE:
        result = f": {call.result}"
    elif call.state is DailyState.BEGUN:
        result = f", {call.medium}, interrupted"
    return shown(f"Today's call: {call.title}: {call.name}{result}")


def todays(home: Home, wanted: Wanted) -> Wanted:
    """Return what was asked for as today's call: its customer and seed, rated.

    Raises:
        PlayError: when there is none, or it was begun or played already.
        SavesError: when the store cannot be used.
    """
    call = told_at(home).view.daily
    if call is None:
        raise PlayError("There is no call for today: no customer of the program can be read.")
    name = call.run_id[:8]
    if call.state is DailyState.DONE:
        raise PlayError(
            f"{daily_line(call)}. `hearmeout replay {name}` shows it; the next one is tomorrow's."
        )
    if call.state is DailyState.BEGUN:
        raise PlayError(f"{daily_line(call)}. Go on with: hearmeout resume {name}")
    return replace(wanted, persona=call.persona_id, seed=call.seed, mode="rated")
