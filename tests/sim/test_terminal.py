"""One whole call at a real terminal: prompts, the turn of each, Ctrl+D, Ctrl+C, going on, the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from sim.recompute import recompute
from tests.sim.calling import PRIYA, command, environment, stored

WAIT_S = 30
REPLIES = [
    "/desk billing",
    "So you were charged eighty-four pounds twice on the third of March, and when you rang you were told "
    "to look at your app. What happened after that?",
    "/wait 5",
    "That left you short, and another payment bounced because of our mistake. That must have been "
    "worrying. What did it mean for you?",
    "/wait 5",
    "I am so sorry. What would help you most now?",
    "/leave",
]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@contextmanager
def terminal(data: Path, *arguments: str) -> Iterator[pexpect.spawn[str]]:
    program, *rest = command(*arguments)
    child = pexpect.spawn(
        program,
        rest,
        env=environment(data, TERM="xterm-256color", LANG="C.UTF-8"),
        encoding="utf-8",
        timeout=WAIT_S,
        dimensions=(24, 80),
    )
    child.delaybeforesend = None
    try:
        yield child
    finally:
        child.close(force=True)


def ended(child: pexpect.spawn[str]) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def test_a_call_at_a_terminal_from_the_menu_to_the_debrief(tmp_path: Path) -> None:
    with terminal(tmp_path, "--plain") as child:
        child.expect_exact("Number [")
        child.sendline("")
        child.expect_exact("Enter listens on, words speak")
        replies = iter(REPLIES)
        heard = 0
        while True:
            turn = child.expect_exact(["... ", "You: ", "DEBRIEF"])
            if turn == 0:
                heard += 1
                child.sendline("")
            elif turn == 1:
                child.sendline(next(replies))
            else:
                break
        child.expect_exact("Kept as ")
        assert ended(child) == 0
    (run,) = stored(tmp_path)
    assert run.header.persona_id == PRIYA
    assert recompute(run).difference is None
    assert heard > 10


def test_ctrl_d_stops_and_the_next_start_offers_to_go_on(tmp_path: Path) -> None:
    with terminal(tmp_path, "play", "--plain", "--voice", "written", "--seed", "3") as child:
        child.expect_exact("... ")
        child.sendeof()
        child.expect_exact("\r\nStopped. Go on with: hearmeout resume ")
        assert ended(child) == 0
    with terminal(tmp_path, "--plain") as child:
        child.expect_exact(f"A call with {PRIYA} was broken off. Go on with it? [Y/n] ")
        child.sendline("")
        child.expect_exact("Going on where the call was broken off.")
        child.expect_exact("... ")
        child.sendline("/leave")
        child.expect_exact("DEBRIEF")
        assert ended(child) == 0


def test_ctrl_c_at_the_prompt_keeps_the_call_and_at_the_menu_just_leaves(tmp_path: Path) -> None:
    with terminal(tmp_path, "--plain") as child:
        child.expect_exact("Number [")
        child.sendintr()
        assert ended(child) == 130
        assert "Traceback" not in (child.before or "")
    with terminal(tmp_path, "play", "--plain", "--voice", "written", "--seed", "3") as child:
        child.expect_exact("... ")
        child.sendline("")
        child.expect_exact("... ")
        child.send("half a sent")
        child.sendintr()
        child.expect_exact("Stopped. What was said is kept; `hearmeout resume` goes on with it.")
        assert ended(child) == 130
    (run,) = stored(tmp_path)
    assert run.events and run.result is None
