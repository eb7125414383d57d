"""From the command line to the screens: the one place outside them that starts them."""

from __future__ import annotations

import gc
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sim.home import Home, Remote
    from sim.tui.opening import Start
    from sim.workplace import Machine, Workplace

CLOCK_RATE = "HEARMEOUT_CLOCK_RATE"
"""Environment variable for tests of the whole program: milliseconds of a call per real one."""
LARGEST_SEED = 2**31 - 1


def can_draw(streams: tuple[TextIO, ...], environment: Mapping[str, str]) -> bool:
    """Return whether a full screen can be shown: terminals all around, and not the simplest kind."""
    return environment.get("TERM", "") != "dumb" and all(stream.isatty() for stream in streams)


def clock_rate(environment: Mapping[str, str]) -> float:
    """Return the rate of the call's clock; 1 unless a test asks for another one, up to 1000."""
    try:
        rate = float(environment.get(CLOCK_RATE, "1"))
    except ValueError:
        return 1.0
    return rate if 0 < rate <= 1000 else 1.0


def monotonic() -> float:
    """Return seconds on the clock that Textual stamps its keys with."""
    return time.perf_counter() if sys.platform == "win32" else time.monotonic()


def new_seed() -> int:
    """Return a seed by chance, at least 1."""
    return secrets.randbelow(LARGEST_SEED) + 1


def run_on_screen(
    home: Home,
    start: Start | None = None,
    *,
    voice: str | None = None,
    model: Path | None = None,
    personas: Path | None = None,
    challenge: str | None = None,
    remote: Remote | None = None,
) -> int:
    """Run the game on screens until the trainee leaves, and return the exit status.

    Args:
        home: where things are; what it would warn of is said on the screen.
        start: where to begin; the first screen when left out.
        voice: the voice asked for; the settings' own when left out.
        model: a model file for the local voice.
        personas: a further folder of persona files.
        challenge: a host's nonce.
        remote: the server whose model speaks, with the voice "remote".
    """
    from sim.preferences import load_preferences
    from sim.tui.app import HearMeOut
    from sim.tui.opening import Notices

    notices = Notices()
    # Said on the screen: a line on standard error would be drawn over it.
    quiet = replace(home, say=notices, warn=notices)
    preferences, problems = load_preferences(home.data)
    for problem in problems:
        notices(problem)
    environment = dict(os.environ)
    rate = clock_rate(environment)

    def open_house() -> Workplace:
        from sim.workplace import Workplace

        return Workplace(quiet, preferences, _machine(rate, voice, model, personas, challenge, remote))

    app = HearMeOut(open_house, preferences, environment, notices, start, home.data / "pictures")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    status = app.run()
    # What lives now lives to the end: looking through it once more takes about 0.15 s of a quit.
    gc.freeze()
    if app.problem:
        home.warn(app.problem)
    return app.return_code or status or 0


def _machine(
    rate: float,
    voice: str | None,
    model: Path | None,
    personas: Path | None,
    challenge: str | None,
    remote: Remote | None,
) -> Machine:
    from sim.workplace import Machine

    return Machine(
        now=monotonic,
        seed=new_seed,
        rate=rate,
        personas=personas,
        voice=voice,  # type: ignore[arg-type]
        model=model,
        challenge=challenge,
        remote=remote,
    )
