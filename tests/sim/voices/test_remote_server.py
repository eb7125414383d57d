"""The remote voice against llama-cpp-python's own server, on loopback, with a model of random weights."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.customer.voices.base import VoicePiece
from sim.customer.voices.remote import RemoteVoice
from tests.sim.calling import hearmeout
from tests.sim.voices.server import free_port
from tests.sim.voices.voicing import next_piece, request, sentences_of, wait_for

SCRIPT = """
listen
say So we took it twice, and nobody rang you back. What happened then?
listen
leave
"""


@pytest.fixture(scope="module")
def url(talker: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    port = free_port()
    argv = [sys.executable, "-m", "llama_cpp.server", "--model", str(talker), "--model_alias", "talker"]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", "4096", "--n_threads", "1"]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out, subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: process.poll() is not None or _answers(f"{address}/v1/models"))
            assert process.poll() is None, log.read_text(errors="replace")
            yield address
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(json.load(answer)["data"])
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture
def voice(url: str) -> Iterator[RemoteVoice]:
    made = RemoteVoice(url, environment={})
    yield made
    made.close()


def test_the_first_model_is_chosen_and_speaks(voice: RemoteVoice) -> None:
    voice.warm()
    assert voice.identity.model == "talker"
    spoken = sentences_of(voice.speak(request(sentences=3, history=2)))
    assert 1 <= len(spoken) <= 3
    assert all(text[-1] in ".!?…" for text in spoken)


def test_the_same_seed_gives_the_same_words(voice: RemoteVoice) -> None:
    voice.warm()
    words = sentences_of(voice.speak(request(seed=5)))
    assert sentences_of(voice.speak(request(seed=5))) == words
    assert sentences_of(voice.speak(request(seed=6))) != words


def test_a_turn_that_is_cancelled_leaves_the_server_free_for_the_next(voice: RemoteVoice) -> None:
    voice.warm()
    speech = voice.speak(request(sentences=60))
    assert next_piece(speech).text
    speech.cancel()
    assert speech.poll(0) == VoicePiece("", done=True)
    assert sentences_of(voice.speak(request(1)))


def test_a_whole_call_by_the_command_line(url: str, tmp_path: Path) -> None:
    script = tmp_path / "call.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    played = hearmeout(
        tmp_path / "data", "play", "--voice", "remote", "--url", url, "--script", str(script), "--json"
    )
    assert played.status == 0, played
    run = Path(played.report["run_file"]).read_text(encoding="utf-8")
    assert '"voice":"remote"' in run
    assert url not in run


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--voice", "remote"), "--voice remote goes with --url"),
        (("--voice", "written", "--url", "http://localhost"), "--url is for the remote voice"),
        (("--voice", "remote", "--url", "here"), "'here' is no address of a server"),
        (("--url", "http://127.0.0.1:1"), "does not answer"),
    ],
)
def test_what_cannot_be_had_is_said_before_the_call(
    asked: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    script = tmp_path / "call.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    played = hearmeout(tmp_path / "data", "play", *asked, "--script", str(script))
    assert played.status != 0
    assert says in played.err
    assert "Traceback" not in played.err
