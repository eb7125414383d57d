"""The persona file, schema 1: one TOML file is one customer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from personas.acts import MediumKind
from personas.section import Id, Percent, PersonaId, Section, Skill, Text
from personas.story import (
    Beat,
    Critical,
    Cue,
    Fact,
    Feeling,
    Gate,
    Limit,
    Need,
    Opening,
    OpeningClause,
    Recall,
    Resolution,
    SecondMail,
    Topic,
)

__all__ = [
    "BandLines",
    "Beat",
    "Critical",
    "Cue",
    "Customer",
    "Desk",
    "Ending",
    "Fact",
    "Feeling",
    "Gate",
    "Grant",
    "Id",
    "Identity",
    "Limit",
    "Lines",
    "Manner",
    "Medium",
    "MoodAtStart",
    "Need",
    "Opening",
    "OpeningClause",
    "Percent",
    "Persona",
    "PersonaId",
    "Recall",
    "RecordItem",
    "Resolution",
    "SecondMail",
    "Section",
    "Skill",
    "Text",
    "ThoughtCause",
    "Topic",
]


class Identity(Section):
    """Who wrote what, and where it stands in the career."""

    id: PersonaId
    """`author/name`, lower case."""
    title: Text
    """What the call is about, as the trainee sees it before: "Charged twice"."""
    industry: Text
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    author: Text
    licence: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    tier: Annotated[int, Field(ge=1, le=6)]
    requires: tuple[PersonaId, ...] = ()
    """Customers to be finished well before this one opens, beside the tier's own rule."""
    sequel_of: PersonaId | None = None
    tags: tuple[Text, ...] = ()
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]
    """What this customer trains most, first one first."""


class Customer(Section):
    """The person, as any voice may know them. Nothing locked belongs here."""

    name: Text
    short_name: Text
    """How the screens call them: "Priya", "Mr Adeyemi"."""
    they: Literal["she", "he", "they"]
    manner: Id
    """Name of the manner file whose shared lines fill the gaps."""
    about: Text
    """Two or three sentences for the voice: who they are, how they talk."""
    speech: tuple[Text, ...] = ()
    """Rules of speech, each checkable: "Never says please when angry"."""
    tactics: tuple[Text, ...] = ()
    """What they do under pressure: "sarcasm", "threatens to leave"."""
    pace_wpm: Annotated[int, Field(ge=130, le=175)] = 150
    """Words per minute when calm (listening-science 1.4: 130-175, D)."""
    tolerance: Annotated[float, Field(ge=0.7, le=1.4)] = 1.0
    """Scales what hurts: above 1 forgives less (listening-science 6.3: 0.7-1.4, D)."""
    on_interruption: Literal["yield", "compete"] = "yield"
    """yield: stops, and what was cut off is gone; compete: says the broken clause again, louder."""
    cuts_in_after_words: Annotated[int, Field(ge=15, le=200)] | None = None
    """Cuts in on replies longer than this; none when absent."""
    patience_turns: Annotated[int, Field(ge=5, le=30)] = 14
    """Replies after which they have had enough and end the call."""


class Medium(Section):
    """How the two are talking."""

    kind: MediumKind
    subject: str = ""
    """E-mail only: the subject line of the first mail."""


class MoodAtStart(Section):
    """Where the customer stands when the call begins, 0-100 each."""

    frustration: Percent
    trust: Percent
    heard: Percent = 0


class Grant(Section):
    """One thing the trainee may promise."""

    id: Id
    text: Text
    """Completes "You may": "refund up to £100 on the spot"."""


class RecordItem(Section):
    """One entry of the customer's record that can be opened at the desk."""

    id: Id
    title: Text
    text: Text
    loading_s: Annotated[int, Field(ge=0, le=20)] = 0
    """Seconds it takes to open; 8-20 is slow, so that an announced hold has a use."""
    values: tuple[Text, ...] = ()
    """Data in it that a reply can use: dates, amounts, names, references."""


