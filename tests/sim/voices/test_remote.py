"""The remote voice against a server that behaves, misbehaves, or is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from sim.customer.voices.base import VoiceError, VoicePiece
from sim.customer.voices.remote import Patience, RemoteVoice
from tests.sim.voices.server import Answer, chunk, free_port, standing_in, stream
from tests.sim.voices.voicing import next_piece, request, sentences_of, wait_for

QUICK = Patience(connect_s=2.0, silence_s=0.3, turn_s=5.0, retry_s=(0.01, 0.02), longest_retry_s=1.0)
LONG = Patience(connect_s=2.0, silence_s=20.0, turn_s=20.0, retry_s=(), longest_retry_s=1.0)
Make = Callable[..., RemoteVoice]


@pytest.fixture
def make() -> Iterator[Make]:
    voices: list[RemoteVoice] = []

    def made(url: str, model: str = "big", **settings: object) -> RemoteVoice:
        settings.setdefault("environment", {})
        settings.setdefault("patience", QUICK)
        voices.append(RemoteVoice(url, model, **settings))  # type: ignore[arg-type]
        return voices[-1]

    yield made
    for voice in voices:
        voice.close()


def refusal(voice: RemoteVoice) -> str:
    speech = voice.speak(request())
    with pytest.raises(VoiceError) as error:
        sentences_of(speech)
    with pytest.raises(VoiceError):
        speech.poll(0)
    return str(error.value)


# when all is well


def test_speaks_sentence_by_sentence(make: Make) -> None:
    with standing_in(
        Answer(body=stream("You took it tw", "ice. And ", "then nob", "ody rang me."))
    ) as server:
        speech = make(server.url).speak(request(sentences=3))
        assert sentences_of(speech) == ["You took it twice.", "And then nobody rang me."]
        assert speech.poll(0) == VoicePiece("", done=True)


def test_a_sentence_comes_while_the_turn_goes_on_and_cancelling_breaks_the_connection(make: Make) -> None:
    with standing_in(Answer(body=[chunk("You took it twice. And th")], hangs=True)) as server:
        speech = make(server.url, patience=LONG).speak(request())
        assert next_piece(speech) == VoicePiece("You took it twice.", done=False)
        speech.cancel()
        speech.cancel()
        assert speech.poll(0) == VoicePiece("", done=True)
        assert server.left.wait(10)


def test_enough_sentences_break_the_connection_too(make: Make) -> None:
    with standing_in(Answer(body=[chunk("One. Two. Three. Four.")], hangs=True)) as server:
        assert sentences_of(make(server.url, patience=LONG).speak(request(sentences=2))) == ["One.", "Two."]
        assert server.left.wait(10)


def test_the_next_turn_cancels_the_one_before(make: Make) -> None:
    with standing_in(Answer(body=[chunk("Well.")], hangs=True), Answer(body=stream("Good."))) as server:
        voice = make(server.url, patience=LONG)
        first = voice.speak(request())
        wait_for(lambda: server.asked)
        assert sentences_of(voice.speak(request(1))) == ["Good."]
        assert first.poll(0) == VoicePiece("", done=True)
        assert server.left.wait(10)


@pytest.mark.parametrize("where", ["", "/", "/v1", "/v1/"])
def test_what_is_asked(make: Make, where: str) -> None:
    with standing_in(Answer(body=stream("Yes."))) as server:
        sentences_of(make(server.url + where).speak(request(history=2)))
        asked = server.asked[0]
    assert asked["path"] == "/v1/chat/completions"
    assert (asked["model"], asked["stream"], asked["temperature"], asked["top_p"]) == ("big", True, 0.8, 0.95)
    assert [one["role"] for one in asked["messages"]] == [
        "system",
        *["user", "assistant"] * (len(asked["messages"]) // 2 - 1),
        "user",
    ]
    assert "Priya Nair" in asked["messages"][0]["content"]
    assert "£84.20" in asked["messages"][-1]["content"]
    assert 1 <= asked["seed"] < 2**31
    assert len(asked["stop"]) <= 4
    assert 0 < asked["max_tokens"] <= 500


def test_a_whole_path_is_taken_as_it_is(make: Make) -> None:
    with standing_in(Answer(body=stream("Yes."))) as server:
        sentences_of(make(f"{server.url}/openai/v2").speak(request()))
        assert server.asked[0]["path"] == "/openai/v2/chat/completions"


def test_reasoning_names_and_what_is_beyond_the_length_are_cut(make: Make) -> None:
    told = stream(
        "<think>She is an", "gry.</think>Priya Nair: You took it. And th", "en the", reason="length"
    )
    with standing_in(Answer(body=told)) as server:
        assert sentences_of(make(server.url).speak(request())) == ["You took it."]


def test_other_fields_comments_and_empty_events_do_no_harm(make: Make) -> None:
    body = [
        ": a comment\n\n",
        'data: {"choices": []}\n\n',
        'data: {"choices": [{"delta": {"role": "assistant", "content": null}}]}\n\n',
        'data: {"choices": [{"delta": {"reasoning_content": "She is angry."}}]}\n\n',
        *stream("No."),
    ]
    with standing_in(Answer(body=body)) as server:
        assert sentences_of(make(server.url).speak(request())) == ["No."]


def test_who_speaks_names_neither_address_nor_key(make: Make) -> None:
    with standing_in() as server:
        voice = make(server.url, "", environment={"HEARMEOUT_API_KEY": "sk-secret"})
        voice.warm()
        assert server.keys == ["Bearer sk-secret"]
    identity = voice.identity
    assert (identity.kind, identity.model, identity.model_sha256) == ("remote", "big", "")
    assert identity.sampling == "temp=0.8 top_p=0.95"
    assert "secret" not in str(identity) and "127.0.0.1" not in str(identity)


def test_no_key_is_sent_that_is_not_meant_for_it(make: Make) -> None:
    with standing_in(Answer(body=stream("Yes."))) as server:
        voice = make(server.url, environment={"OPENAI_API_KEY": "sk-other"})
        sentences_of(voice.speak(request()))
        assert server.keys == [""]


# when it is not


@pytest.mark.parametrize(
    "failing", [Answer(status=503), Answer(status=429), Answer(status=500, body=["oops"])]
)
def test_what_may_pass_is_tried_again(make: Make, failing: Answer) -> None:
    with standing_in(failing, failing, Answer(body=stream("At last."))) as server:
        assert sentences_of(make(server.url).speak(request())) == ["At last."]
        assert len(server.asked) == 3


def test_a_connection_that_is_broken_before_a_word_is_tried_again(make: Make) -> None:
    with standing_in(Answer(breaks=True), Answer(body=stream("At last."))) as server:
        assert sentences_of(make(server.url).speak(request())) == ["At last."]


def test_after_the_last_try_it_says_so_and_the_next_turn_asks_once(make: Make) -> None:
    with standing_in(
        Answer(status=503, kind="application/json", body=['{"error": {"message": "busy"}}'])
    ) as server:
        voice = make(server.url)
        assert "status 503): busy" in refusal(voice)
        assert len(server.asked) == 3
        refusal(voice)
        assert len(server.asked) == 4
        server.answers[:] = [Answer(body=stream("Here.")), Answer(status=503), Answer(body=stream("Back."))]
        assert sentences_of(voice.speak(request())) == ["Here."]
        assert sentences_of(voice.speak(request())) == ["Back."]


def test_a_server_that_asks_for_a_long_rest_is_not_waited_for(make: Make) -> None:
    with standing_in(Answer(status=429, headers={"retry-after": "3600"})) as server:
        refusal(make(server.url))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(status=401), "refuses the key (status 401); put the right key into HEARMEOUT_API_KEY."),
        (Answer(status=403), "refuses the key"),
        (
            Answer(status=404, kind="application/json", body=['{"error": "model not found"}']),
            "knows no model 'big' there: model not found; check --model and --url.",
        ),
        (
            Answer(
                status=400, kind="application/json", body=['{"error": {"message": "too\\u001b[31m long"}}']
            ),
            "refused the turn (status 400): too [31m long.",
        ),
        (Answer(status=302, headers={"location": "http://127.0.0.1:9/"}), "refused the turn (status 302)"),
        (Answer(kind="text/html", body=["<html>Welcome</html>"]), "no OpenAI-compatible answer"),
        (Answer(body=["data: nonsense\n\n"]), "no OpenAI-compatible answer"),
        (Answer(body=["data: [1]\n\n"]), "no OpenAI-compatible answer"),
        (Answer(body=['data: {"choices": [7]}\n\n']), "no OpenAI-compatible answer"),
        (Answer(body=['data: {"error": {"message": "out of memory"}}\n\n']), "out of memory"),
        (Answer(body=[chunk("word " * 5000)]), "does not come to an end"),
        (Answer(body=[chunk("You took it tw")]), "broke off in the middle"),
        (Answer(body=[]), "broke off in the middle"),
        (Answer(body=["\xff\xfe\x00garbage"]), "broke off in the middle"),
    ],
)
def test_what_is_no_answer_is_a_clear_sentence_at_once(make: Make, answer: Answer, says: str) -> None:
    with standing_in(answer) as server:
        said = refusal(make(server.url))
        assert says in said
        assert server.url in said
        assert said.isprintable()
        assert len(server.asked) == 1


def test_silence_is_waited_for_only_so_long(make: Make) -> None:
    with standing_in(Answer(body=[chunk("You took")], hangs=True)) as server:
        said = refusal(make(server.url))
        assert "does not answer (timed out)" in said
        assert len(server.asked) == 1


def test_what_was_said_before_it_broke_stays_and_is_not_asked_for_again(make: Make) -> None:
    with standing_in(Answer(body=[chunk("You took it. And th")], breaks=True)) as server:
        speech = make(server.url).speak(request())
        assert next_piece(speech).text == "You took it."
        with pytest.raises(VoiceError):
            sentences_of(speech)
        assert len(server.asked) == 1


def test_a_server_that_is_not_there(make: Make) -> None:
    voice = make(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(VoiceError, match=r"does not answer .* see that it runs, or check --url\."):
        voice.warm()
    assert "see that it runs, or check --url." in refusal(voice)


@pytest.mark.parametrize("models", ["<html>", "[]", '{"data": [{}]}', '{"data": 7}', '{"data": []}'])
def test_without_a_list_of_models_one_must_be_named(make: Make, models: str) -> None:
    with standing_in(models=models) as server:
        with pytest.raises(VoiceError, match="name one with --model"):
            make(server.url, "").warm()
        make(server.url, "mine").warm()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://here",
        "http://",
        "http://me:you@here",
        "http://a:b",
        "http://[",
        "http://x?y=1",
    ],
)
def test_what_is_no_address(make: Make, url: str) -> None:
    with pytest.raises(VoiceError, match="is no address of a server; write it as http://localhost:8080/v1"):
        make(url)


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("http://example.org", False),
        ("https://example.org", True),
        ("http://localhost", True),
        ("http://[::1]", True),
    ],
)
def test_a_key_travels_only_encrypted_or_not_at_all(make: Make, url: str, *, goes: bool) -> None:
    with suppress(VoiceError) if goes else pytest.raises(VoiceError, match="not sent unencrypted"):
        make(url, environment={"HEARMEOUT_API_KEY": "sk-1"})
    make(url)


def test_a_key_with_a_line_break_is_none(make: Make) -> None:
    with pytest.raises(VoiceError, match="holds characters that no key has"):
        make("http://localhost", environment={"HEARMEOUT_API_KEY": "sk\r\nx: 1"})


def test_closing_breaks_off(make: Make) -> None:
    with standing_in(Answer(body=[chunk("Well")], hangs=True)) as server:
        voice = make(server.url, patience=LONG)
        speech = voice.speak(request())
        wait_for(lambda: server.asked)
        voice.close()
        voice.close()
        assert speech.poll(0) == VoicePiece("", done=True)
        assert server.left.wait(10)
