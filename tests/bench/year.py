"""A simulated year: players of five abilities do what the program says is next; real folds, real advice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from math import cos, log, pi, sqrt
from pathlib import Path
from statistics import fmean

from personas.draws import draw
from personas.loader import Library, builtin_folder, load_library
from personas.section import Skill
from scoring.skills import HEADLINE, SKILLS
from sim.career.advice import Choice, next_choice
from sim.career.elo import expected
from sim.career.figures import FIGURES
from sim.career.played import Ending, PlayedCall
from sim.career.record import TrackRecord, track_record
from tests.sim.career.samples import BUILTIN, customer, library

ABILITIES: dict[str, int] = {
    "struggling": 650,
    "beginner": 850,
    "middling": 1000,
    "able": 1200,
    "expert": 1450,
}
"""Where each player begins, in Elo points; 1000 is where the program supposes everybody."""
FIRST_EVENING = datetime(2026, 1, 1, 18, tzinfo=UTC)
NAMES = [f"{first}{last}" for first in ("Al", "Be", "Ca", "Do", "El", "Fa") for last in "abcde"]
"""First names, five for each tier."""


def chance(seed: int, turn: int, purpose: str) -> float:
    """Return a number in 0-1."""
    return (draw(seed, turn, purpose) + 1) / 2**64


def normal(seed: int, turn: int, purpose: str) -> float:
    """Return a number of a normal distribution, mean 0, deviation 1."""
    radius = sqrt(-2 * log(chance(seed, turn, f"{purpose} r")))
    return radius * cos(2 * pi * chance(seed, turn, f"{purpose} a"))


def thirty_customers() -> Library:
    """Return five customers in each of six tiers; each trains four skills, one of the headline first."""
    people = []
    for number, name in enumerate(NAMES):
        head = HEADLINE[number % 4]
        others = sorted(
            (one for one in SKILLS if one != head), key=lambda one: draw(number, 0, f"skill {one}")
        )
        people.append(customer(name, number // 5 + 1, (head, *others[:3])))
    return library(*people)


@dataclass
class Player:
    """Somebody with a true ability in each skill, who learns a little from each call."""

    name: str
    start: int
    seed: int
    ability: dict[Skill, float] = field(init=False)

    def __post_init__(self) -> None:
        """Spread the skills around the start."""
        self.ability = {
            skill: self.start + 90 * normal(self.seed, at, "spread") for at, skill in enumerate(SKILLS)
        }
        self._ceiling = {skill: value + 250 for skill, value in self.ability.items()}

    def learn(self, skill: Skill, success: float, *, practice: bool) -> None:
        """Close a little of the way to what this player can become.

        Less where it was too hard or too easy; in practice what is hard is told after each reply.
        """
        share = 0.006 if (0.0 if practice else 0.4) <= success <= 0.92 else 0.002
        self.ability[skill] += share * (self._ceiling[skill] - self.ability[skill])


@dataclass(frozen=True)
class Served:
    """One call of the year, and what was true of it."""

    day: int
    persona_id: str
    truth: float
    """True expected score, 0-1, over the skills that the customer trains."""
    best_open: float
    """Highest and lowest such score among all who were open."""
    least_open: float
    choice: Choice


@dataclass
class Year:
    """What became of a player."""

    player: Player
    served: list[Served] = field(default_factory=list)
    calls: list[PlayedCall] = field(default_factory=list)
    """Newest first."""
    opened: dict[int, int] = field(default_factory=dict)
    """Day on which each tier opened."""
    progress: list[int] = field(default_factory=list)
    """Numbers of the calls after which something was new: a tier, a customer finished well, a home tier."""
    errors: dict[int, float] = field(default_factory=dict)
    """Mean distance of ratings from abilities, points, by week."""
    record: TrackRecord | None = None


class World:
    """The customers as they truly are: near their author's tier, not on it."""

    def __init__(self, people: Library, builtin: Path) -> None:
        """Draw how hard everybody truly is."""
        self.people = people
        self.builtin = builtin
        self._hard = {
            (key, skill): FIGURES.elo.tier_start[one.persona.identity.tier - 1]
            + 40 * normal(len(key), at, f"{key} as a whole")
            + 25 * normal(number, at, f"{key} {skill}")
            for at, (key, one) in enumerate(people.loaded.items())
            for number, skill in enumerate(SKILLS)
        }

    def success(self, player: Player, persona_id: str, skill: Skill) -> float:
        """Return the true expected score in a skill, 0-1."""
        return expected(player.ability[skill], self._hard[persona_id, skill])

    def truth(self, player: Player, persona_id: str) -> float:
        """Return the true expected score over the skills that a customer trains, 0-1."""
        skills = self.people.loaded[persona_id].persona.identity.skills
        return fmean(self.success(player, persona_id, skill) for skill in skills)

    def play(self, player: Player, choice: Choice, number: int, at: datetime) -> PlayedCall:
        """Play one call, and let the player learn from it."""
        key, seed = choice.persona_id, player.seed
        trained = self.people.loaded[key].persona.identity.skills
        skills: dict[Skill, float | None] = dict.fromkeys(SKILLS)
        practice = choice.mode == "practice" or chance(seed, number, "whim") < 0.12
        for skill in SKILLS:
            asked = chance(seed, number, f"occasion {skill}") < (0.95 if skill in trained else 0.5)
            if asked:
                success = self.success(player, key, skill)
                noise = 0.1 * normal(seed, number, f"score {skill}")
                skills[skill] = 100 * min(1.0, max(0.0, success + noise))
                player.learn(skill, success, practice=practice)
        present = [value for value in skills.values() if value is not None]
        score = fmean(present) if present else None
        left = chance(seed, number, "leave") < 0.02
        return PlayedCall(
            run_id=f"{number:032x}",
            persona_id=key,
            started_utc=at,
            medium="phone",
            mode="practice" if practice else "rated",
            timed=True,
            ended="left" if left else "solved",
            ending=_ending(score, left=left),
            score=score,
            skills=skills,
            stars=3,
            solved_first_contact=True,
            replies=6,
            too_short=False,
            length_ms=300_000,
            parent_run=None,
            seed=number + 1,
        )


