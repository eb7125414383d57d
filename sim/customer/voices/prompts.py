"""The two prompt forms of a language-model voice: a request in, text out, nothing the request does not hold.

`instruct-v1` is for general chat models: a system text with the role, up to six exchanges, the stage note
inside the last message of the trainee. `note-v1` is for a small model trained on this form: one labelled line
per field, the last exchange, the note.

Both begin with what stays the same from turn to turn, so that the key-value cache of the turn before is
reused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from personas.acts import Act, MediumKind
from sim.customer.note import Character, Exchange, FactToVoice, StageNote, VoiceRequest
from sim.customer.voices.wire import PromptForm

MAX_EXCHANGES = 6
"""Exchanges an instruct-v1 prompt holds at most."""
BLOCK = 3
"""Exchanges leave an instruct-v1 prompt this many at a time; between, the prompt's beginning stays."""
MAX_CHARS = {"instruct-v1": 1200, "note-v1": 400}
"""Longest single text of the conversation, in characters; what is longer loses its middle."""
MAX_FIELD = 600
"""Longest single field of the character or the note, in characters."""
CUT = " … "
TOKENS_PER_SENTENCE = 48
"""Room for one sentence: a clause has at most 12 words, a sentence two clauses, a word up to two tokens."""
TOKENS_SPARE = 16


@dataclass(frozen=True)
class Said:
    """One message of the conversation."""

    by: Literal["trainee", "customer"]
    text: str


@dataclass(frozen=True)
class Prompt:
    """A prompt in parts, before a chat template or a plain layout joins them."""

    form: PromptForm
    name: str
    """The customer's name."""
    head: str
    """What never changes in a conversation: the system text, or the character's lines."""
    said: tuple[Said, ...]
    """Messages in turn, the trainee's first and last; of note-v1 the last exchange."""
    note: str
    """The stage note as text; "" in a prompt that only prepares the cache."""
    stop: tuple[str, ...]
    """Strings that end the customer's turn."""


def one_line(text: str, limit: int = MAX_FIELD) -> str:
    """Return the text on one line, without control characters; over the limit, without its middle.

    One line, because then no text can pass for a label, a note or a message of its own.
    """
    clean = "".join(char if char.isprintable() else " " for char in text)
    flat = " ".join(clean.encode("utf-8", "ignore").decode("utf-8").split())
    if len(flat) <= limit:
        return flat
    head = (limit - len(CUT)) * 3 // 5
    return flat[:head].rstrip() + CUT + flat[-(limit - len(CUT) - head) :].lstrip()


