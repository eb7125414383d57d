"""The first screen without a screen: go on with an interrupted call, else choose a customer and play."""

from __future__ import annotations

from collections.abc import Callable

from sim.career.views import DailyCall, DailyState, NextCall
from sim.giving_up import give_up
from sim.home import Home, PlayError, Wanted
from sim.plain import Ask
from sim.plain_career import daily_line, todays, told_at
from sim.session import go_on_plain, open_store, play_plain
from sim.text import shown


def plain_desk(home: Home, ask: Ask, ask_in_call: Ask, seed: Callable[[], int]) -> None:
    """Offer to go on with an interrupted call, else let the trainee choose a customer.

    Args:
        home: where things are.
        ask: asks for a line.
        ask_in_call: asks for a line of a call that is being kept.
        seed: a new seed.

    Raises:
        PlayError: when what was answered is no customer, or the call cannot begin.
        SavesError: when the store cannot be used.
    """
    with open_store(home) as store:
        waiting = [row for row in store.unfinished() if not store.header(row.run_id).timed]
    if waiting:
        row = waiting[0]
        answer = ask(f"A call with {row.persona_id} was broken off. Go on with it? [Y/n] ")
        if answer is None:
            return
        if not answer.strip().lower().startswith("n"):
            go_on_plain(home, row.run_id, ask_in_call, "auto")
            return
        with open_store(home) as store:
            give_up(store, row.run_id)
    _choose(home, ask, ask_in_call, seed)


def _choose(home: Home, ask: Ask, ask_in_call: Ask, seed: Callable[[], int]) -> None:
    told = told_at(home)
    library, view = told.library, told.view
    people = sorted(
        library.loaded.values(), key=lambda one: (one.persona.identity.tier, one.persona.identity.id)
    )
    home.say("Hear Me Out. Who is calling?")
    for number, one in enumerate(people, 1):
        persona = one.persona
        home.say(
            f"  {number}  {shown(persona.identity.title)}: {shown(persona.customer.name)}, "
            f"{persona.medium.kind.value}, tier {persona.identity.tier}"
        )
    for failed in library.failed:
        home.warn(f"Left out: {failed.problems[0]}")
    offered = [one.persona.identity.id for one in people]
    first = offered.index(view.next.persona_id) + 1 if view.next else 1
    _say_what_waits(home, view.next, view.daily)
    answer = ask(f"Number [{first}]: ")
    if answer is None:
        return
    text = answer.strip() or str(first)
    if text.lower() == "t":
        play_plain(home, todays(home, Wanted("", 1)), ask_in_call)
        return
    if not text.isdecimal() or not 1 <= int(text) <= len(people):
        raise PlayError(f"There is no number {text[:20]!r}; there is 1 to {len(people)}.")
    play_plain(home, Wanted(offered[int(text) - 1], seed(), new_words=True), ask_in_call)


def _say_what_waits(home: Home, following: NextCall | None, daily: DailyCall | None) -> None:
    """Say what is next and why, and what today's call is."""
    if following is not None:
        home.say(shown(f"Next: {following.name}. {' '.join(following.reason)}"))
    if daily is not None:
        offer = "  T takes it, rated." if daily.state is DailyState.NEW else ""
        home.say(f"{daily_line(daily)}.{offer}")
