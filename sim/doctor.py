"""Looks at the machine before the game does: what works here, what does not, and what to do about it.

Everything that is looked at is passed in, so that each check can be asked about any machine.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Literal, TextIO

Area = Literal["terminal", "colours", "native library", "models", "data directory"]

NEEDED_AREAS: frozenset[Area] = frozenset({"native library", "data directory"})
"""Areas whose breakage makes the doctor's exit status 1; the rest can be played around."""

LEAST_COLUMNS = 80
LEAST_ROWS = 24

GGUF_MAGIC = b"GGUF"
"""First four bytes of a model file (GGUF specification, ggml project)."""

GGUF_VERSIONS = range(2, 4)
"""Format versions that llama.cpp reads, a little-endian 32-bit number after the magic (its gguf.cpp)."""

GGUF_HEADER_BYTES = 24
"""Magic, version, and two 64-bit counts (GGUF specification)."""

GIT_LFS_POINTER = b"version https://git-lfs"
"""How the small text begins that stands in a folder where Git LFS did not fetch the file."""

NO_TERMINAL_KINDS = frozenset({"", "dumb", "unknown"})

LITTLE_SPACE_BYTES = 64 * 1024 * 1024
NO_SPACE_BYTES = 1024 * 1024

REINSTALL = (
    f"{quote(sys.executable)} -m pip install --force-reinstall --no-deps --no-cache-dir llama-cpp-python"
)

