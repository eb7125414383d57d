"""The command line: `hearmeout`."""

from __future__ import annotations

# One try for all imports: a Ctrl+C before `main` can see to it must not end in a traceback.
try:
    import os
    import signal
    import sys
    import time
    import uuid
    from collections.abc import Iterator
    from contextlib import contextmanager
    from datetime import UTC, datetime
    from pathlib import Path
    from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, cast

    import typer

    from sim.on_screen import LARGEST_SEED, can_draw, new_seed, run_on_screen
    from sim.text import shown
except KeyboardInterrupt:
    raise SystemExit(130) from None

if TYPE_CHECKING:
    from sim.home import Home
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

Voice = Literal["auto", "written", "local"]
PersonasOption = Annotated[Path | None, typer.Option("--personas", help="A further folder of persona files.")]
INTERRUPTED = 130
"""Exit status after Ctrl+C, as shells expect it."""


def _say(text: str) -> None:
    print(text, flush=True)


def _warn(text: str) -> None:
    print(shown(text), file=sys.stderr, flush=True)


def _fail(text: str, status: int = 2) -> NoReturn:
    _warn(text)
    raise typer.Exit(status)


def _ask(prompt: str) -> str | None:
    on_terminal = sys.stdin.isatty()
    try:
        return input(prompt if on_terminal else "")
    except EOFError:
        if on_terminal:
            _say("")
        return None


def _ask_in_call(prompt: str) -> str | None:
    """Ask for a line of a call that is being kept: from now on Ctrl+C says what became of it."""
    if signal.getsignal(signal.SIGINT) is _leave_at_once:
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


def _home() -> Home:
    from saves.folders import data_folder
    from sim.home import Home

    return Home(
        data=data_folder(os.environ),
        environment=os.environ,
        now_utc=lambda: datetime.now(UTC).isoformat(timespec="seconds"),
        monotonic_ms=lambda: time.monotonic_ns() // 1_000_000,
        new_id=lambda: uuid.uuid4().hex,
        say=_say,
        warn=_warn,
    )


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
            if plain or not _has_screen():
                from sim.plain_desk import plain_desk

                plain_desk(_home(), _ask, _ask_in_call, new_seed)
            else:
                _show_screens(None)


def _has_screen() -> bool:
    return can_draw((sys.stdin, sys.stdout, sys.stderr), os.environ)


def _show_screens(begin: Start | None, **asked: Any) -> NoReturn:
    raise typer.Exit(run_on_screen(_home(), begin, **asked))


def _voice_named(name: str) -> Voice:
    if name not in ("auto", "written", "local"):
        _fail(f"--voice is auto, written or local, not {name[:20]!r}.")
    return cast(Voice, name)


@app.command()
def play(
    persona: Annotated[
        str, typer.Option(help="Id of the customer: author/name, or name.")
    ] = "hearmeout/priya-nair",
    seed: Annotated[int | None, typer.Option(min=1, max=LARGEST_SEED, help="Same seed, same draws.")] = None,
    voice: Annotated[str, typer.Option(help="auto, written or local.")] = "auto",
    model: Annotated[Path | None, typer.Option(help="A .gguf file for the local voice.")] = None,
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
) -> None:
    """Play one call."""
    with _clear_errors():
        if mode not in ("", "practice", "rated", "competition"):
            _fail(f"--mode is practice, rated or competition, not {mode[:20]!r}.")
        if as_json and script is None:
            _fail("--json goes with --script FILE.")
        kind = _voice_named(voice)
        if script is None and not plain and _has_screen():
            from sim.tui.opening import Start

            begin = Start("briefing", persona=persona, mode=cast(Any, mode or None), seed=seed)
            asked = None if kind == "auto" else kind
            _show_screens(begin, voice=asked, model=model, personas=personas, challenge=challenge)
        from sim.home import Mode, Wanted
        from sim.session import play_plain, play_script, read_script

        wanted = Wanted(
            persona=persona,
            seed=seed or new_seed(),
            voice=kind,
            model=model,
            mode=cast(Mode, mode or "practice"),
            personas=personas,
            challenge=challenge,
        )
        if script is None:
            play_plain(_home(), wanted, _ask_in_call)
        else:
            play_script(_home(), wanted, read_script(script), as_json=as_json)


