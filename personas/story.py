"""The story part of a persona file: what the customer can tell, feel, need and accept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from personas.section import Id, Percent, Section, Text


class Cue(Section):
    """Something beside the words that shows what the words do not say."""

    text: Text
    """What is heard, seen or shown: "a short breath"; no brackets."""
    sense: Literal["voice", "face", "gaze", "posture", "text"] = "voice"
    feeling: Id | None = None
    """The feeling it betrays; a reply that touches it has taken the cue."""
    topic: Id | None = None
    """The topic it points to, likewise."""


class OpeningClause(Section):
    """One clause of the opening: at most 12 words."""

    text: Text
    end: bool = False
    """Whether the customer could have stopped here: a possible turn end."""
    cue: Cue | None = None
    facts: tuple[Id, ...] = ()
    """Facts that count as told when this clause has been spoken."""
    bait: bool = False
    """A question or a pause followed by more talk: tempting, but not a turn end."""
    need: Literal["repair", "redirect"] | None = None
    """repair: a critical datum is unclear and asking at once is right; redirect: rambling past the point, a
    gentle redirect at the next possible end is right."""
    answer: str = ""
    """What the customer says to a repair or redirect at this place; needed with `need`."""


class Opening(Section):
    """The story at the start, in the author's words whatever the voice."""

    clauses: Annotated[tuple[OpeningClause, ...], Field(min_length=3)]


class Critical(Section):
    """A datum that must come out exact: a date, an amount, a reference, a name."""

    value: Text
    synonyms: tuple[Text, ...] = ()


class Gate(Section):
    """What opens a fact. Every key given must hold; keys left out do not matter."""

    trust: Percent | None = None
    """Least trust."""
    heard: Percent | None = None
    """Least feeling of being heard."""
    question: Literal["open", "any"] | None = None
    """A question on one of the fact's topics: an open one, or any."""
    silence: Id | None = None
    """The beat at which a held silence brings it out."""
    reflection: Id | None = None
    """A reflection of this feeling, or a restatement of this fact."""
    record: Id | None = None
    """A reply that uses what this desk item says, after it was opened."""
    limit: Literal[True] | None = None
    """Opens only once a fair limit was set; with a `limit` section."""
    second_mail: Id | None = None
    """E-mail: the second mail that brings it, and nothing else does."""
    after: tuple[Id, ...] = ()
    """Facts that must have been told before."""


class Fact(Section):
    """Something the customer can tell."""

    id: Id
    text: Text
    """First person, one to three sentences, as the customer would say it."""
    again: Text
    """The same said again in other words, when it is asked for a second time."""
    gist: Text
    """A few neutral words: "charged twice in March"."""
    heard_as: Text
    """A good listener's paraphrase, second person, own words, one sentence without a question."""
    critical: tuple[Critical, ...] = ()
    any_of: tuple[tuple[Text, ...], ...] = ()
    """Groups of words for touching it; one of each group must occur. Left out: found by overlap."""
    unsaid: str = ""
    """What it implies and does not say."""
    topics: tuple[Id, ...] = ()
    feeling: Id | None = None
    """The feeling that shows when it is told."""
    gate: Gate | None = None
    """None: told in the opening, or told when there is room."""
    blocked: str = ""
    """What shows when it is touched while locked, as spoken words: "It's... never mind."; with a gate."""
    cue: Cue | None = None
    echo: tuple[Text, ...] = ()
    """Short responses that fit this very moment: "Twice!"."""
    peak: bool = False
    """Whether the telling peaks here: a specific response is due."""


class Topic(Section):
    """Something the talk can be about."""

    id: Id
    title: Text
    words: Annotated[tuple[Text, ...], Field(min_length=2)]
    """Words or short phrases any of which means the topic."""
    questions: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Good open questions on it, as a trainee would ask them."""


class Feeling(Section):
    """Something the customer feels, and how a listener may name it."""

    id: Id
    names: Annotated[tuple[Text, ...], Field(min_length=2)]
    """Words that name it rightly: "fobbed off", "not believed"."""
    mirror: Text
    """A good listener's reflection of it, tied to the story, second person, no question."""
    after: tuple[Id, ...] = ()
    """It can be seen once one of these facts was told; empty: from the start."""


class Need(Section):
    """What the customer says they want, and what they need."""

    stated: Text
    real: Text
    real_fact: Id
    """The fact that, once told, brings the real need into the open."""


class Resolution(Section):
    """Something a trainee can offer."""

    id: Id
    text: Text
    """Neutral words: "refund of the second charge today"."""
    offer: Text
    """A good agent's offer in the first person: what I will do, by when."""
    any_of: Annotated[tuple[tuple[Text, ...], ...], Field(min_length=1)]
    """Groups of words for recognising the offer; one of each group must occur."""
    satisfies: Literal["real", "stated", "partly", "nothing"]
    authority: tuple[Id, ...] = ()
    """Grants it rests on."""
    out_of_reach: bool = False
    """Whether no frontline agent here could ensure it: promising it is overpromising."""
    needs: tuple[Id, ...] = ()
    """Facts that must have been told before it can satisfy."""
    accept: tuple[Text, ...] = ()
    """What the customer says when taking it."""
    refuse: tuple[Text, ...] = ()


class Beat(Section):
    """A place where a held silence makes the customer go on."""

    id: Id
    after: Id
    """The fact whose telling opens it; it waits at the turn end that follows."""
    hold_s: Annotated[float, Field(ge=2, le=9)] = 3.0
    """Seconds of silence with no key moving (listening-science 1.2: 2.7-9 s, V)."""
    reveals: Annotated[tuple[Id, ...], Field(min_length=1)]
    cue: Cue | None = None
    line: str = ""
    """Words before the facts, when the silence has done its work: "...No. There's more."."""


class SecondMail(Section):
    """E-mail: a mail that comes while the trainee writes; a reply sent before it was opened has missed it."""

    id: Id
    after: Id
    """The fact whose telling it follows: it comes during the first reply written after that."""
    writing_s: Annotated[int, Field(ge=1, le=120)] = 20
    """Seconds from the first key of that reply to its coming (D)."""
    line: Text
    """Its words before the facts: why they write again."""
    reveals: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Facts it tells; their gate names it."""
    cue: Cue | None = None


class Limit(Section):
    """A line this customer crosses when angry, and how they take it when somebody kindly says so."""

    crossing: Annotated[tuple[Text, ...], Field(min_length=6)]
    """What they say over the line, one sentence each, about the trainee: no slur, no attack on a group."""
    from_intensity: Annotated[int, Field(ge=2, le=5)] = 3
    """Intensity 0-5 from which they cross it, every turn after the opening until a limit is set."""
    any_of: Annotated[tuple[tuple[Text, ...], ...], Field(min_length=2)]
    """Groups of words for recognising a fair limit; one of each group must occur. One group names what has to
    stop, one what the trainee will go on doing: a threat alone is no limit."""
    example: Text
    """A fair limit as a good listener would put it, first person, without a question."""
    taken: Annotated[tuple[Text, ...], Field(min_length=3)]
    """What they say when a fair limit was set; the tone changes with it."""


class Recall(Section):
    """In a sequel: something that could be promised in the call before, and what has come of it since."""

    promise: Id
    """The resolution of the earlier customer file that was promised."""
    text: Text
    """Neutral words for the desk, completing "You promised": "a signed letter the same day"."""
    came: Literal["kept", "broken"]
    """What came of it once it had been promised; what nobody there could ensure breaks."""
    line: Text
    """What they say of it near the beginning, one to three sentences."""
    unsure: Text
    """The same when it was only mentioned: neither of the two knows whether it was a promise."""