_LIBRARY_SCRIPT = """
import json, llama_cpp
llama_cpp.llama_backend_init()
print(json.dumps({"version": llama_cpp.__version__}))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    area: Area
    ok: bool | None
    """True: fine. False: broken. None: works, but worth knowing."""
    says: str
    """One sentence: what was found."""
    to_do: str = ""
    """One sentence: what to do; "" where nothing needs doing."""


@dataclass(frozen=True)
class StreamInfo:
    """What is known of the terminal that the game would draw on."""

    is_tty: bool
    columns: int = 0
    rows: int = 0
    encoding: str = "utf-8"


@dataclass(frozen=True)
class LibraryProbe:
    """What came of loading the native library in a child process."""

    version: str = ""
    """Its version; "" where it could not be loaded."""
    error: str = ""
    """Why not, in one line; "" where it loaded."""


def stream_info(stdin: TextIO, stdout: TextIO) -> StreamInfo:
    """Return what two open streams say of the terminal; the size is 0 x 0 where there is none."""
    encoding = (getattr(stdout, "encoding", None) or "ascii").lower()
    try:
        is_tty = stdin.isatty() and stdout.isatty()
        size = os.get_terminal_size(stdout.fileno()) if is_tty else os.terminal_size((0, 0))
    except (OSError, ValueError):
        return StreamInfo(is_tty=False, encoding=encoding)
    return StreamInfo(is_tty, size.columns, size.lines, encoding)


def check_terminal(environment: Mapping[str, str], stream: StreamInfo) -> list[Finding]:
    """Say whether the drawn game can be shown here: a terminal, its kind, its size, its letters."""
    if not stream.is_tty:
        says = "Input or output is not a terminal, so the drawn game cannot be shown."
        return [Finding("terminal", None, says, "Use the line-by-line game: hearmeout play --plain.")]
    findings = [_terminal_kind(environment.get("TERM", "")), _terminal_size(stream)]
    if stream.encoding.lower().replace("-", "").replace("_", "") != "utf8":
        says = f"Output is encoded as {stream.encoding}, so some signs of the customers' words may be lost."
        findings.append(
            Finding("terminal", None, says, "Use a UTF-8 locale, for example: export LANG=C.UTF-8.")
        )
    return findings


def _terminal_kind(term: str) -> Finding:
    if term not in NO_TERMINAL_KINDS:
        return Finding("terminal", True, f"TERM is {term}.")
    to_do = "Use hearmeout play --plain, or set TERM to your terminal's kind, for example xterm-256color."
    return Finding("terminal", False, f"TERM is {term!r}: this terminal cannot move its cursor.", to_do)


def _terminal_size(stream: StreamInfo) -> Finding:
    needed = f"{LEAST_COLUMNS} x {LEAST_ROWS}"
    if stream.columns <= 0 or stream.rows <= 0:
        to_do = f"Make sure that it is at least {needed}; stty size shows it."
        return Finding("terminal", None, "The terminal does not tell its size.", to_do)
    says = f"The window is {stream.columns} x {stream.rows}"
    if stream.columns < LEAST_COLUMNS or stream.rows < LEAST_ROWS:
        to_do = "Make the window larger or its letters smaller, or use hearmeout play --plain."
        return Finding("terminal", False, f"{says}; the drawn game needs {needed}.", to_do)
    return Finding("terminal", True, f"{says}.")


def check_colours(environment: Mapping[str, str], stream: StreamInfo) -> list[Finding]:
    """Say how many colours will be used.

    NO_COLOR counts when it is set and not empty (no-color.org). COLORTERM "truecolor" or "24bit" means
    16 million; a TERM that ends in "-direct" or has "256color" in it says what its name says.
    """
    return [_colours(environment, stream)]


def _colours(environment: Mapping[str, str], stream: StreamInfo) -> Finding:
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR"):
        says = "NO_COLOR is set: nothing is told by colour alone, and the spoken words carry a moving mark."
        return Finding("colours", True, says, "To have colours: unset NO_COLOR.")
    if not stream.is_tty or term in NO_TERMINAL_KINDS:
        says = "No colours, because this is not a terminal that shows them."
        return Finding(
            "colours", None, says, "Start the game in a terminal to have them; all of it works without."
        )
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return Finding("colours", True, "16 million colours.")
    if "256color" in term:
        return Finding("colours", True, "256 colours.")
    says = f"TERM={term} promises 16 colours or fewer: dim and bright words may look alike."
    to_do = "If your terminal can do more: export TERM=xterm-256color, or COLORTERM=truecolor."
    return Finding("colours", None, says, to_do)


def probe_native_library(python: str = sys.executable, timeout_s: float = 60.0) -> LibraryProbe:
    """Load llama_cpp in a child process, so that a library that crashes takes only the child with it.

    Args:
        python: The interpreter to run it with.
        timeout_s: Seconds after which the child is ended.
    """
    command = [python, "-P", "-c", _LIBRARY_SCRIPT]
    try:
        child = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return LibraryProbe(error=f"loading it took longer than {timeout_s:g} seconds")
    except OSError as error:
        return LibraryProbe(error=f"{python} could not be started ({error.strerror})")
    if child.returncode < 0:
        return LibraryProbe(error=f"loading it ended the process with {_signal_name(-child.returncode)}")
    if child.returncode != 0:
        complaint = child.stderr.decode("utf-8", "replace").strip().splitlines()
        return LibraryProbe(error=complaint[-1] if complaint else f"the child ended with {child.returncode}")
    return _read_probe(child.stdout)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _read_probe(output: bytes) -> LibraryProbe:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    try:
        return LibraryProbe(version=str(json.loads(lines[-1])["version"]))
    except (IndexError, ValueError, KeyError, TypeError):
        return LibraryProbe(error="the child process loaded it but did not tell its version")


def check_native_library(probe: Callable[[], LibraryProbe]) -> list[Finding]:
    """Say whether the library that runs language models loads, and which version it is."""
    found = probe()
    if found.version:
        return [Finding("native library", True, f"llama-cpp-python {found.version} loads.")]
    if "SIGILL" in found.error:
        cause = "It was built for another processor; build it again here"
    elif "No module named 'llama_cpp'" in found.error:
        cause = "Install it"
    else:
        cause = "Install it again"
    to_do = f"{cause}: {REINSTALL}. Until then, customers with written lines work."
    return [Finding("native library", False, f"llama-cpp-python does not work: {found.error}.", to_do)]


def check_models(folders: Sequence[Path]) -> list[Finding]:
    """Say which model files lie in the folders and whether each begins as a GGUF file does.

    Args:
        folders: Where models are looked for; one that does not exist holds none.
    """
    findings: list[Finding] = []
    for folder in folders:
        try:
            files = sorted(entry for entry in folder.iterdir() if entry.suffix == ".gguf")
            findings += [check_model(path) for path in files if not path.is_dir()]
        except FileNotFoundError:
            continue
        except OSError as error:
            says = f"{folder} cannot be read: {_reason(error)}."
            findings.append(Finding("models", False, says, "Make it a folder that you may read."))
    if findings:
        return findings
    where = " or ".join(str(folder) for folder in folders) or "any folder"
    says = f"No language model (.gguf) in {where}; customers speak the lines that their authors wrote."
    return [Finding("models", None, says, "To have a model speak, put a .gguf file there.")]


def check_model(path: Path) -> Finding:
    """Say whether one file begins as a GGUF model that the library reads: magic, version, a whole header."""
    try:
        with path.open("rb") as file:
            head = file.read(GGUF_HEADER_BYTES)
        size = path.stat().st_size
    except OSError as error:
        says = f"{path} cannot be read: {_reason(error)}."
        return Finding("models", False, says, "Correct its permissions, or take it away.")
    problem = _model_problem(head)
    if problem:
        return Finding("models", False, f"{path} {problem[0]}.", problem[1])
    return Finding("models", True, f"{path.name}: a GGUF model, {size / 1e6:.1f} MB.")


def _model_problem(head: bytes) -> tuple[str, str] | None:
    """Return what is wrong with a file that begins so and what to do, or None."""
    if head.startswith(GIT_LFS_POINTER):
        return "is a Git LFS pointer, not the model itself", "Fetch it: git lfs pull."
    if not head.startswith(GGUF_MAGIC):
        return "is not a GGUF model: it does not begin with GGUF", "Download it again, or take it away."
    if len(head) < GGUF_HEADER_BYTES:
        return "ends inside its own header", "Download it again."
    version = int.from_bytes(head[4:8], "little")
    if version not in GGUF_VERSIONS:
        return f"has GGUF version {version}, which cannot be read", "Get the model in GGUF version 3."
    return None


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown error").lower()


def free_bytes(path: Path) -> int:
    """Return how many bytes an ordinary user can still write where the path lies.

    Raises:
        OSError: when the path does not exist.
    """
    return shutil.disk_usage(path).free


def check_data_directory(
    path: Path,
    *,
    may: Callable[[Path, int], bool] = os.access,
    space: Callable[[Path], int] = free_bytes,
    user_id: int | None = None,
) -> list[Finding]:
    """Say whether conversations can be kept: the folder can be used or made, is private, has room.

    Nothing is left behind: a folder that does not exist is not made.

    Args:
        path: The data directory.
        may: Whether this process may use a path in a way (os.W_OK and so on).
        space: Free bytes where a path lies.
        user_id: Who must own it; None where files have no owner number.
    """
    try:
        if not path.exists():
            return _missing_directory(path, may, space)
        if path.is_dir():
            return _present_directory(path, may, space, user_id)
        says = f"{path} is a file, not a folder."
        return [_broken_data(says, f"mv {quote(str(path))} {quote(f'{path}.old')} moves it away")]
    except OSError as error:
        return [_broken_data(f"{path} cannot be used: {_reason(error)}.", "Correct the folders above it")]


def _broken_data(says: str, to_do: str) -> Finding:
    return Finding("data directory", False, says, f"{to_do}, or set XDG_DATA_HOME to a folder of yours.")


def _missing_directory(
    path: Path, may: Callable[[Path, int], bool], space: Callable[[Path], int]
) -> list[Finding]:
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir() or not may(above, os.W_OK | os.X_OK):
        says = f"{path} does not exist and cannot be made, because {above} is not a folder you may write to."
        return [_broken_data(says, f"chmod u+wx {quote(str(above))} allows it")]
    made = Finding("data directory", True, f"{path} will be made at the first conversation, for you alone.")
    return [made, _room(above, space)]


def _present_directory(
    path: Path, may: Callable[[Path, int], bool], space: Callable[[Path], int], user_id: int | None
) -> list[Finding]:
    name = quote(str(path))
    if not may(path, os.R_OK | os.W_OK | os.X_OK) or not _takes_a_file(path):
        says = f"{path} is not writable, so no conversation can be kept."
        return [_broken_data(says, f"chmod u+rwx {name} allows it"), _room(path, space)]
    findings = [Finding("data directory", True, f"{path} is there and writable.")]
    state = path.stat()
    if user_id is not None and state.st_uid != user_id:
        says = f"{path} belongs to user {state.st_uid}, not to you ({user_id})."
        to_do = f"sudo chown -R {user_id} {name} makes it yours."
        findings.append(Finding("data directory", None, says, to_do))
    if user_id is not None and state.st_mode & 0o077:
        says = f"Others on this machine may look into {path} (mode {state.st_mode & 0o777:04o})."
        findings.append(Finding("data directory", None, says, f"chmod 700 {name} closes it."))
    return [*findings, _room(path, space)]


def _takes_a_file(folder: Path) -> bool:
    """Return whether a file can really be written: a read-only file system shows only then."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError:
        return False
    return True


