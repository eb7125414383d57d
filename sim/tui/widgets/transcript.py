"""A spoken conversation as it is heard: the current clause brightens word by word, older ones dim."""

from __future__ import annotations

from sim.call_view import CallView, Entry, EntryKind
from sim.text import one_line, shown
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.plain_text import Part, PlainText

_YOURS = (EntryKind.REPLY, EntryKind.HOLD)


def clause_parts(entry: Entry, said: int, *, marked: bool) -> list[Part]:
    """Return a clause with so many of its words said.

    Args:
        entry: the clause.
        said: words said.
        marked: whether the word being said is marked by a line under it, for screens without colour.
    """
    words = shown(entry.text).split()
    if entry.broken:
        return [(f"{' '.join(words[: max(1, said)])} —", "")]
    if entry.done or not words:
        return [(" ".join(words), "")]
    before, now, coming = words[: max(0, said - 1)], words[max(0, said - 1) : said], words[said:]
    parts: list[Part] = []
    if before:
        parts.append((" ".join([*before, ""]), "bold"))
    parts += [(word, "bold underline" if marked else "bold") for word in now]
    if coming:
        parts.append((" ".join([*([""] if now else []), *coming]), "$faint"))
    return parts


class EntryLine(PlainText):
    """One entry of the transcript."""

    def __init__(self, entry: Entry, *, opens: bool) -> None:
        """Take the entry.

        Args:
            entry: what is shown.
            opens: whether a party begins to speak with it: some room is left before it.
        """
        self.entry = entry
        self.tokens = [one_line(entry.text)]
        super().__init__(self._parts(0, marked=False), classes=f"entry -{entry.kind.value}")
        self.set_class(opens, "-opens")
        self._drawn: tuple[object, ...] | None = None

    def draw(self, t: int, *, reduced: bool, marked: bool, age: int) -> None:
        """Show the entry at a time of the call.

        Args:
            t: time, ms.
            reduced: whether a clause appears whole.
            marked: whether the word being said is underlined.
            age: 0 for what is being said or was said last, 1 for the rest of the turn, 2 and 3 for older.
        """
        entry = self.entry
        said = entry.words if reduced and not entry.broken else entry.spoken_words(t)
        state = (said, entry.done, entry.broken, entry.withdrawn, entry.text, len(self.tokens), age)
        if state == self._drawn:
            return
        before, self._drawn = self._drawn, state
        if before is None or before[-1] != age:
            # Old lines only change their shade: anything more, for all of them at once, would hold up a key.
            self.remove_class(*(f"-age{number}" for number in range(4) if number != age))
            self.add_class(f"-age{age}")
            if before is not None and before[:-1] == state[:-1]:
                return
        self.set_class(entry.withdrawn, "-withdrawn")
        same_size = before is not None and before[1:] == state[1:] and not entry.broken
        self.show(self._parts(said, marked=marked), layout=not same_size)

    def add_token(self, token: str) -> None:
        """Show one more sign of listening on this line."""
        self.tokens.append(one_line(token))

    def _parts(self, said: int, *, marked: bool) -> list[Part]:
        entry = self.entry
        if entry.kind is EntryKind.CLAUSE:
            return clause_parts(entry, said, marked=marked)
        if entry.kind is EntryKind.CUE:
            return [(f"({one_line(entry.text)})", "italic")]
        if entry.kind is EntryKind.TOKEN:
            return [("   ".join(f"· {token}" for token in self.tokens), "")]
        if entry.kind is EntryKind.HOLD:
            return [entry.text, ("  (hold)", "italic")]
        if entry.broken:
            return [f"{' '.join(shown(entry.text).split()[: entry.said_words])} —"]
        return [entry.text]


class Transcript(CallPane):
    """Phone and video: every clause on its own line, replies marked and set off, cues in italics."""

    DEFAULT_CSS = """
    Transcript {
        align: left bottom;
    }

    Transcript .entry {
        width: 100%;
        height: auto;
        max-width: 76;
        padding-right: 1;
        color: $foreground;
    }

    Transcript .entry.-opens {
        margin-top: 1;
    }

    Transcript .entry.-age1 {
        color: $foreground 82%;
    }

    Transcript .entry.-age2 {
        color: $quiet;
    }

    Transcript .entry.-age3 {
        color: $faint;
    }

    Transcript .entry.-cue {
        color: $customer;
        text-style: italic;
    }

    Transcript .entry.-cue.-age2 {
        color: $quiet;
    }

    Transcript .entry.-cue.-age3 {
        color: $faint;
    }

    Transcript .entry.-reply, Transcript .entry.-hold {
        color: $trainee;
        border-left: outer $trainee;
        padding: 0 1;
    }

    Transcript .entry.-reply.-age3, Transcript .entry.-hold.-age3 {
        color: $trainee 75%;
        border-left: outer $trainee-dim;
    }

    Transcript .entry.-withdrawn {
        text-style: strike;
        color: $faint;
    }

    Transcript .entry.-token {
        color: $trainee;
        padding: 0 1 0 2;
    }

    Transcript .entry.-token.-age2, Transcript .entry.-token.-age3 {
        color: $trainee 75%;
    }

    Transcript .entry.-event {
        color: $quiet;
        text-style: italic;
    }
    """

    def __init__(self, view: CallView, **kwargs: object) -> None:
        """Take the view; keywords go to the widget."""
        super().__init__(view, **kwargs)
        self._lines: list[EntryLine] = []
        self._taken = 0
        self._party = ""
        self._drawn = -1

    def draw(self, t: int, *, reduced: bool) -> None:
        """Show the view at a time of the call, ms."""
        marked = bool(self.app.no_color) and not reduced
        running = self.view.running
        if self.view.changes == self._drawn:
            for line in reversed(self._lines):
                if line.entry is running:
                    line.draw(t, reduced=reduced, marked=marked, age=0)
                    break
            return
        self._drawn = self.view.changes
        self._take_news()
        current = running or self._last_heard()
        for line in self._lines:
            line.draw(t, reduced=reduced, marked=marked, age=self._age(line.entry, current))

    def _take_news(self) -> None:
        fresh: list[EntryLine] = []
        for entry in self.view.entries[self._taken :]:
            if entry.kind is EntryKind.TOKEN and self._lines and self._lines[-1].entry.kind is entry.kind:
                self._lines[-1].add_token(entry.text)
                continue
            party = _party(entry) or self._party
            line = EntryLine(entry, opens=party != self._party and bool(self._lines))
            self._party = party
            self._lines.append(line)
            fresh.append(line)
        self._taken = len(self.view.entries)
        if fresh:
            self.mount_all(fresh)

    def _last_heard(self) -> Entry | None:
        """Return the clause said last, as long as nobody has answered it."""
        for entry in reversed(self.view.entries):
            if entry.kind in (*_YOURS, EntryKind.CLAUSE):
                return entry if entry.kind is EntryKind.CLAUSE else None
        return None

    def _age(self, entry: Entry, current: Entry | None) -> int:
        if entry is current:
            return 0
        behind = self.view.fold.turn.number - entry.turn
        if behind <= 0:
            return 1
        return 2 if behind == 1 else 3


def _party(entry: Entry) -> str:
    """Return who speaks, or that something happens; "" for a sign of listening, which takes no floor."""
    if entry.kind is EntryKind.TOKEN:
        return ""
    if entry.kind is EntryKind.EVENT:
        return "event"
    return "you" if entry.kind in _YOURS else f"them {entry.speech}"
