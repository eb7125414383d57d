"""Where each key of a TOML document stands: tomli gives the values, this module gives the lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

KeyPath = tuple[str | int, ...]
"""Keys and zero-based list indexes from the top of the document: `("facts", 2, "gate", "trust")`."""

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_SHORT_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_PLAIN = re.compile(r"[A-Za-z0-9_-]+\Z")


class LineMap:
    """The one-based line of every key and list element of one document."""

    def __init__(self, lines: dict[KeyPath, int]) -> None:
        """Take the lines by path."""
        self._lines = lines

    def of(self, path: KeyPath) -> int:
        """Return the line of the path, or of its nearest ancestor in the document; 1 when there is none."""
        for length in range(len(path), 0, -1):
            line = self._lines.get(path[:length])
            if line is not None:
                return line
        return 1

    def __getitem__(self, path: KeyPath) -> int:
        """Return the line of a path that is in the document; KeyError when it is not."""
        return self._lines[path]

    def __contains__(self, path: object) -> bool:
        return path in self._lines

    def __len__(self) -> int:
        return len(self._lines)


def line_map(text: str) -> LineMap:
    """Return the lines of a TOML document.

    Args:
        text: a document that tomli reads without an error; of any other the result means nothing.

    Raises:
        ValueError: when the text cannot be TOML.
        RecursionError: when lists or inline tables are nested too deeply.
    """
    return LineMap(_Scanner(text).document())


def dotted(path: KeyPath) -> str:
    """Return the path as one writes it: `facts[2].gate.trust`, quoted where TOML needs quotes.

    Lists count from 0.
    """
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
            continue
        escaped = part.replace("\\", "\\\\").replace('"', '\\"')
        name = part if _PLAIN.match(part) else f'"{escaped}"'
        shown += f".{name}" if shown else name
    return shown


class _Scanner:
    """Walks a document once from its start, noting where keys and elements begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._lines: dict[KeyPath, int] = {}
        self._table_counts: dict[KeyPath, int] = {}

    def document(self) -> dict[KeyPath, int]:
        """Scan everything."""
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._lines

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()

    def _expect(self, token: str) -> None:
        if not self._text.startswith(token, self._at):
            raise ValueError(f"no {token!r} on line {self._line()}")
        self._at += len(token)

    def _header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]` and return the path of the table that it opens."""
        line = self._line()
        many = self._text.startswith("[[", self._at)
        self._expect("[[" if many else "[")
        names = self._key()
        self._expect("]]" if many else "]")
        path: KeyPath = ()
        for name in names[:-1]:
            path = self._into_last((*path, name), line)
        path = (*path, names[-1])
        self._lines.setdefault(path, line)
        if many:
            index = self._table_counts.get(path, 0)
            self._table_counts[path] = index + 1
            path = (*path, index)
            self._lines[path] = line
        return path

    def _into_last(self, path: KeyPath, line: int) -> KeyPath:
        """Step into a table; of a list of tables, into the last one."""
        self._lines.setdefault(path, line)
        count = self._table_counts.get(path)
        return path if count is None else (*path, count - 1)

    def _key(self) -> list[str]:
        """Read a key with its dots and the blanks around it."""
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            names.append(self._name())
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _name(self) -> str:
        quote = self._text[self._at : self._at + 1]
        if quote == '"':
            return _ESCAPE.sub(_unescape, self._take(_BASIC).group(1))
        if quote == "'":
            return self._take(_LITERAL).group(1)
        return self._take(_BARE_KEY).group()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"line {self._line()} is not TOML")
        self._at = found.end()
        return found

    def _pair(self, table: KeyPath) -> None:
        """Read `a.b = value` inside a table."""
        line = self._line()
        path = table
        for name in self._key():
            path = (*path, name)
            self._lines.setdefault(path, line)
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        for quote in ('"""', "'''"):
            if self._text.startswith(quote, self._at):
                self._long_string(quote)
                return
        first = self._text[self._at : self._at + 1]
        if first == '"':
            self._take(_BASIC)
        elif first == "'":
            self._take(_LITERAL)
        elif first == "[":
            self._list(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._take(_SCALAR)

    def _long_string(self, quote: str) -> None:
        """Pass a string over several lines; up to two quotes may stand right before its end."""
        mark = quote[0]
        at = self._at + 3
        while not self._text.startswith(quote, at):
            if at >= len(self._text):
                raise ValueError(f"the text opened on line {self._line()} has no end")
            at += 2 if mark == '"' and self._text[at] == "\\" else 1
        at += 3
        for _ in range(2):
            at += self._text.startswith(mark, at)
        self._at = at

    def _list(self, path: KeyPath) -> None:
        self._expect("[")
        index = 0
        self._skip(_BLANK)
        while not self._text.startswith("]", self._at):
            element = (*path, index)
            self._lines[element] = self._line()
            self._value(element)
            self._separator("]")
            index += 1
        self._expect("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._expect("{")
        self._skip(_BLANK)
        while not self._text.startswith("}", self._at):
            self._pair(path)
            self._separator("}")
        self._expect("}")

    def _separator(self, end: str) -> None:
        """Pass the comma after an element; the last one may lack it."""
        self._skip(_BLANK)
        if not self._text.startswith(end, self._at):
            self._expect(",")
            self._skip(_BLANK)


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    if code[0] in "xuU" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _SHORT_ESCAPES.get(code, code)
