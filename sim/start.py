"""Where the program begins: straight on the screens when nothing else is asked, else at the command line.

The command line's library takes longer to load than the first screen takes to paint, so it is passed by.
"""

from __future__ import annotations

# One try for all imports: a Ctrl+C before `main` can see to it must not end in a traceback.
try:
    import os
    import signal
    import sys
    import time
    import uuid
    from datetime import UTC, datetime
    from typing import TYPE_CHECKING, NoReturn

    from sim.on_screen import can_draw, run_on_screen
    from sim.text import shown
except KeyboardInterrupt:
    raise SystemExit(130) from None

if TYPE_CHECKING:
    from sim.home import Home

INTERRUPTED = 130
"""Exit status after Ctrl+C, as shells expect it."""


def say(text: str) -> None:
    """Print a line for the trainee."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print a line on standard error."""
    print(shown(text), file=sys.stderr, flush=True)


def has_screen() -> bool:
    """Return whether this terminal can show screens."""
    return can_draw((sys.stdin, sys.stdout, sys.stderr), os.environ)


def home_here() -> Home:
    """Return where the things of this user are, with the clocks of this machine.

    Raises:
        SavesError: when there can be no data folder.
    """
    from saves.folders import data_folder
    from sim.home import Home

    return Home(
        data=data_folder(os.environ),
        environment=os.environ,
        now_utc=lambda: datetime.now(UTC).isoformat(timespec="seconds"),
        monotonic_ms=lambda: time.monotonic_ns() // 1_000_000,
        new_id=lambda: uuid.uuid4().hex,
        say=say,
        warn=warn,
    )


def leave_at_once(_number: int, _frame: object) -> NoReturn:
    """Ctrl+C while nothing is at stake: no library on the way can turn it into something else."""
    os._exit(INTERRUPTED)


def _prepare_streams() -> None:
    """Make the three streams fit for any text; one that was closed reads and writes nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _first_screen() -> int:
    from saves.errors import SavesError

    try:
        return run_on_screen(home_here())
    except SavesError as error:
        warn(str(error))
        return 2


def main() -> None:
    """Run the program."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave_at_once)
    _prepare_streams()
    try:
        if not sys.argv[1:] and has_screen():
            sys.exit(_first_screen())
        from sim.cli import app

        app()
    except OSError as error:
        # What is left in the buffer would fail again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        warn(f"It cannot go on: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}.")
        sys.exit(1)