class Desk(Section):
    """What the trainee can see and promise."""

    company: Text
    role: Text
    """Who the trainee is: "You answer the billing line of Tern Mobile."."""
    card: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Lines of the record that are open from the start."""
    authority: Annotated[tuple[Grant, ...], Field(min_length=1)]
    forbidden: tuple[Text, ...] = ()
    """What must not be promised; completes "You may not"."""
    policy: tuple[Text, ...] = ()
    items: Annotated[tuple[RecordItem, ...], Field(min_length=1)]


class BandLines(Section):
    """Written lines of one act, by intensity band."""

    low: tuple[Text, ...] = ()
    mid: tuple[Text, ...] = ()
    high: tuple[Text, ...] = ()


class Lines(Section):
    """Written lines by act."""

    tell: BandLines = BandLines()
    answer: BandLines = BandLines()
    elaborate: BandLines = BandLines()
    blocked: BandLines = BandLines()
    test: BandLines = BandLines()
    repeat: BandLines = BandLines()
    escalate: BandLines = BandLines()
    soften: BandLines = BandLines()
    weigh: BandLines = BandLines()
    accept: BandLines = BandLines()
    refuse: BandLines = BandLines()
    prompt: BandLines = BandLines()
    resume: BandLines = BandLines()
    broken_off: BandLines = BandLines()
    cut_in: BandLines = BandLines()


class Ending(Section):
    """How it can end."""

    kind: Literal["won", "settled", "unsolved", "walked_out"]
    """won: solved and heard; settled: solved, not warm; unsolved: no answer; walked_out: leaves angry."""
    line: Text
    """The customer's last words."""
    review: Text
    """What they write afterwards, in their voice."""
    thought: Text
    """What they were thinking as they hung up."""


ThoughtCause = Literal[
    "interrupted",
    "given_back",
    "story_heard",
    "restated",
    "reflected",
    "specific_empathy",
    "stock_phrase",
    "dismissed",
    "blamed",
    "re_asked",
    "parroted",
    "contradicted",
    "open_question",
    "stacked",
    "solution_too_soon",
    "overpromised",
    "bare_policy",
    "committed",
    "left_waiting",
    "silence_held",
    "record_used",
    "cue_taken",
    "cue_missed",
    "limit_set",
    "let_abuse_pass",
]
"""What can move the customer, in the words that the debrief uses."""


class Persona(Section):
    """One customer."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    """Version of this format; 1."""
    identity: Identity
    customer: Customer
    medium: Medium
    mood: MoodAtStart
    desk: Desk
    opening: Opening
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    feelings: Annotated[tuple[Feeling, ...], Field(min_length=1)]
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    need: Need
    resolutions: Annotated[tuple[Resolution, ...], Field(min_length=1)]
    beats: tuple[Beat, ...] = ()
    second_mails: tuple[SecondMail, ...] = ()
    limit: Limit | None = None
    recalls: tuple[Recall, ...] = ()
    """In a sequel: what they remember of the call before."""
    lines: Lines = Lines()
    thoughts: dict[ThoughtCause, tuple[Text, ...]] = Field(default_factory=dict)
    """What the customer thinks at a turning point, by what moved them."""
    endings: Annotated[tuple[Ending, ...], Field(min_length=4)]
    extensions: dict[str, object] = Field(default_factory=dict)
    """Free room for other tools; never read."""

    def fact(self, fact_id: str) -> Fact:
        """Return the fact of that id.

        Raises:
            KeyError: when there is none.
        """
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(fact_id)


class Manner(Section):
    """A way of talking shared by customers: lines that fill the gaps of a persona."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    manner: Id
    about: Text
    misfits: Annotated[tuple[Text, ...], Field(min_length=3)]
    """Short responses that fit no hard moment: "Great!", "No worries!"."""
    lines: Lines
    thoughts: dict[ThoughtCause, tuple[Text, ...]]
