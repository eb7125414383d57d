"""Measures the local voice: tokens a second beside a bare loop on the same file, and the wait for words."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from personas.acts import Act, MediumKind
from sim.customer.note import Character, Exchange, FactToVoice, StageNote, VoiceRequest
from sim.customer.voices.link import LocalSpeech
from sim.customer.voices.local import LocalVoice
from tests.bench.table import note, row
from tests.tiny_model import write_tiny_model

WIDTH, LAYERS, HIDDEN, VOCABULARY = 1024, 32, 4096, 32_000
CONTEXT = 4096
SENTENCES = 4
ROUNDS = 5
EARLY, LATE = range(2, 7), range(26, 31)
"""Turns whose first word is compared."""
PRIYA = Character(
    "bench/priya", "Priya Nair", "Tern", MediumKind.PHONE, "en", "curt", "A payroll clerk, exact and dry."
)
CUSTOMER = "You took it twice on the third, and when I rang about it nobody had looked at the account at all."
TRAINEE = "So it went out twice in one day, and the person you rang never opened your account. What then?"


def big_model(path: Path) -> Path:
    """Write a model of random weights of about 0.57 B parameters, its blocks in 4 bits."""
    return write_tiny_model(
        path,
        width=WIDTH,
        layers=LAYERS,
        hidden=HIDDEN,
        spare_tokens=VOCABULARY,
        four_bit=True,
        context=CONTEXT,
        ends=False,
    )


def parameters() -> int:
    """Return how many weights that model has."""
    block = 2 * WIDTH * WIDTH + 2 * WIDTH * WIDTH // 2 + 3 * WIDTH * HIDDEN
    return LAYERS * block + 2 * WIDTH * VOCABULARY


def request(turn: int, *, sentences: int = SENTENCES) -> VoiceRequest:
    """Return the request for a turn, with all the exchanges before it."""
    facts = (FactToVoice("twice", "You took £84.20 twice.", ("£84.20",)),)
    stage = StageNote(turn, Act.TELL, 2, MediumKind.PHONE, facts, max_sentences=sentences)
    history = tuple(Exchange(f"{CUSTOMER} ({at})", f"{TRAINEE} ({at})") for at in range(turn))
    return VoiceRequest(PRIYA, stage, history, TRAINEE if turn else "", seed=turn + 1)


def wait_for(holds: Callable[[], object], bound_s: float = 300.0) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: when it does not within the bound.
    """
    pause, end = threading.Event(), time.monotonic() + bound_s
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the voice never went on")
        pause.wait(0.01)


def whole(speech: LocalSpeech) -> LocalSpeech:
    """Hear a turn to its end."""
    wait_for(lambda: (piece := speech.poll(0.5)) is not None and piece.done)
    return speech


def _bare(model: Path, threads: int, threads_batch: int, prompt: int, tokens: int) -> float:
    argv = [sys.executable, "-m", "tests.bench.bare_loop", str(model)]
    argv += [str(number) for number in (CONTEXT, threads, threads_batch, prompt, tokens)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _ours(voice: LocalVoice) -> tuple[float, int, int]:
    """Return milliseconds per token of a turn whose prompt is read already, its tokens, and the prompt's."""
    asked = request(3)
    whole(voice.speak(asked))
    speech = whole(voice.speak(asked))
    assert speech.done is not None and speech.began is not None
    return speech.done.ms_total / speech.done.tokens, speech.done.tokens, speech.began.prompt_tokens


def bench(folder: Path) -> None:
    """Print a line for each budget of the voice."""
    folder.mkdir(parents=True, exist_ok=True)
    model = big_model(folder / "random-0.6b-q4_0.gguf")
    size = model.stat().st_size / 2**20
    note(f"a model of random weights: {parameters() / 1e9:.2f} B parameters in 4 bits, {size:.0f} MiB")
    cores = len(os.sched_getaffinity(0))
    threads, threads_batch = max(1, cores // 2), max(1, cores - 1)
    shares, rates, bares = [], [], []
    for _ in range(ROUNDS):
        # Side by side, so that what else the machine does falls on both alike.
        voice = LocalVoice(model, log=folder / "voice.log", n_ctx=CONTEXT)
        try:
            ours, tokens, prompt = _ours(voice)
        finally:
            voice.close()
        bare = _bare(model, threads, threads_batch, prompt, tokens)
        rates.append(ours)
        bares.append(bare)
        shares.append(bare / ours)
    row("a token of a bare llama_decode loop", bares)
    row("a token of the local voice", rates, ">= 95 % of the loop's tokens a second")
    note(
        f"{1000 / statistics.median(rates):.1f} tokens a second, {100 * statistics.median(shares):.1f} % of "
        f"the bare loop ({threads} thread), median of {ROUNDS}"
    )
    _bench_first_word(model, folder)


def _first_word_ms(voice: LocalVoice, turn: int) -> float:
    """Return the wait for a turn's first word, once the voice has read ahead.

    The turn is spoken twice with the same draws: the second time nothing is left to read, so what the first
    took longer is the reading.
    """
    voice.prepare(request(turn))
    wait_for(lambda: voice.prepared is not None)
    first = whole(voice.speak(request(turn, sentences=1))).done
    again = whole(voice.speak(request(turn, sentences=1))).done
    assert first is not None and again is not None and first.tokens == again.tokens
    return first.ms_total - again.ms_total + again.ms_total / again.tokens


def _bench_first_word(model: Path, folder: Path) -> None:
    voice = LocalVoice(model, log=folder / "voice.log", n_ctx=CONTEXT)
    try:
        whole(voice.speak(request(0)))
        early = [_first_word_ms(voice, turn) for turn in EARLY]
        late = [_first_word_ms(voice, turn) for turn in LATE]
    finally:
        voice.close()
    row(f"first word, turns {EARLY[0]}-{EARLY[-1]}", early)
    row(f"first word, turns {LATE[0]}-{LATE[-1]}", late, "<= 1.2x the early turns")
    note(f"{statistics.median(late) / statistics.median(early):.2f}x, medians; the game reads ahead, too")
