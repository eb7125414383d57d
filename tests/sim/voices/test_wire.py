from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from sim.customer.note import Character, Exchange, FactToVoice, StageNote, VoiceRequest
from sim.customer.voices import wire

REQUEST = VoiceRequest(
    Character("a/b", "Zoë", "Ünï 😡", MediumKind.CHAT, "de", "M", "A", ("x",), "y"),
    StageNote(3, Act.REPEAT, 5, MediumKind.CHAT, (FactToVoice("f", 'say "this"\n', ("£1",)),), repeats=()),
    (Exchange("c", "t"),),
    "last",
    seed=9,
    draw=1,
)
COMMANDS: list[wire.Command] = [
    wire.Load("/m.gguf", 4096, 1, 2, "note-v1"),
    wire.Speak(1, REQUEST, 77, wire.Sampling(temperature=0.5), 160),
    wire.Prepare(2, REQUEST, 160),
    wire.Cancel(1),
    wire.Quit(),
]
REPLIES: list[wire.Reply] = [
    wire.Ready(4096, "instruct-v1", True, 12),
    wire.Fingerprint("ab"),
    wire.Began(1, 100, 50),
    wire.Sentence(1, "Nö.\u2028", 0.5),
    wire.Done(1, "end", 5, 50, None, 9),
    wire.Failed("no", None),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_come_back_as_they_went(command: wire.Command) -> None:
    line = wire.encode_command(command)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert wire.decode_command(line) == command


@pytest.mark.parametrize("reply", REPLIES)
def test_replies_come_back_as_they_went(reply: wire.Reply) -> None:
    line = wire.encode_reply(reply)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert wire.decode_reply(line) == reply


@pytest.mark.parametrize(
    "line", [b"", b"llama_load: ok\n", b"[]\n", b'{"kind":"who"}\n', b'{"kind":"done"}\n', b"\xff\n"]
)
def test_anything_else_is_an_error(line: bytes) -> None:
    with pytest.raises(wire.WireError, match="not a message"):
        wire.decode_reply(line)
    with pytest.raises(wire.WireError, match="not a message"):
        wire.decode_command(line)