def _room(path: Path, space: Callable[[Path], int]) -> Finding:
    left = space(path)
    if left >= LITTLE_SPACE_BYTES:
        return Finding("data directory", True, f"{left / 1e9:.1f} GB are free there.")
    says = f"Only {left / 1e6:.1f} MB are free where conversations are kept."
    if left < NO_SPACE_BYTES:
        return _broken_data(says, "Free some space")
    return Finding("data directory", None, says, "Free some space before a long evening of calls.")


def examine(
    environment: Mapping[str, str],
    stream: StreamInfo,
    probe: Callable[[], LibraryProbe],
    model_folders: Sequence[Path],
    data_directory: Path,
    user_id: int | None,
) -> list[Finding]:
    """Run every check, in the order in which the areas are shown."""
    return [
        *check_terminal(environment, stream),
        *check_colours(environment, stream),
        *check_native_library(probe),
        *check_models(model_folders),
        *check_data_directory(data_directory, user_id=user_id),
    ]


def exit_status(findings: Sequence[Finding]) -> int:
    """Return 1 when the native library or the data directory is broken, else 0."""
    return int(any(finding.ok is False and finding.area in NEEDED_AREAS for finding in findings))


_WORDS = {True: "ok", None: "note", False: "broken"}


def render(findings: Sequence[Finding]) -> str:
    """Return the findings as plain text: a line each, what to do below it; no colour, no control signs."""
    lines = []
    for finding in findings:
        lines.append(f"{_WORDS[finding.ok]:<7}{finding.area}: {_printable(finding.says)}")
        if finding.to_do:
            lines.append(f"{'':<7}-> {_printable(finding.to_do)}")
    return "\n".join(lines)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
