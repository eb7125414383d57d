"""The local voice with a real child process, real llama.cpp and a model of random weights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim.customer.voices.base import VoiceError, VoicePiece
from sim.customer.voices.link import SOURCE_ROOT
from sim.customer.voices.local import LocalVoice, seed_of
from tests.sim.voices.voicing import MakeVoice, is_gone, next_piece, request, sentences_of, speak, wait_for


def test_speaks_sentence_by_sentence_and_finishes(voice: LocalVoice) -> None:
    speech = speak(voice, request(sentences=3))
    spoken = sentences_of(speech)
    assert 1 <= len(spoken) <= 3
    assert all(text == text.strip() and text[-1] in ".!?…" for text in spoken)
    assert 0.0 < speech.probability <= 1.0
    assert speech.done is not None and speech.done.reason in ("sentences", "end")
    assert speech.done.ms_first is not None
    assert speech.poll(0) == VoicePiece("", done=True)


def test_sentences_come_while_the_turn_goes_on(make_voice: MakeVoice, talker: Path) -> None:
    speech = speak(make_voice(talker), request(sentences=60))
    first = next_piece(speech)
    assert first.text and not first.done
    assert speech.done is None
    speech.cancel()


def test_the_first_poll_does_not_wait_for_the_loading(voice: LocalVoice) -> None:
    assert voice.state == "idle"
    speech = voice.speak(request())
    assert speech.poll(0) is None
    loading: str = voice.state
    assert sentences_of(speech)
    assert (loading, str(voice.state)) == ("loading", "ready")


def test_who_speaks(voice: LocalVoice, tiny_model: Path) -> None:
    voice.warm()
    wait_for(lambda: voice.identity.model_sha256 and voice.info)
    assert voice.identity.kind == "local"
    assert voice.identity.model == tiny_model.name
    assert len(voice.identity.model_sha256) == 64
    assert voice.identity.sampling == "temp=0.8 top_k=40 top_p=0.95 min_p=0.05 repeat=1.08"
    assert voice.info is not None
    assert (voice.info.prompt_form, voice.info.has_template) == ("instruct-v1", True)


def test_the_same_request_gives_the_same_words_and_another_seed_others(
    make_voice: MakeVoice, tiny_model: Path
) -> None:
    first, again = make_voice(tiny_model), make_voice(tiny_model)
    words = sentences_of(first.speak(request(seed=5)))
    assert sentences_of(again.speak(request(seed=5))) == words
    assert sentences_of(first.speak(request(seed=5))) == words
    assert sentences_of(first.speak(request(seed=6))) != words
    assert sentences_of(first.speak(replace(request(seed=5), draw=1))) != words


def test_seeds_are_never_zero_and_depend_on_seed_turn_and_draw() -> None:
    seeds = {
        seed_of(replace(request(turn, seed=seed), draw=draw))
        for turn in (0, 1)
        for seed in (1, 2)
        for draw in (0, 1)
    }
    assert len(seeds) == 8
    assert all(1 <= seed < 2**31 for seed in seeds)


def test_a_later_prompt_reuses_the_earlier_ones_beginning(voice: LocalVoice) -> None:
    first = speak(voice, request(0))
    sentences_of(first)
    second = speak(voice, request(1, history=1))
    sentences_of(second)
    assert first.done and second.done and second.began
    assert second.began.reused > 0
    assert second.done.evaluated == second.began.prompt_tokens - second.began.reused
    assert second.done.evaluated < first.done.evaluated


def test_preparing_leaves_less_to_read(make_voice: MakeVoice, tiny_model: Path) -> None:
    prepared, unprepared = make_voice(tiny_model), make_voice(tiny_model)
    coming = request(1, history=1, length=40)
    known = replace(coming, history=(replace(coming.history[0], trainee=""),), last_reply="")
    for voice in (prepared, unprepared):
        sentences_of(voice.speak(request(0)))
    prepared.prepare(known)
    wait_for(lambda: prepared.prepared)
    one, other = speak(prepared, coming), speak(unprepared, coming)
    assert sentences_of(one) == sentences_of(other)
    assert one.began and other.began
    assert one.began.reused > other.began.reused + 40


def test_a_turn_does_not_wait_for_a_preparation(make_voice: MakeVoice, talker: Path) -> None:
    voice = make_voice(talker, n_ctx=16384)
    sentences_of(voice.speak(request(sentences=1)))
    voice.prepare(request(1, history=6, length=590))
    assert len(sentences_of(voice.speak(request(1, history=1, sentences=1)))) == 1
    assert voice.prepared is None


def test_cancel_while_it_speaks_then_the_next_turn_is_as_ever(make_voice: MakeVoice, talker: Path) -> None:
    voice, fresh = make_voice(talker), make_voice(talker)
    speech = speak(voice, request(sentences=60))
    next_piece(speech)
    speech.cancel()
    assert speech.poll(0) == VoicePiece("", done=True)
    speech.cancel()
    wait_for(lambda: speech.done, 2.0)
    assert speech.done is not None and speech.done.reason == "cancelled"
    assert speech.done.tokens < 60 * 48
    asked = request(1, history=1, sentences=2)
    assert sentences_of(voice.speak(asked)) == sentences_of(fresh.speak(asked))


def test_cancel_while_it_reads_the_prompt(make_voice: MakeVoice, talker: Path) -> None:
    voice, fresh = make_voice(talker, n_ctx=16384), make_voice(talker, n_ctx=16384)
    speech = speak(voice, request(history=6, length=590))
    wait_for(lambda: speech.began)
    speech.cancel()
    wait_for(lambda: speech.done, 2.0)
    assert speech.began and speech.done
    assert speech.began.prompt_tokens > 10_000
    assert speech.done.reason == "cancelled"
    assert speech.done.tokens == 0
    assert speech.done.evaluated < speech.began.prompt_tokens / 2
    asked = request(1, history=1, sentences=2)
    after = speak(voice, asked)
    assert sentences_of(after) == sentences_of(fresh.speak(asked))


def test_cancel_before_it_began(voice: LocalVoice) -> None:
    speech = speak(voice, request())
    speech.cancel()
    assert speech.poll(0) == VoicePiece("", done=True)
    wait_for(lambda: speech.done)
    assert speech.done is not None and speech.done.reason == "cancelled"
    assert speech.done.evaluated == 0


def test_a_new_turn_ends_the_one_before(make_voice: MakeVoice, talker: Path) -> None:
    voice = make_voice(talker)
    first = speak(voice, request(sentences=60))
    next_piece(first)
    second = speak(voice, request(1, sentences=1))
    assert first.poll(0) == VoicePiece("", done=True)
    assert len(sentences_of(second)) == 1


def test_killed_in_the_middle_it_says_so_loses_nothing_and_comes_back(
    make_voice: MakeVoice, talker: Path
) -> None:
    voice, fresh = make_voice(talker), make_voice(talker)
    speech = speak(voice, request(sentences=60))
    spoken = [next_piece(speech).text]
    first_pid = voice.child_pid
    assert first_pid is not None
    os.kill(first_pid, signal.SIGKILL)
    with pytest.raises(VoiceError, match=r"was killed \(SIGKILL\).*the next turn starts it again"):
        spoken += sentences_of(speech)
    with pytest.raises(VoiceError, match="was killed"):
        speech.poll(0)
    assert spoken[0]
    assert voice.state == "failed"
    asked = request(1, sentences=2)
    assert sentences_of(voice.speak(asked)) == sentences_of(fresh.speak(asked))
    assert voice.child_pid != first_pid


def test_killed_between_two_turns_the_next_one_is_spoken(voice: LocalVoice) -> None:
    sentences_of(voice.speak(request()))
    assert voice.child_pid is not None
    os.kill(voice.child_pid, signal.SIGKILL)
    wait_for(lambda: voice.state == "failed")
    assert sentences_of(voice.speak(request(1)))


def test_lost_twice_before_it_spoke_it_gives_up(make_voice: MakeVoice, talker: Path) -> None:
    voice = make_voice(talker)
    for _ in range(2):
        speech = voice.speak(request(sentences=60))
        assert voice.child_pid is not None
        os.kill(voice.child_pid, signal.SIGKILL)
        with pytest.raises(VoiceError):
            sentences_of(speech)
    with pytest.raises(VoiceError, match="was killed"):
        voice.speak(request())


def test_lost_after_it_spoke_it_is_always_started_again(make_voice: MakeVoice, talker: Path) -> None:
    voice = make_voice(talker)
    for _ in range(4):
        speech = voice.speak(request(sentences=60))
        next_piece(speech)
        assert voice.child_pid is not None
        os.kill(voice.child_pid, signal.SIGKILL)
        with pytest.raises(VoiceError):
            sentences_of(speech)
    assert sentences_of(voice.speak(request()))


PARENT = """
import sys
from pathlib import Path
from tests.sim.voices.voicing import request
from sim.customer.voices.local import LocalVoice
voice = LocalVoice(Path(sys.argv[1]), log=Path(sys.argv[2]), n_threads=1)
voice.speak(request(sentences=60)).poll(30)
print(voice.child_pid, flush=True)
sys.stdin.read()
"""


def test_the_child_ends_when_the_parent_is_killed(talker: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(talker), str(tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=SOURCE_ROOT,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not is_gone(child)
        parent.kill()
        wait_for(lambda: is_gone(child))


def test_closing_ends_the_child_and_the_turn(make_voice: MakeVoice, talker: Path) -> None:
    voice = make_voice(talker)
    speech = voice.speak(request(sentences=60))
    next_piece(speech)
    pid = voice.child_pid
    assert pid is not None
    voice.close()
    assert is_gone(pid)
    assert speech.poll(0) == VoicePiece("", done=True)
    voice.close()
    with pytest.raises(VoiceError, match="closed"):
        voice.speak(request())


def test_closing_ends_even_a_stopped_child(make_voice: MakeVoice, tiny_model: Path) -> None:
    voice = make_voice(tiny_model)
    sentences_of(voice.speak(request()))
    assert voice.child_pid is not None
    os.kill(voice.child_pid, signal.SIGSTOP)
    speech = voice.speak(request(1))
    assert speech.poll(0.01) is None
    voice.close()
    assert is_gone(voice.child_pid)
