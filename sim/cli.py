"""The command line: `hearmeout`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer

from sim.home import Remote, VoiceKind
from sim.on_screen import LARGEST_SEED, new_seed, run_on_screen
from sim.start import INTERRUPTED, has_screen, home_here, leave_at_once, say, warn
from sim.text import shown

if TYPE_CHECKING:
    from sim.tui.opening import Start

app = typer.Typer(
    name="hearmeout",
    help="Practise listening to customers, in a terminal.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
    no_args_is_help=False,
)
persona_app = typer.Typer(help="For authors of customers.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(persona_app, name="persona")

VoiceOption = Annotated[str, typer.Option(help="auto, written, local or remote.")]
UrlOption = Annotated[
    str,
    typer.Option(
        help="An OpenAI-compatible server whose model speaks; a key it wants goes into HEARMEOUT_API_KEY."
    ),
]
FIRST_PERSONA = "hearmeout/priya-nair"
PersonasOption = Annotated[Path | None, typer.Option("--personas", help="A further folder of persona files.")]


def _fail(text: str, status: int = 2) -> NoReturn:
    warn(text)
    raise typer.Exit(status)


def _ask(prompt: str) -> str | None:
    on_terminal = sys.stdin.isatty()
    try:
        return input(prompt if on_terminal else "")
    except EOFError:
        if on_terminal:
            say("")
        return None


def _ask_in_call(prompt: str) -> str | None:
    """Ask for a line of a call that is being kept: from now on Ctrl+C says what became of it."""
    if signal.getsignal(signal.SIGINT) is leave_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return _ask(prompt)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn every error a user can meet into its sentence and an exit status."""
    try:
        yield
    except KeyboardInterrupt:
        _fail("\nStopped. What was said is kept; `hearmeout resume` goes on with it.", INTERRUPTED)
    except (typer.Exit, BrokenPipeError):
        raise
    except Exception as error:
        # Looked up only now: the first paint must not wait for what can go wrong.
        from sim.trouble import sentence_of

        sentence = sentence_of(error)
        if sentence is None:
            raise
        if not sentence:
            raise typer.Exit(0) from None
        _fail(sentence)


@app.callback()
def start(
    context: typer.Context,
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")
    ] = False,
) -> None:
    """Practise listening to customers, in a terminal. Without a command: the first screen."""
    if context.invoked_subcommand is None:
        with _clear_errors():
            if plain or not has_screen():
                from sim.plain_desk import plain_desk

                plain_desk(home_here(), _ask, _ask_in_call, new_seed)
            else:
                _show_screens(None)


def _show_screens(begin: Start | None, **asked: Any) -> NoReturn:
    raise typer.Exit(run_on_screen(home_here(), begin, **asked))


def _voice_named(name: str, url: str = "", model: str = "") -> tuple[VoiceKind, Remote | None]:
    """Return the voice that was asked for, and the server whose model speaks."""
    if name not in ("auto", "written", "local", "remote"):
        _fail(f"--voice is auto, written, local or remote, not {shown(name)[:20]!r}.")
    if name == "remote" and not url:
        _fail("--voice remote goes with --url, the address of the server: http://localhost:8080/v1, say.")
    if url and name not in ("auto", "remote"):
        _fail(f"--url is for the remote voice, not for --voice {name}.")
    return ("remote", Remote(url, model)) if url else (cast(VoiceKind, name), None)