@app.command("script-help")
def script_help() -> None:
    """List the commands of a script."""
    from sim.script import VERBS

    _say(VERBS)


@app.command()
def resume(
    run: Annotated[str, typer.Argument(help="The call; the latest interrupted one when left out.")] = "",
    voice: Annotated[str, typer.Option(help="auto, written or local.")] = "auto",
) -> None:
    """Go on with an interrupted call: on the screen if it ran on a clock, else line by line."""
    with _clear_errors():
        from sim.session import go_on_plain, open_store

        home, kind = _home(), _voice_named(voice)
        with open_store(home) as store:
            name = store.resolve(run) if run else next((row.run_id for row in store.unfinished()), "")
            timed = bool(name) and store.header(name).timed
        if not name:
            _fail("No call was interrupted.", 1)
        if not timed:
            go_on_plain(home, name, _ask_in_call, kind)
        elif not _has_screen():
            _fail("That call runs on a clock, so it goes on in a terminal only: hearmeout resume")
        else:
            from sim.tui.opening import Start

            _show_screens(Start("go_on", run=name), voice=None if kind == "auto" else kind)


@app.command()
def runs(limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20) -> None:
    """List the calls played on this machine."""
    with _clear_errors():
        from sim.session import open_store

        with open_store(_home()) as store:
            rows = store.runs(limit)
        if not rows:
            _say("No call has been played yet.")
        for row in rows:
            state = row.ended or ("given up" if row.abandoned else "interrupted")
            score = (row.result or {}).get("score")
            _say(
                f"{row.run_id[:8]}  {row.started_utc[:16]}  {row.persona_id}  {row.medium}  {row.mode}  "
                f"{state.replace('_', ' ')}" + (f"  {score:.0f}" if isinstance(score, int | float) else "")
            )


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="The call, by the beginning of its name.")],
    to: Annotated[Path | None, typer.Option(help="Where to; the runs folder when left out.")] = None,
) -> None:
    """Write a call as a run file that can be verified anywhere."""
    with _clear_errors():
        from sim.session import export_run, open_store

        home = _home()
        with open_store(home) as store:
            _say(str(export_run(home, store, store.resolve(run), to)))


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
        _say(shown(render(report)))
        if rescore and report.intact.status == "yes":
            _say("\n".join(rescored_lines(read_run(path), shipped_rubric())))
        if not report.is_good:
            raise typer.Exit(1)


def _run_path(run: str) -> Path:
    path = Path(run)
    if path.exists() or path.suffix == ".hearmeout" or os.sep in run:
        return path
    from sim.session import export_run, open_store

    home = _home()
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
        if not plain and _has_screen():
            from sim.tui.opening import Start

            _show_screens(Start("replay", replayed=stored, speed=speed))
        for line in replay_lines(stored_setting(stored).setting.persona, stored.events):
            _say(line)


@persona_app.command("check")
def persona_check(files: Annotated[list[Path], typer.Argument(help="Persona files (TOML).")]) -> None:
    """Find the mistakes in persona files: format, references, and sense."""
    from personas.check import check_files

    report = check_files(files)
    _say(shown(str(report)))
    if report.errors:
        raise typer.Exit(1)


@persona_app.command("schema")
def persona_schema() -> None:
    """Write the JSON Schema of persona files, for editors."""
    from personas.jsonschema import json_schema

    _say(json_schema().rstrip("\n"))


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
        _say(shown(render(findings)))
        raise typer.Exit(exit_status(findings))


def _leave_at_once(_number: int, _frame: object) -> NoReturn:
    """Ctrl+C while nothing is at stake: no library on the way can turn it into something else."""
    os._exit(INTERRUPTED)


def _prepare_streams() -> None:
    """Make the three streams fit for any text; one that was closed reads and writes nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave_at_once)
    _prepare_streams()
    try:
        app()
    except OSError as error:
        # What is left in the buffer would fail again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        _warn(
            f"It cannot go on: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}."
        )
        sys.exit(1)