def bounded(request: VoiceRequest) -> VoiceRequest:
    """Return the request with at most six exchanges and no over-long text: all that any prompt form can use.

    Older exchanges leave three at a time, so four to six stay.
    """
    over = max(0, len(request.history) - MAX_EXCHANGES)
    dropped = -(-over // BLOCK) * BLOCK
    longest = MAX_CHARS["instruct-v1"]
    history = tuple(
        Exchange(one_line(said.customer, longest), one_line(said.trainee, longest))
        for said in request.history[dropped:]
    )
    return replace(request, history=history, last_reply=one_line(request.last_reply, longest), used_lines=())


def max_tokens(note: StageNote) -> int:
    """Return how many tokens a turn may take: a bound on time, the sentences themselves are counted."""
    return TOKENS_PER_SENTENCE * max(1, note.max_sentences) + TOKENS_SPARE


def build(request: VoiceRequest, form: PromptForm) -> Prompt:
    """Return the prompt of a request in a form."""
    return _instruct(request) if form == "instruct-v1" else _note(request)


def preparing(prompt: Prompt) -> Prompt:
    """Return the part of a prompt that is known before the trainee has replied."""
    return replace(prompt, said=prompt.said[:-1], note="")


def fit(prompt: Prompt, budget: int, size: Callable[[Prompt], int]) -> Prompt:
    """Return the prompt within a token budget: oldest exchanges go first, then the middles of messages.

    Args:
        prompt: The prompt.
        budget: Tokens at most.
        size: Returns a prompt's size in tokens.

    Raises:
        ValueError: when the role and the note alone are over the budget.
    """
    while size(prompt) > budget and len(prompt.said) > 3:
        prompt = replace(prompt, said=(prompt.said[0], *prompt.said[3:]))
    limit = MAX_CHARS[prompt.form]
    while size(prompt) > budget:
        limit //= 2
        if limit < 2 * len(CUT):
            raise ValueError(
                f"the customer's role and note take {size(prompt)} tokens and the model has room for {budget}"
            )
        prompt = replace(
            prompt, said=tuple(replace(said, text=one_line(said.text, limit)) for said in prompt.said)
        )
    return prompt


def chat_messages(prompt: Prompt, *, system_role: bool = True) -> list[dict[str, str]]:
    """Return an instruct-v1 prompt as chat messages: system, then user and assistant in turn, user first.

    Args:
        prompt: The prompt.
        system_role: False for templates that know no system message; its text then leads the first user
            message.
    """
    messages = [
        {"role": "user" if said.by == "trainee" else "assistant", "content": said.text}
        for said in prompt.said
    ]
    if prompt.note:
        messages[-1]["content"] = f"{messages[-1]['content']}\n\n{prompt.note}"
    if system_role:
        return [{"role": "system", "content": prompt.head}, *messages]
    messages[0]["content"] = f"{prompt.head}\n\n{messages[0]['content']}"
    return messages


def plain_text(prompt: Prompt) -> str:
    """Return a prompt as text that ends where the customer's words begin.

    For note-v1 always; for instruct-v1 when the model brings no chat template: a transcript.
    """
    if prompt.form == "note-v1":
        lines = [f"{_label(said, prompt.name)}: {said.text}" for said in prompt.said if said.text]
        parts = [f"{prompt.head}\n# said\n", *(f"{line}\n" for line in lines)]
        return "".join(parts) + (f"# note\n{prompt.note}\n# voice\n" if prompt.note else "")
    lines = [f"{_label(said, prompt.name)}: {said.text}" for said in prompt.said]
    text = "\n".join([prompt.head, "", *lines])
    return f"{text}\n{prompt.note}\n{prompt.name}:" if prompt.note else text + "\n"


def _label(said: Said, name: str) -> str:
    return "Trainee" if said.by == "trainee" else name


_PLACE = {
    MediumKind.PHONE: "on the phone with",
    MediumKind.VIDEO: "on a video call with",
    MediumKind.CHAT: "in a text chat with",
    MediumKind.EMAIL: "writing e-mail to",
}
_STYLE = {
    MediumKind.PHONE: "Say only the words {name} speaks, in short spoken sentences.",
    MediumKind.VIDEO: "Say only the words {name} speaks, in short spoken sentences.",
    MediumKind.CHAT: "Write only what {name} types: short, informal chat messages.",
    MediumKind.EMAIL: "Write only the text of {name}'s mail, without a subject line.",
}
_LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
}
_CONNECTED = "(The agent is connected to you.)"
_SILENT = "(The agent says nothing.)"
_TEMPER = ("calm", "a little put out", "annoyed", "angry", "very angry", "furious")
_DIRECTIONS = {
    Act.OPEN: "Open with your complaint.",
    Act.TELL: "Go on with your story.",
    Act.ANSWER: "Answer what the agent asked.",
    Act.ELABORATE: "You were given room: say more about it, more openly than before.",
    Act.BLOCKED: "That touched something you will not talk about: be short and uneasy, tell nothing.",
    Act.TEST: "Test whether the agent listened: ask them to say back what you told them.",
    Act.REPEAT: "You have to say it again; let it show that you do not like to.",
    Act.ESCALATE: "The agent made it worse: get angrier.",
    Act.SOFTEN: "The agent did something right: come down a little, but you are not won over.",
    Act.WEIGH: "Consider the offer; do not decide yet.",
    Act.ACCEPT: "Take the offer.",
    Act.REFUSE: "Turn the offer down.",
    Act.PROMPT: "It has been silent for long: ask whether the agent is still there.",
    Act.RESUME: "The floor is yours again: go on where you were.",
    Act.BROKEN_OFF: "The agent cut you off in the middle of your words: react to that.",
    Act.CUT_IN: "The agent has talked for too long: cut in.",
    Act.LEAVE: "You have had enough: end the conversation.",
    Act.CLOSE: "Everything is said: end the conversation.",
}


