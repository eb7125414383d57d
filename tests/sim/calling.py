"""Calls as the outside starts them: real customers, a data folder, the command as a process."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from saves.run import RunFile
from saves.store import Store
from scoring import events as ev
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.conversation.conversation import Conversation
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, Table, lay_table
from sim.home import Home, Mode
from sim.session import LISTENER, find_persona, shelves

PRIYA = "hearmeout/priya-nair"
DANIEL = "hearmeout/daniel-okafor"
STAMP = "20260102T030405Z"
WAIT_S = 60.0
"""How long a process of a test may take at most; none takes a tenth of it."""

GOOD_CALL = """\
# a good call with Priya Nair
listen
pause 2.5
desk billing
say So you were charged eighty-four pounds twice on the third of March, and when you rang you were \
told to look at your app. What happened after that?
after 3 mm-hm
listen
pause 3
say That left you short, and another payment bounced because of our mistake. You plan to the pound, \
so that must be worrying. What did it mean for you?
listen
pause 4
say She waited in her coat for hours, and it was our error. How did you manage that week?
hold I'll open the contact notes, it takes a few seconds 13
say That must have felt like nobody believed you. What would help you most now?
"""


@dataclass
class Paper:
    """A home whose terminal is a list, with clocks that tick by themselves."""

    data: Path
    said: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    def home(self) -> Home:
        number = itertools.count(len(list(self.data.glob("*"))) + 1)
        return Home(
            data=self.data,
            environment={},
            now_utc=lambda: "2026-01-02T03:04:05+00:00",
            monotonic_ms=lambda: 5,
            new_id=lambda: f"{next(number):032x}",
            say=self.said.append,
            warn=self.warned.append,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.said)


class Lines:
    """Answers prompts with lines, then says that there are no more."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        return next(self._lines, None)


def table_for(
    persona: str = PRIYA,
    seed: int = 3,
    *,
    timed: bool = True,
    mode: Mode = "practice",
    run_id: str = "ab" * 16,
) -> Table:
    """The table of a new call with one of the library's customers, spoken by the written voice."""
    home = Paper(Path("/nonexistent")).home()
    library, manners = shelves(home, None)
    loaded = find_persona(library, persona)
    return lay_table(
        loaded,
        manners.loaded,
        shipped_rubric(),
        LISTENERS[LISTENER](),
        WrittenVoice(loaded.persona, manners.loaded),
        Origin(run_id, seed, "2026-01-02T03:04:05+00:00", 5),
        mode=mode,
        timed=timed,
        log=lambda line: None,
    )


def begun(table: Table) -> Conversation:
    """A conversation at that table whose customer has begun to speak; nothing is stored."""
    conversation = table.conversation(lambda events: None)
    conversation.start(0)
    return conversation


def run_of(table: Table, events: Sequence[ev.Event]) -> RunFile:
    """The run of what was played there, with its result."""
    result = json.loads(json.dumps(table.score(events).as_dict()))
    return RunFile(table.header, tuple(events), table.materials, result)


@dataclass(frozen=True)
class Outcome:
    """What a process left behind."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON object of the last line."""
        found = json.loads(self.out.splitlines()[-1])
        assert isinstance(found, dict)
        return found

    def sentence(self) -> str:
        """The one thing that was said on standard error, checked to be no traceback."""
        assert "Traceback" not in self.err, self.err
        assert self.err.strip(), "nothing was said"
        return " ".join(self.err.split())


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEARMEOUT", "PYTHON"))}
    return {**kept, "HEARMEOUT_DATA": str(data), **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sim", *arguments]


def hearmeout(
    data: Path,
    *arguments: str,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
    limits: Sequence[str] = (),
) -> Outcome:
    """Run the command to its end.

    Args:
        data: the data folder.
        arguments: after `hearmeout`.
        stdin: what is typed.
        env: added to the environment.
        limits: a command that runs this one, such as a shell with limits.
    """
    done = subprocess.run(
        [*limits, *command(*arguments)],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        env=environment(data, **(env or {})),
        timeout=WAIT_S,
        check=False,
    )
    return Outcome(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def fork_main(
    data: Path, arguments: Sequence[str], streams: Sequence[int], before: Callable[[], None] = lambda: None
) -> int:
    """Start the command in a fork of this process, where all is imported already; return its process id.

    Args:
        data: the data folder.
        arguments: after `hearmeout`.
        streams: descriptors of its standard input, output and error.
        before: called in the fork before the command.
    """
    import_everything()
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        signal.alarm(round(WAIT_S))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))
        os.environ["HEARMEOUT_DATA"] = str(data)
        sys.argv = ["hearmeout", *arguments]
        before()
        status = _run_main()
    finally:
        os._exit(status)


@cache
def import_everything() -> None:
    """Load what the command loads late and build what it builds once, so that a fork need not."""
    for name in (
        "sim.start",
        "sim.cli",
        "sim.session",
        "saves.store",
        "saves.runfile",
        "saves.verify",
        "sim.recompute",
    ):
        importlib.import_module(name)
    talk = begun(table_for())
    talk.speak(50_000, "So you were charged twice. What happened then?")
    talk.advance(120_000)
    table_for().score(talk.events)


def _run_main() -> int:
    from sim.start import main

    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - a fork must never run on into the test session
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def forked(
    data: Path, *arguments: str, stdin: str | bytes = "", before: Callable[[], None] = lambda: None
) -> Outcome:
    """Run the command to its end in a fork of this process: quicker than `hearmeout`."""
    with TemporaryFile() as typed, TemporaryFile() as out, TemporaryFile() as err:
        typed.write(stdin if isinstance(stdin, bytes) else stdin.encode())
        typed.seek(0)
        streams = [file.fileno() for file in (typed, out, err)]
        pid = fork_main(data, arguments, streams, before)
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        told = [file.read().decode("utf-8", "replace") for file in (out, err)]
    return Outcome(os.waitstatus_to_exitcode(status), *told)


def stored(data: Path) -> list[RunFile]:
    """Every conversation in a data folder, oldest first."""
    with Store.open(data, stamp=STAMP) as store:
        assert store.notices == ()
        return [store.load(row.run_id) for row in reversed(store.runs())]