def _ending(score: float | None, *, left: bool) -> Ending:
    if left:
        return "left"
    if score is None or score < 45:
        return "walked_out" if score is not None and score < 30 else "unsolved"
    return "won" if score >= 65 else "settled"


def play_year(world: World, player: Player, days: int = 365) -> Year:
    """Let a player do what the program says, day by day.

    They play on five days of seven, once or twice, and not at all in one fortnight of summer.
    """
    year = Year(player)
    home = 0
    well: set[str] = set()
    for day in range(days):
        away = 190 <= day < 204 or chance(player.seed, day, "day off") < 2 / 7
        for sitting in range(0 if away else 1 + (chance(player.seed, day, "twice") < 0.4)):
            at = FIRST_EVENING + timedelta(days=day, hours=sitting)
            record = track_record(world.people, year.calls, world.builtin, at, UTC)
            choice = next_choice(world.people, record, world.builtin)
            assert choice is not None
            truths = [world.truth(player, key) for key in record.unlocked]
            year.served.append(
                Served(
                    day,
                    choice.persona_id,
                    world.truth(player, choice.persona_id),
                    max(truths),
                    min(truths),
                    choice,
                )
            )
            year.calls.insert(0, world.play(player, choice, len(year.calls), at))
            open_before = len(year.opened)
            for tier in record.tiers:
                if tier.is_open:
                    year.opened.setdefault(tier.number, day)
            now_home = sum(record.ratings.home_tier(skill) for skill in SKILLS)
            now_well = {call.persona_id for call in year.calls[:1] if call.finished_well}
            if len(year.opened) > open_before or now_home > home or now_well - well:
                year.progress.append(len(year.calls))
            home, well = max(home, now_home), well | now_well
            year.record = record
        if year.record is not None and day % 7 == 6:
            year.errors[day // 7 + 1] = error_of(year.record, player)
    return year


# what is told of it --------------------------------------------------------------------------------------


def error_of(record: TrackRecord, player: Player) -> float:
    """Return the mean distance of the ratings of the skills from the true abilities, Elo points."""
    return fmean(abs(record.ratings.trainee[skill].value - player.ability[skill]) for skill in SKILLS)


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Return Spearman's correlation of pairs without ties."""
    first, second = ([sorted(side).index(one) for one in side] for side in zip(*pairs, strict=True))
    mean = (len(pairs) - 1) / 2
    spread = sum((one - mean) ** 2 for one in first)
    return sum((one - mean) * (other - mean) for one, other in zip(first, second, strict=True)) / spread


def pairs_of(years: Iterable[Year]) -> list[tuple[float, float]]:
    """Return (rating, true ability) of every skill of every player."""
    return [
        (year.record.ratings.trainee[skill].value, year.player.ability[skill])
        for year in years
        if year.record is not None
        for skill in SKILLS
    ]


def in_band(year: Year, low: float = 0.6, high: float = 0.9) -> float:
    """Return the share of calls whose true success lay in a band, 0-1."""
    return fmean(low <= one.truth <= high for one in year.served)


def could_not_fit(year: Year, low: float = 0.6, high: float = 0.9) -> float:
    """Return the share of calls at which nobody open lay in the band, by their true success, 0-1."""
    return fmean(one.best_open < low or one.least_open > high for one in year.served)


def longest(year: Year, is_bad: Callable[[Served], bool]) -> int:
    """Return the most calls running of which something is true."""
    return max((len(list(group)) for bad, group in groupby(year.served, is_bad) if bad), default=0)


def longest_run_with_one(year: Year) -> int:
    """Return the most calls running with the same customer."""
    return max(len(list(group)) for _, group in groupby(one.persona_id for one in year.served))


def repeats(year: Year) -> float:
    """Return the share of calls with whoever had the call before, 0-1."""
    return fmean(one.persona_id == other.persona_id for one, other in pairwise(year.served))


def longest_standstill(year: Year) -> int:
    """Return the most calls running after which nothing was new."""
    marks = [0, *year.progress, len(year.calls)]
    return max(later - sooner for sooner, later in pairwise(marks))


def play_all(world: World, days: int = 365) -> list[Year]:
    """Play the year with all five players."""
    return [
        play_year(world, Player(name, start, seed), days)
        for seed, (name, start) in enumerate(ABILITIES.items(), 1)
    ]


def _weeks(year: Year) -> str:
    return " ".join(f"{tier}:{day // 7 + 1}" for tier, day in sorted(year.opened.items()) if tier > 1) or "-"


def told(title: str, years: Sequence[Year]) -> list[str]:
    """Return the table of a year, line by line."""
    lines = [
        title,
        f"{'player':<11}{'calls':>6}{'rating':>8}{'true':>6}{'error':>12}{'ranks':>7}{'60-90%':>8}"
        f"{'could':>7}{'still':>7}{'repeat':>8}  tier opened in week",
    ]
    for year in years:
        record = year.record
        assert record is not None
        rating = fmean(record.ratings.trainee[skill].value for skill in SKILLS)
        weeks = sorted(year.errors)
        error = f"{year.errors[weeks[0]]:.0f} > {year.errors[weeks[-1]]:.0f}"
        lines.append(
            f"{year.player.name:<11}{len(year.calls):>6}{rating:>8.0f}"
            f"{fmean(year.player.ability.values()):>6.0f}{error:>12}"
            f"{rank_correlation(pairs_of([year])):>7.2f}{in_band(year):>8.0%}"
            f"{1 - could_not_fit(year):>7.0%}{longest_standstill(year):>7}{repeats(year):>8.0%}"
            f"  {_weeks(year)}"
        )
    lines.append(f"ranks of all players' skills together: {rank_correlation(pairs_of(years)):.2f}")
    return lines


def bench() -> None:
    """Print the year with the customers of the program, and with thirty made from a template."""
    print(
        "\nA simulated year. rating and true: mean over skills, at the end. error: their distance, first and"
    )
    print("last week. ranks: correlation over the ten skills. 60-90%: share of calls in that band of true")
    print("success; could: share at which anybody open was in it. still: most calls without anything new.")
    for title, world in (
        ("the customers of the program", World(load_library([]), builtin_folder())),
        ("thirty customers, five in each tier", World(thirty_customers(), BUILTIN)),
    ):
        print(*told(f"\n{title}", play_all(world)), sep="\n", flush=True)


if __name__ == "__main__":
    bench()