@app.command()
def play(
    persona: Annotated[str, typer.Option(help="Id of the customer: author/name, or name.")] = FIRST_PERSONA,
    seed: Annotated[int | None, typer.Option(min=1, max=LARGEST_SEED, help="Same seed, same draws.")] = None,
    voice: VoiceOption = "auto",
    url: UrlOption = "",
    model: Annotated[
        str, typer.Option(help="A .gguf file for the local voice; with --url, the model's name there.")
    ] = "",
    mode: Annotated[
        str, typer.Option(help="practice, rated or competition; on the screen the settings' own.")
    ] = "",
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")
    ] = False,
    script: Annotated[Path | None, typer.Option(help="Play a timed script in virtual time.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="With a script: one JSON object at the end.")
    ] = False,
    personas: PersonasOption = None,
    challenge: Annotated[str | None, typer.Option(help="A host's nonce, kept in the run.")] = None,
    daily: Annotated[bool, typer.Option("--daily", help="Today's call, the same for everybody.")] = False,
) -> None:
    """Play one call."""
    with _clear_errors():
        if daily and (seed or mode not in ("", "rated") or persona != FIRST_PERSONA):
            _fail("--daily chooses customer, seed and mode itself; leave --persona, --seed and --mode out.")
        if mode not in ("", "practice", "rated", "competition"):
            _fail(f"--mode is practice, rated or competition, not {mode[:20]!r}.")
        if as_json and script is None:
            _fail("--json goes with --script FILE.")
        kind, remote = _voice_named(voice, url, model)
        file = Path(model) if model and remote is None else None
        if script is None and not plain and has_screen():
            from sim.tui.opening import Start

            at = cast(Any, "daily" if daily else "briefing")
            begin = Start(at, persona=persona, mode=cast(Any, mode or None), seed=seed)
            asked = None if kind == "auto" else kind
            _show_screens(
                begin, voice=asked, model=file, personas=personas, challenge=challenge, remote=remote
            )
        from sim.home import Mode, Wanted
        from sim.session import play_plain, play_script, read_script

        wanted = Wanted(
            persona=persona,
            seed=seed or new_seed(),
            voice=kind,
            model=file,
            mode=cast(Mode, mode or "practice"),
            personas=personas,
            challenge=challenge,
            remote=remote,
            new_words=seed is None and not daily,
        )
        if daily:
            from sim.plain_career import todays

            wanted = todays(home_here(), wanted)
        if script is None:
            play_plain(home_here(), wanted, _ask_in_call)
        else:
            play_script(home_here(), wanted, read_script(script), as_json=as_json)


@app.command("script-help")
def script_help() -> None:
    """List the commands of a script."""
    from sim.script import VERBS

    say(VERBS)


@app.command()
def resume(
    run: Annotated[str, typer.Argument(help="The call; the latest interrupted one when left out.")] = "",
    voice: VoiceOption = "auto",
    url: UrlOption = "",
    model: Annotated[str, typer.Option(help="With --url: the model's name there.")] = "",
) -> None:
    """Go on with an interrupted call: on the screen if it ran on a clock, else line by line."""
    with _clear_errors():
        from sim.session import go_on_plain, open_store

        home = home_here()
        kind, remote = _voice_named(voice, url, model)
        with open_store(home) as store:
            name = store.resolve(run) if run else next((row.run_id for row in store.unfinished()), "")
            timed = bool(name) and store.header(name).timed
        if not name:
            _fail("No call was interrupted.", 1)
        if not timed:
            go_on_plain(home, name, _ask_in_call, kind, remote)
        elif not has_screen():
            _fail("That call runs on a clock, so it goes on in a terminal only: hearmeout resume")
        else:
            from sim.tui.opening import Start

            asked = None if kind == "auto" else kind
            _show_screens(Start("go_on", run=name), voice=asked, remote=remote)


@app.command()
def runs(limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20) -> None:
    """List the calls played on this machine."""
    with _clear_errors():
        from sim.session import open_store

        with open_store(home_here()) as store:
            rows = store.runs(limit)
        if not rows:
            say("No call has been played yet.")
        for row in rows:
            state = row.ended or ("given up" if row.abandoned else "interrupted")
            score = (row.result or {}).get("score")
            say(
                f"{row.run_id[:8]}  {row.started_utc[:16]}  {row.persona_id}  {row.medium}  {row.mode}  "
                f"{state.replace('_', ' ')}" + (f"  {score:.0f}" if isinstance(score, int | float) else "")
            )


@app.command()
def report(
    mode: Annotated[str, typer.Option(help="all, rated, practice or competition.")] = "all",
    csv: Annotated[
        Path | None, typer.Option(help="Write the figures to this file; - for the terminal.")
    ] = None,
    pages: Annotated[
        Path | None, typer.Option("--markdown", help="Write a page with its plots (SVG) into this folder.")
    ] = None,
) -> None:
    """Tell what your listening has changed: satisfaction, solved at once, complaints, reviews, by week."""
    with _clear_errors():
        from sim.impact.command import report_on

        if mode not in ("all", "rated", "practice", "competition"):
            _fail(f"--mode is all, rated, practice or competition, not {shown(mode)[:20]!r}.")
        say(report_on(home_here(), mode, csv, pages))


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="The call, by the beginning of its name.")],
    to: Annotated[Path | None, typer.Option(help="Where to; the runs folder when left out.")] = None,
) -> None:
    """Write a call as a run file that can be verified anywhere."""
    with _clear_errors():
        from sim.session import export_run, open_store

        home = home_here()
        with open_store(home) as store:
            say(str(export_run(home, store, store.resolve(run), to)))