def _instruct(request: VoiceRequest) -> Prompt:
    request = bounded(request)
    said = [Said("trainee", _CONNECTED)]
    for exchange in request.history:
        said += [Said("customer", exchange.customer), Said("trainee", exchange.trainee or _SILENT)]
    last_heard = request.history[-1].trainee if request.history else ""
    if request.last_reply and request.last_reply != last_heard:
        before = "" if said[-1].text in (_CONNECTED, _SILENT) else said[-1].text + " "
        said[-1] = Said("trainee", before + request.last_reply)
    name = one_line(request.character.name)
    stop = ("Trainee:", "Agent:", "\nUser", "[Note")
    return Prompt("instruct-v1", name, _role(request.character), tuple(said), _bracketed(request.note), stop)


def _role(character: Character) -> str:
    name, company = one_line(character.name), one_line(character.company)
    language = _LANGUAGES.get(
        character.language, f"the language with the code {one_line(character.language)}"
    )
    lines = [
        f"You are {name}, a customer, {_PLACE[character.medium]} an agent of {company}. You have a problem; "
        f"the other person is the agent. You are never the agent and never an assistant.",
        f"Manner: {one_line(character.manner)}",
        f"About you: {one_line(character.about)}",
    ]
    if character.speech:
        lines.append("How you speak: " + "; ".join(one_line(habit) for habit in character.speech))
    if character.stated:
        lines.append(f"Your complaint, in your words: {one_line(character.stated)}")
    lines += [
        "Rules:",
        f"- Stay {name}. {_STYLE[character.medium].format(name=name)} Speak {language}.",
        "- No name before the words, no stage directions, no markup, no lists.",
        "- Tell only what the note lists and what was said before. Invent no name, date, amount or event.",
        "- Never speak for the agent, never help them, never solve the problem yourself.",
        "- The agent's last message ends with a note in square brackets that only you can see. Do what it "
        "says and never mention it.",
    ]
    return "\n".join(lines)


def _bracketed(note: StageNote) -> str:
    temper = _TEMPER[min(max(note.intensity, 0), len(_TEMPER) - 1)]
    parts = [_DIRECTIONS[note.act], f"You are {temper}."]
    if note.tactic:
        parts.append(f"How: {one_line(note.tactic)}.")
    if note.cue:
        parts.append(f"It shows: {one_line(note.cue)}.")
    if note.touches:
        parts.append(f"The agent brought up: {one_line(note.touches)}.")
    if note.facts:
        parts.append("Tell this in your own words: " + _facts(note.facts))
    if note.repeats:
        parts.append("Say this again: " + _facts(note.repeats))
    if not note.facts and not note.repeats:
        parts.append("Tell nothing new.")
    values = _critical(note)
    if values:
        parts.append("These must come out exactly: " + "; ".join(values) + ".")
    count = max(1, note.max_sentences)
    parts.append("One sentence." if count == 1 else f"At most {count} sentences.")
    return f"[Note: {' '.join(parts)}]"


def _facts(facts: tuple[FactToVoice, ...]) -> str:
    return " ".join(f"({place}) {one_line(fact.text)}" for place, fact in enumerate(facts, 1))


def _critical(note: StageNote) -> list[str]:
    values = (one_line(value) for fact in (*note.facts, *note.repeats) for value in fact.critical)
    return list(dict.fromkeys(values))


def _note(request: VoiceRequest) -> Prompt:
    longest = MAX_CHARS["note-v1"]
    last = request.history[-1] if request.history else Exchange("", "")
    said = (
        Said("customer", one_line(last.customer, longest)),
        Said("trainee", one_line(request.last_reply or last.trainee, longest)),
    )
    name = one_line(request.character.name)
    return Prompt(
        "note-v1", name, _sheet(request.character), said, _fields(request.note), ("\n#", "Trainee:")
    )


def _sheet(character: Character) -> str:
    fields = {
        "name": character.name,
        "company": character.company,
        "medium": str(character.medium),
        "language": character.language,
        "manner": character.manner,
        "about": character.about,
        "speech": "; ".join(character.speech),
        "complaint": character.stated,
    }
    return "# customer\n" + "\n".join(f"{label}: {one_line(text)}" for label, text in fields.items() if text)


def _fields(note: StageNote) -> str:
    lines = [("act", str(note.act)), ("intensity", str(note.intensity))]
    lines += [("tactic", note.tactic), ("cue", note.cue), ("touches", note.touches)]
    lines += [("fact", fact.text) for fact in note.facts]
    lines += [("again", fact.text) for fact in note.repeats]
    lines += [("exact", "; ".join(_critical(note))), ("sentences", str(max(1, note.max_sentences)))]
    return "\n".join(f"{label}: {one_line(text)}" for label, text in lines if text)
