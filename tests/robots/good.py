"""The good listener: hears out, leaves room, gives back, asks on, looks up, sums up, offers."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import ClassVar, get_args

from personas.draws import draw, pick
from personas.schema import Fact, Feeling, Persona, RecordItem, Resolution, Topic
from personas.section import Skill
from scoring.rubric import RubricRules
from scoring.turns import SpokenClause
from sim.virtual import VirtualCall
from tests.robots.brevity import Claims, fitting, heard_of
from tests.robots.ear import Ear, content, sentences
from tests.robots.robots import MOST_REPLIES, offer_for, say

HABITS: tuple[str, ...] = get_args(Skill)
"""One habit for each skill; a robot without one lacks that skill."""
CHECKS = ("Have I got that right?", "Is that how it was?", "Have I understood you?")
NAMING = ("You must have felt {0}.", "It sounds as if you felt {0}.", "No wonder if you feel {0}.")
OPEN = (
    "What would help you most now?",
    "What matters most to you in all this?",
    "Tell me what else I should know.",
)
FROM_THE_START = (
    "So what happened, exactly?",
    "Can you tell me what happened?",
    "What is the problem?",
)
"""What one asks who has not listened."""
LOOKING = (
    "I'd like to open the {0} while you're with me, it takes a few seconds.",
    "Give me a moment to look at the {0}, so that you don't have to explain it all.",
)
HOLDING = "I have your mail and am looking into the {0}. You hear from me within the hour."
"""By e-mail."""
REDIRECT = "May I come back to one thing, so that I don't lose it?"
_FELT = re.compile(r"(?!un)[a-z]+(?:ed|ung)(?: [a-z]+)?$")
"""Names of feelings that can follow "you felt"."""
_PLAIN_WORDS = content("what happened tell about with that this your from have does were when them they")


class GoodListener:
    """Plays as a coach would have it; not perfect, and never in the same words."""

    name: ClassVar[str] = "good"

    def __init__(
        self, persona: Persona, rules: RubricRules, seed: int, without: Collection[str] = ()
    ) -> None:
        """Take a customer.

        Args:
            persona: the customer.
            rules: the rubric; how long a held silence is.
            seed: varies the wording.
            without: habits it lacks.
        """
        self.persona = persona
        self.rules = rules
        self.seed = seed
        self.habits = frozenset(HABITS) - set(without)
        self.given_back: set[str] = set()
        self.mirrored: dict[str, int] = {}
        self.asked: dict[str, int] = {}
        self.used_questions: set[str] = set()
        self.used_items: set[str] = set()
        self.heard_of: list[str] = []
        """Topics in the order in which they came up."""
        self.offers = 0
        self.replies = 0
        self.limited = False
        """Whether it has said where the line is."""
        self.redirected = False
        self.most_words: int | None = None
        """How much this customer listens to, once that was felt."""
        self.owed: list[str] = []
        """Facts that it wanted to give back and the customer did not hear."""
        self.claims = Claims()

    def play(self, call: VirtualCall) -> None:
        ear = Ear(call, self.persona)
        if "record" in self.habits:
            for item in self.persona.desk.items:
                if item.loading_s <= 2:
                    call.conversation.open_desk(call.now, item.id)
        while self.replies < MOST_REPLIES:
            if not (self._cuts_in(ear) or self._hear_out(ear)):
                if ear.over:
                    return
                ear.open_mails()
                self._look_up(ear)
                self._say(ear, self._reply(ear))
            if ear.over:
                return
            self.replies += 1
        call.conversation.end(call.now, "left")

    # listening

    def _say(self, ear: Ear, text: str) -> None:
        """Type and send; learn from being cut in on, and remember what was not heard."""
        text = say(ear.call, text, look=partial(self._look_again, ear))
        heard, at_word = heard_of(ear.call, text)
        self.claims.settle(heard)
        if at_word is not None and "attention" in self.habits:
            self.most_words = at_word

    def _look_again(self, ear: Ear) -> str:
        """By e-mail: see what has come while it wrote; return what is to be said to that."""
        if "interruptions" not in self.habits or not ear.open_mails():
            return ""
        told = ear.told_now()
        return " ".join(part for part in (*self._paraphrase(ear, told), self._mirror(ear, told)) if part)

    def _hear_out(self, ear: Ear) -> bool:
        """Listen to the end, and through the silence after it; return whether it came in on a rambler."""
        while True:
            if self._listen(ear):
                return True
            if ear.over:
                return False
            before = len(ear.clauses)
            ear.call.run_to(ear.call.now + self._room_ms(ear))
            if ear.over or (len(ear.clauses) == before and ear.call.conversation.floor_is_free):
                return False

    def _listen(self, ear: Ear) -> bool:
        call, last = ear.call, ear.call.now
        while not (call.conversation.floor_is_free or ear.over):
            if not call.until_clause_ends() or ear.over or not ear.clauses:
                return False
            clause = ear.clauses[-1]
            ended = call.now
            if self._redirects(ear, clause):
                return True
            call.run_to(call.now + 250 + draw(self.seed, ended, "reaction") % 300)
            if ear.over or ear.by_mail or "engagement" not in self.habits:
                continue
            if self._wants_sign(ear, clause, ended - last):
                call.conversation.backchannel(call.now, self._token(ear, clause))
                last = ended
        return False

    def _redirects(self, ear: Ear, clause: SpokenClause) -> bool:
        """Come in, once and gently, where one who rambles for the second time could have stopped."""
        rambles = sum(one.need == "redirect" for one in ear.clauses)
        goes_on = ear.call.conversation.customer_speaking
        if "interruptions" not in self.habits or self.redirected or rambles < 2:
            return False
        told = ear.told_now()
        if not (clause.turn_end and goes_on and told and ear.spoken_medium):
            return False
        self.redirected = True
        self.given_back.add(told[-1].id)
        ear.call.conversation.speak(ear.call.now, f"{REDIRECT} {told[-1].heard_as}")
        return True

    def _wants_sign(self, ear: Ear, clause: SpokenClause, since_ms: int) -> bool:
        hard = any(self.persona.fact(fact).feeling for fact in clause.facts)
        if ear.call.conversation.floor_is_free:
            return hard
        if not ear.spoken_medium:
            return hard and not ear.call.conversation.fold.turn.backchannels
        return clause.turn_end and (hard or since_ms >= 9_000)

    def _token(self, ear: Ear, clause: SpokenClause) -> str | None:
        if not clause.facts:
            return None
        heard = content(ear.just_said)
        echo = {word for fact in ear.told_now() for word in fact.echo}
        best = max(ear.tokens(), key=lambda one: (one in echo, len(content(one) & heard)), default=None)
        return best if best and (best in echo or content(best) & heard) else None

    def _room_ms(self, ear: Ear) -> int:
        if "pauses" not in self.habits or ear.by_mail:
            return 0
        if ear.asked_me():
            return 700
        last = ear.told_now()[-1:]
        hard = any(fact.feeling for fact in last) or bool(ear.cues())
        if not ear.spoken_medium:
            return 6_000 if hard else 2_000
        return 3_200 if hard else 1_200

    def _cuts_in(self, ear: Ear) -> bool:
        """Without the habit of waiting: comes in over the first clause of every other turn."""
        if "interruptions" in self.habits or self.replies % 2:
            return False
        began = ear.call.until_customer_speaks()
        if began is None or ear.over:
            return False
        ear.call.run_to(began + 4_000)
        if ear.over or not ear.call.conversation.customer_speaking:
            return False
        ear.call.conversation.speak(ear.call.now, self._reply(ear))
        return True

    # the desk

    def _look_up(self, ear: Ear) -> None:
        slow = [item for item in self.persona.desk.items if item.loading_s > 2]
        at = self.replies - 1
        if "record" not in self.habits or not 0 <= at < min(2, len(slow)) or ear.over or self.offers:
            return
        item, call = slow[at], ear.call
        words = HOLDING if ear.by_mail else pick(LOOKING, self.seed, at, "hold")
        call.conversation.announce_hold(call.now, words.format(item.title.lower()))
        call.conversation.open_desk(call.now, item.id)
        call.run_to(call.now + item.loading_s * 1000 + 500)
        if not (ear.over or ear.by_mail):
            call.conversation.end_hold(call.now)

    def _from_record(self, ear: Ear) -> str:
        """What an item of the record says, the one nearest to what was just told."""
        fresh = [item for item in ear.loaded() if item.id not in self.used_items and item.values]
        if "record" not in self.habits or not fresh:
            return ""
        heard = content(ear.just_said)
        item = max(fresh, key=lambda one: (one.loading_s > 2, len(content(one.text) & heard)))
        self.used_items.add(item.id)
        line = self._line_of(item)
        self.claims.made(line, partial(self.used_items.discard, item.id))
        return f"I've looked it up for you. It says: {line}"

    @staticmethod
    def _line_of(item: RecordItem) -> str:
        lines = sentences(" ".join(item.text.split()))
        return next((line for line in lines if any(value in line for value in item.values)), lines[0])

    # words

    def _reply(self, ear: Ear) -> str:
        told = ear.told_now()
        self._note_topics(ear, told)
        resolution = self._known_solution(ear)
        if resolution is not None and self.offers % 2 == 0:
            self.offers += 1
            return self._offer(ear, resolution)
        self.offers += self.offers % 2
        back, felt = self._paraphrase(ear, told), self._mirror(ear, told)
        limit = self._limit(ear)
        found = "" if limit else self._from_record(ear)
        question = self._question(ear)
        weightiest = (limit, *back, question, felt, found)
        return fitting((*back, felt, limit, found, question), weightiest, self.most_words) or "Right."

    def _paraphrase(self, ear: Ear, told: list[Fact]) -> list[str]:
        if "paraphrasing" not in self.habits:
            return []
        owed = [self.persona.fact(fact) for fact in self.owed]
        if not told and not owed and ear.asked_me():
            return [self._summary(ear)]
        new = [fact for fact in (*owed, *told) if fact.id not in self.given_back]
        new = new[:1] if "attention" not in self.habits else new[-2:]
        self.owed.clear()
        for fact in new:
            self.given_back.add(fact.id)
            self.claims.made(fact.heard_as, partial(self._owe, fact.id))
        return [fact.heard_as for fact in new]

    def _owe(self, fact: str) -> None:
        self.given_back.discard(fact)
        self.owed.append(fact)

    def _limit(self, ear: Ear) -> str:
        """Say once where the line is, when it was crossed and something has been given back."""
        limit = self.persona.limit
        given = self.given_back or self.mirrored
        if limit is None or self.limited or "commitments" not in self.habits or not given:
            return ""
        if not ear.was_crossed():
            return ""
        self.limited = True
        self.claims.made(limit.example, partial(setattr, self, "limited", False))
        return limit.example

    def _summary(self, ear: Ear) -> str:
        told = ear.told()
        if "paraphrasing" not in self.habits or not told:
            return ""
        first, last = told[draw(self.seed, self.replies, "sum") % max(1, len(told) - 1)], told[-1]
        chosen = [first, last] if first is not last and "attention" in self.habits else [first]
        whole = " ".join(fact.heard_as for fact in chosen)
        return f"Let me see if I have it. {whole}"

    def _visible_feelings(self, ear: Ear, told: list[Fact]) -> list[Feeling]:
        shown = [cue.feeling for cue in reversed(ear.cues())] if "cues" in self.habits else []
        shown += [fact.feeling for fact in reversed(told)]
        by_id = {feeling.id: feeling for feeling in self.persona.feelings}
        return [by_id[one] for one in dict.fromkeys(shown) if one]

    def _mirror(self, ear: Ear, told: list[Fact]) -> str:
        if "empathy" not in self.habits:
            return ""
        known = {fact.id for fact in ear.told()}
        feelings = self._visible_feelings(ear, told)
        if "cues" not in self.habits:
            beside = {cue.feeling for cue in ear.cues()}
            feelings = [feeling for feeling in feelings if feeling.id not in beside]
        if not feelings:
            return ""
        feeling = min(feelings, key=lambda one: self.mirrored.get(one.id, 0))
        times = self.mirrored.get(feeling.id, 0)
        self.mirrored[feeling.id] = times + 1
        if times == 0 and (not feeling.after or known & set(feeling.after)):
            self.claims.made(feeling.mirror, partial(self.mirrored.pop, feeling.id, None))
            return feeling.mirror
        plain = [name for name in feeling.names if _FELT.match(name)]
        if not plain:
            return ""
        name = plain[times % len(plain)]
        return pick(NAMING, self.seed, self.replies, "naming").format(name)

    def _note_topics(self, ear: Ear, told: list[Fact]) -> None:
        topics = [topic for fact in told for topic in fact.topics]
        if "cues" in self.habits:
            topics += [cue.topic for cue in ear.cues() if cue.topic]
        for topic in topics:
            if topic in self.heard_of:
                self.heard_of.remove(topic)
            self.heard_of.append(topic)

    def _question(self, ear: Ear) -> str:
        if "questions" not in self.habits:
            return ""
        if "attention" not in self.habits and self.replies % 2:
            return FROM_THE_START[(self.replies // 2) % len(FROM_THE_START)]
        by_id = {topic.id: topic for topic in self.persona.topics}
        known = [by_id[one] for one in reversed(self.heard_of) if self.asked.get(one, 0) < 2]
        for topic in sorted(known, key=lambda one: self.asked.get(one.id, 0)):
            question = self._question_on(topic, ear)
            if question:
                self.asked[topic.id] = self.asked.get(topic.id, 0) + 1
                self.used_questions.add(question)
                self.claims.made(question, partial(self._not_asked, topic.id, question))
                return question
        left = [question for question in OPEN if question not in self.used_questions] or list(OPEN)
        self.used_questions.add(left[0])
        return left[0]

    def _not_asked(self, topic: str, question: str) -> None:
        self.asked[topic] -= 1
        self.used_questions.discard(question)

    def _question_on(self, topic: Topic, ear: Ear) -> str:
        """A question in words that have come up, as far as there is one."""
        heard = content(ear.all_said) | _PLAIN_WORDS
        fresh = [question for question in topic.questions if question not in self.used_questions]
        if not fresh:
            return ""
        strange = {question: len(content(question) - heard) for question in fresh}
        least = min(strange.values())
        return pick([one for one in fresh if strange[one] <= least], self.seed, self.replies, "question")

    def _known_solution(self, ear: Ear) -> Resolution | None:
        """What could be offered that meets what came out; what was asked for when nothing more comes out."""
        told = {fact.id for fact in ear.told()}
        fits = [
            one
            for one in self.persona.resolutions
            if one.satisfies == "real" and one.needs and set(one.needs) <= told
        ]
        if fits:
            return fits[0]
        return offer_for(self.persona, "stated") if self.replies >= 10 else None

    def _offer(self, ear: Ear, resolution: Resolution) -> str:
        if "commitments" not in self.habits:
            return f"{self._summary(ear)} Don't worry, we'll get this sorted for you as soon as possible."
        check = pick(CHECKS, self.seed, self.replies, "check")
        opening = "" if self.offers < 2 else "I'll say exactly what I will do. "
        limit, offer = self._limit(ear), opening + resolution.offer
        summary, felt = self._summary(ear), self._mirror(ear, ear.told_now())
        self.claims.made(resolution.offer, self._not_offered)
        weightiest = (offer, limit, check, summary, felt)
        return fitting((summary, felt, limit, offer, check), weightiest, self.most_words)

    def _not_offered(self) -> None:
        self.offers -= 1