@app.command()
def verify(
    run: Annotated[str, typer.Argument(help="A run file, or a call of this machine.")],
    reread: Annotated[bool, typer.Option("--reread", help="Ask this machine's listener again, too.")] = False,
    challenge: Annotated[str | None, typer.Option(help="The nonce the host gave out.")] = None,
    rescore: Annotated[bool, typer.Option("--rescore", help="Score it by today's rules, too.")] = False,
) -> None:
    """Check a run file: is it whole, and do its scores follow from its events?"""
    with _clear_errors():
        from saves.runfile import read_run
        from saves.verify import render
        from saves.verify import verify as check
        from scoring.listener.registry import LISTENERS
        from scoring.rubric import SUPPORTED_VERSIONS, shipped_rubric
        from sim import recompute
        from sim.report import rescored_lines
        from sim.session import LISTENER

        report = check(
            path := _run_path(run),
            recompute.recompute,
            rules=SUPPORTED_VERSIONS,
            rubric_sha256=shipped_rubric().sha256,
            reread=(lambda one: recompute.reread(one, LISTENERS[LISTENER]())) if reread else None,
            challenge=challenge,
        )
        say(shown(render(report)))
        if rescore and report.intact.status == "yes":
            say("\n".join(rescored_lines(read_run(path), shipped_rubric())))
        if not report.is_good:
            raise typer.Exit(1)


def _run_path(run: str) -> Path:
    path = Path(run)
    if path.exists() or path.suffix == ".hearmeout" or os.sep in run:
        return path
    from sim.session import export_run, open_store

    home = home_here()
    with open_store(home) as store:
        return export_run(home, store, store.resolve(run))


@app.command()
def replay(
    run: Annotated[str, typer.Argument(help="A run file, or a call of this machine.")],
    plain: Annotated[bool, typer.Option("--plain", help="Tell it line by line.")] = False,
    speed: Annotated[float, typer.Option(min=0.25, max=64, help="How fast, on the screen.")] = 1.0,
) -> None:
    """Play a call again, on the screen or line by line."""
    with _clear_errors():
        from saves.runfile import read_run
        from sim.game import stored_setting
        from sim.replay import replay_lines

        stored = read_run(_run_path(run))
        if not plain and has_screen():
            from sim.tui.opening import Start

            _show_screens(Start("replay", replayed=stored, speed=speed))
        for line in replay_lines(stored_setting(stored).setting.persona, stored.events):
            say(line)


@persona_app.command("check")
def persona_check(files: Annotated[list[Path], typer.Argument(help="Persona files (TOML).")]) -> None:
    """Find the mistakes in persona files: format, references, and sense."""
    from personas.check import check_files

    report = check_files(files)
    say(shown(str(report)))
    if report.errors:
        raise typer.Exit(1)


@persona_app.command("schema")
def persona_schema() -> None:
    """Write the JSON Schema of persona files, for editors."""
    from personas.jsonschema import json_schema

    say(json_schema().rstrip("\n"))


@app.command()
def doctor() -> None:
    """Look at terminal, colours, native library, models and data directory, and say what to do."""
    with _clear_errors():
        from saves.errors import SavesError
        from saves.folders import data_folder
        from sim.doctor import examine, exit_status, probe_native_library, render, stream_info

        try:
            data = data_folder(os.environ)
        except SavesError as error:
            _fail(str(error), 1)
        user = os.getuid() if hasattr(os, "getuid") else None
        streams = stream_info(sys.stdin, sys.stdout)
        findings = examine(os.environ, streams, probe_native_library, [data / "models"], data, user)
        say(shown(render(findings)))
        raise typer.Exit(exit_status(findings))
