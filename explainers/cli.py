"""The command ``explainers``: build the artefacts, draw figures, show claims.

Bad input is one line and exit code 2; a build that fails is one line and exit code 1. What a
command does not need, it does not import: a build with nothing to do must stay quick.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

# One thread is faster than two for arrays this small, and gives the same bytes everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Nothing is shown in a window; a name that is none must not stop a drawing.
os.environ["MPLBACKEND"] = "agg"

import click

from explainers import catalogue, citing, project
from explainers.chapter import Chapter
from explainers.edition import UNPUBLISHED, Edition, edition, own_address
from explainers.errors import BuildError, one_line
from explainers.lookup import SettingError, UnknownIdError, did_you_mean

if TYPE_CHECKING:
    from explainers.claim import Claim
    from explainers.records import Figure


class Commands(click.Group):
    """A group that says in one line what is wrong: exit code 2 for input, 1 for all else."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and end."""
        sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (begun with it closed)
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
        for stream in (sys.stdout, sys.stderr):  # what an alphabet lacks is shown as ?
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        try:
            super().main(*args, **(extra | {"standalone_mode": False}))
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(2)
        except click.ClickException as error:
            _end(error.format_message(), 2)
        except (UnknownIdError, SettingError) as error:
            _end(str(error), 2)
        except BuildError as error:
            _end(str(error), 1)
        except click.Abort:
            _end("interrupted", 130)
        except OSError as error:
            _end(f"{error.filename or 'output'}: {(error.strerror or str(error)).lower()}", 1)
        sys.exit(0)


def _end(message: str, code: int) -> NoReturn:
    with suppress(OSError):
        click.echo(f"explainers: {one_line(message)}", err=True)
    try:
        sys.stdout.flush()
    except OSError:  # what could not be written must not fail again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="explainers")
def main() -> None:
    """Why pooling? Compute every figure and number of the site."""


@main.command()
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; one a core.")
@click.option(
    "--only", multiple=True, metavar="CHAPTER|ARTEFACT", help="Make nothing but this, and no pages."
)
@click.option("--force", is_flag=True, help="Make it anew even if nothing changed.")
@click.option("--no-pages", is_flag=True, help="Leave the rendered site as it is.")
@click.option(
    "--limit",
    type=click.IntRange(1, 86_400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="For one artefact.",
)
@click.option(
    "--verify", is_flag=True, help="Read every kept file again; so it is where CI is set."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def build(
    jobs: int | None,
    only: tuple[str, ...],
    force: bool,
    no_pages: bool,
    limit: int,
    verify: bool,
    as_json: bool,
) -> None:
    """Bring the site up to date: figures, values, notebooks, pages."""
    from explainers.builder import run

    start = time.perf_counter()
    root = run.find_root()
    options = run.Options(
        only=only,
        jobs=jobs or 0,
        limit=limit,
        force=force,
        render=not no_pages,
        thorough=verify or bool(os.environ.get("CI")),
        progress=_progress(),
    )
    this = _edition(root)
    try:
        report = run.build(root, this, options)
    except LookupError as error:
        raise click.BadParameter(str(error)) from None
    except BuildError as error:
        raise BuildError(f"{error}; the site is what it was") from None
    seconds = time.perf_counter() - start
    if as_json:
        click.echo(json.dumps({**asdict(report), "seconds": seconds}, indent=2))
        return
    click.echo(
        f"{len(report.made)} made, {len(report.kept)} up to date, "
        f"{report.changed} files changed, in {seconds:.1f} s"
    )
    if not this.published:
        click.echo(
            _nowhere("links begin") + "; to publish: SITE_URL=https://host.example/ make versions"
        )


@main.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve_site(port: int) -> None:
    """Show the site while you write: what you save is on screen in a moment."""
    from explainers.builder import run, serve

    root = run.find_root()
    serve.serve(root, _edition(root), port, lambda line: click.echo(line, err=True))


@main.command("clean")
def clean_up() -> None:
    """Remove everything that builds have written."""
    from explainers.builder import run

    run.clean(run.find_root())


def _edition(root: Path, site: str | None = None) -> Edition:
    try:
        return edition(root, site)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _progress(what: str = "artefacts") -> Callable[[int, int], object]:
    """A bar on a terminal, made when there is something to show."""
    bars: list[Any] = []

    def show(ready: int, total: int) -> None:
        if not bars:
            from tqdm import tqdm

            bars.append(tqdm(total=total, desc=what, unit="", disable=None, leave=False))
        bars[0].update(ready - bars[0].n)

    return show


@main.command()
@click.argument("networks", nargs=-1, required=True, metavar="NETWORK|FILE [NETWORK|FILE]")
@click.option("--size", metavar="N|HxW", help="Height and width of the picture, in pixels.")
@click.option("--channels", metavar="N", help="Channels of the picture.")
@click.option(
    "--side", "sides", multiple=True, metavar="NAME=N", help="One that a file leaves open."
)
@click.option("--pooling", default="as designed", metavar="WHAT", show_default=True)
@click.option("--blocks", is_flag=True, help="Sums of blocks in place of layers.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="For machines: --format json.")
def count(
    networks: tuple[str, ...],
    size: str | None,
    channels: str | None,
    sides: tuple[str, ...],
    pooling: str,
    blocks: bool,
    form: str,
    as_json: bool,
) -> None:
    """Count what NETWORK multiplies, holds and looks at, layer by layer; or compare two.

    NETWORK is the name of a known one, such as vgg16, or a file with your own: .onnx, .toml, .json
    or .yaml. WHAT stands in place of its pooling: as designed, removed, mean, stride or
    strided-conv; of an .onnx file one of the first three.
    """
    from explainers.networks import table

    if len(networks) > 2:
        raise click.UsageError("give one network, or two to compare")
    try:
        open_sides = _open_sides(sides)
        counted = [_counted(given, size, channels, pooling, open_sides) for given in networks]
    except ValueError as error:
        raise click.BadParameter(_with_options(error)) from None
    if as_json or form == "json":
        records = [table.as_record(each) for each in counted]
        shown = {"networks": records} if len(records) > 1 else records[0]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    elif len(counted) == 2:
        click.echo(getattr(table, f"compared_{form}")(*counted))
    else:
        click.echo(getattr(table, f"as_{form}")(counted[0], blocks))


def _counted(
    given: str, size: str | None, channels: str | None, pooling: str, sides: dict[str, int]
) -> Any:
    """A network, counted as the options say."""
    from explainers.checks import refuse
    from explainers.networks.count import count
    from explainers.networks.onnx_count import ONNX_POOLINGS, count_onnx
    from explainers.networks.poolings import POOLINGS

    if Path(given).suffix == ".onnx":
        if pooling in POOLINGS and pooling not in ONNX_POOLINGS:
            refuse("pooling", pooling, f"one of {', '.join(ONNX_POOLINGS)} for an .onnx file")
        behind = None if size is None else tuple(map(int, _several(size)))
        return count_onnx(Path(given), behind, _channels(channels), pooling, sides)
    if sides:
        raise ValueError(f"--side is for an .onnx file; {given} is none")
    return count(_network(given), _sides(size), _channels(channels), pooling)


def _open_sides(assignments: tuple[str, ...]) -> dict[str, int]:
    """Read ``tokens=128``, each name once."""
    sides: dict[str, int] = {}
    for assignment in assignments:
        name, sign, number = assignment.partition("=")
        if not (name and sign and _is_whole(number)):
            raise ValueError(f"--side must be NAME=N, N a whole number; got {assignment}")
        if name in sides:
            raise ValueError(f"--side {name} must be there once; got it twice")
        sides[name] = int(number)
    return sides


@main.command()
@click.argument("size", metavar="N|HxW|DxHxW")
@click.option("--pools", default="1", metavar="N", show_default=True, help="How many, in a row.")
@click.option("--window", default="2", metavar="K", show_default=True, help="Rows of a window.")
@click.option("--stride", metavar="S", help="Rows to the next window; by default K.")
@click.option("--padding", default="0", metavar="P", show_default=True, help="On each side.")
@click.option(
    "--dilation", default="1", metavar="D", show_default=True, help="Rows to the next tap."
)
@click.option("--ceil-mode", is_flag=True, help="A last, incomplete window counts.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def sizes(size: str, ceil_mode: bool, as_json: bool, **settings: str | None) -> None:
    """Follow the sizes of a map from pooling to pooling, and say which sizes work.

    All poolings are alike. A size works if each of them finds a window and no row is lost.
    """
    from explainers.kinds import kinds_of
    from explainers.sizes import chain

    kinds = kinds_of(chain.report)
    try:
        numbers: dict[str, Any] = {
            name: _whole(name, text, kinds[name])
            for name, text in settings.items()
            if text is not None
        }
        side = kinds_of(chain.works)["size"]
        sides = [_whole("size", text, side) for text in _several(size)]
        report = chain.report(sides, ceil_mode=ceil_mode, **numbers)
    except ValueError as error:
        raise click.BadParameter(_with_options(error)) from None
    shown = json.dumps(chain.as_record(report), indent=2) if as_json else chain.as_text(report)
    click.echo(shown)


def _whole(name: str, text: str, kind: Any) -> int:
    """Read one option; what is no whole number is refused as one out of its range."""
    return int(kind.check(name, int(text) if _is_whole(text) else text))


def _several(size: str, most: int = 3) -> list[str]:
    """The sides in ``37``, ``224x320`` or ``16x224x224``."""
    from explainers.checks import refuse

    sides = size.lower().replace("×", "x").split("x")
    if len(sides) > most or not all(map(_is_whole, sides)):
        several = "two" if most == 2 else "up to three"
        refuse("size", size, f"a whole number, or {several} as in 224x320")
    return sides


def _network(given: str) -> Any:
    """The network of that name, or in that file."""
    from explainers.checks import shown
    from explainers.networks.files import read_network
    from explainers.networks.known import NETWORKS, network

    path = Path(given)
    if given in NETWORKS:
        return network(given)
    if path.suffix:
        return read_network(path)
    near = did_you_mean(given.lower(), NETWORKS) or f"; there is {', '.join(NETWORKS)}"
    raise ValueError(f"there is no network {shown(given)}{near}")


def _sides(size: str | None) -> tuple[int, int] | None:
    """Read ``224`` or ``224x320``."""
    if size is None:
        return None
    sides = _several(size, most=2)
    return int(sides[0]), int(sides[-1])


def _channels(given: str | None) -> int | None:
    from explainers.checks import refuse

    if given is not None and not _is_whole(given):
        refuse("channels", given, "a whole number ≥ 1")
    return None if given is None else int(given)


def _is_whole(text: str) -> bool:
    """Whether these are digits, and few enough to be any size at all."""
    return text.isdecimal() and len(text) < 20


@main.command("worksheet")
@click.option("--seed", default="1", metavar="N", show_default=True, help="Which one.")
@click.option("--answers", is_flag=True, help="With the answers below.")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Where to, in Markdown.")
def show_worksheet(seed: str, answers: bool, output: str | None) -> None:
    """Write exercises with computed answers, other ones for each seed."""
    from explainers import worksheet
    from explainers.kinds import kinds_of

    try:
        number = _whole("seed", seed, kinds_of(worksheet.exercises)["seed"])
    except ValueError as error:
        raise click.BadParameter(_with_options(error)) from None
    text = worksheet.as_markdown(number, answers, own_address())
    if output is None:
        click.echo(text, nl=False)
    elif not Path(output).parent.is_dir():
        raise click.BadParameter(f"there is no folder {Path(output).parent}")
    else:
        Path(output).write_text(text, encoding="utf-8")


@main.group()
def figures() -> None:
    """List the figures, and draw one with your own parameters."""


@figures.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_figures(as_json: bool) -> None:
    """List the figures with their parameters."""
    rows: list[dict[str, Any]] = [
        {
            "id": figure.id,
            "title": figure.title,
            "parameters": {p.name: p.default for p in figure.parameters.values()},
        }
        for figure in catalogue.figures()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        settings = " ".join(f"{name}={_text(value)}" for name, value in row["parameters"].items())
        click.echo(f"{row['id']:<{_width(rows)}}  {row['title']}\n{'':<{_width(rows)}}  {settings}")


@figures.command("draw")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="All figures, into a folder.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    metavar="FILE|FOLDER",
    help="Where to; a file's ending says what: .svg, .png, .pdf or .csv.",
)
@click.option("--format", "form", metavar="FORMAT", help="In a folder: svg, png (default) …")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--picture", metavar="FILE", help="One of your own, PNG or JPEG, where it can be.")
@click.option("--network", metavar="NAME|FILE", help="One of your own, as count reads it.")
@click.option("--size", metavar="N|HxW", help="Of the picture that the network is given.")
@click.option("--for", "purpose", metavar="PURPOSE", help="Sizes for slides, paper or web.")
@click.option("--width", metavar="LENGTH", help="Such as 170mm, 10in or 1920px.")
@click.option("--height", metavar="LENGTH", help="With title and credit.")
@click.option("--font-scale", metavar="N", help="How much larger words are, from 0.5 to 2.")
@click.option("--line-scale", metavar="N", help="How much thicker lines are.")
@click.option("--transparent", is_flag=True, help="Let the page show through.")
@click.option("--title", metavar="TEXT", help='What stands above it; "" for nothing.')
@click.option("--credit", metavar="TEXT", help="What stands below it, for where it is from.")
@click.option("--theme", metavar="THEME", help="light or dark.")
@click.option("--dpi", metavar="N", help="Pixels to an inch of a .png.")
def draw_figures(
    ids: tuple[str, ...],
    every: bool,
    output: str,
    form: str | None,
    assignments: tuple[str, ...],
    **look: Any,
) -> None:
    """Draw the figure ID into a file, or several into a folder.

    All of a figure grows with its width and height.
    """
    if bool(ids) == every:
        raise click.UsageError("give the ID of a figure, or --all")
    chosen = catalogue.figures() if every else [catalogue.figure(id) for id in ids]
    files = _files(chosen, output, form)
    settings = [figure.settings(assignments) for figure in chosen]
    from explainers import export

    try:
        if look["size"] is not None:
            look["size"] = tuple(map(int, _several(look["size"])))
        read = _read(look, export.save)
        for figure, file, set_here in zip(chosen, files, settings, strict=True):
            drawing = export.save(figure.id, file, settings=set_here, **read)
            click.echo(f"{file}: {drawing.caption}")
        nowhere = look["credit"] is None and own_address() == UNPUBLISHED
    except SettingError:
        raise
    except ValueError as error:
        raise click.BadParameter(_with_options(error)) from None
    if nowhere and files[0].suffix != ".csv":
        click.echo(f"explainers: {_nowhere('the address in it begins')}", err=True)


def _with_options(error: ValueError) -> str:
    """Say what an option must be by the option's name, where Python calls it an argument."""
    command = click.get_current_context().command
    options = {each.name: each.opts[0] for each in command.params if isinstance(each, click.Option)}
    name, *rest = str(error).split(" ", 1)
    return " ".join([options.get(name, name), *rest])


def _files(chosen: Sequence[Figure], output: str, form: str | None) -> list[Path]:
    """Where each figure goes: into that file, or below its own name into that folder."""
    place = Path(output)
    if place.is_dir():
        return [place / f"{figure.id}.{form or 'png'}" for figure in chosen]
    if len(chosen) > 1 or output.endswith(("/", os.sep)):
        raise click.BadParameter(f"there is no folder {place}")
    if form is not None:
        raise click.BadParameter(f"--format is for a folder; the ending of {place.name} says it")
    return [place]


def _read(look: dict[str, Any], function: Callable[..., Any]) -> dict[str, Any]:
    """The options that are set, as a function takes them."""
    from explainers.kinds import Number, kinds_of

    kinds = kinds_of(function)
    found = {name: (text, kinds.get(name)) for name, text in look.items() if text is not None}
    return {
        name: kind.parse(name, text) if isinstance(kind, Number) else text
        for name, (text, kind) in found.items()
    }


@main.group()
def claims() -> None:
    """List the claims, and show one with its numbers."""


@claims.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_claims(as_json: bool) -> None:
    """List the claims with their verdicts."""
    rows = [
        {
            "id": claim.id,
            "examines": claim.examines,
            "verdict": _verdict(claim),
            "question": claim.question,
        }
        for claim in catalogue.claims()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        verdict = row["verdict"] or "(a fact)"
        click.echo(f"{row['id']:<{_width(rows)}}  {verdict:<18}  {row['question']}")


def _verdict(claim: Claim) -> str | None:
    from explainers import sweep

    return sweep.verdict(claim)


@claims.command("show")
@click.argument("id")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Your own case.")
@click.option("--json", "as_json", is_flag=True, help="For machines, as in claims.json.")
def show_claim(id: str, assignments: tuple[str, ...], as_json: bool) -> None:
    """Compute the claim ID now, and show it; with --set, in a case of your own."""
    from explainers.artefacts.claims import as_record

    claim = catalogue.claim(id)
    chapter = next(chapter for chapter in catalogue.CHAPTERS if claim in chapter.claims)
    settings = claim.settings(assignments)
    try:
        record = as_record(chapter, claim, claim.computed(**settings))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    if settings:
        # Its texts speak of the case on the page.
        record = {name: record[name] for name in record if name not in _OF_THE_PAGE}
        record |= {"settings": claim.defaults | settings, "case": _own_case(claim, settings)}
    click.echo(json.dumps(record, indent=2, ensure_ascii=False) if as_json else _shown(record))


_OF_THE_PAGE = ("statement", "answer", "snippet", "prints")


def _own_case(claim: Claim, settings: dict[str, Any]) -> dict[str, Any] | None:
    """What the numbers of a reader's case say of the sentence; None if it is another question."""
    if claim.judged is None or not set(settings) <= {*claim.judged.asked, "seed"}:
        return None
    case = {name: (claim.defaults | settings)[name] for name in claim.judged.asked}
    return _answered(claim, case)


def _answered(claim: Claim, case: dict[str, Any]) -> dict[str, Any]:
    from explainers import sweep

    answer, margin = sweep.judge(claim, case)
    inside = sweep.in_domain(claim, case)
    return {"parameters": case, "in_domain": inside, "answer": answer, "margin": margin}


@claims.command("try")
@click.argument("id")
@click.option(
    "--random", "number", type=click.IntRange(1, 10_000), default=10, show_default=True, metavar="N"
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="S")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def try_claim(id: str, number: int, seed: int, as_json: bool) -> None:
    """Try the claim ID in N random cases that its question asks."""
    import numpy as np

    from explainers import sweep

    claim = catalogue.claim(id)
    if claim.judged is None:
        raise click.BadParameter(f"{id} is a fact: it has a number, and nothing to judge")
    drawn = sweep.random_cases(claim, number, np.random.default_rng(seed))
    rows = [_answered(claim, dict(case)) for case in drawn]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        where = "in domain" if row["in_domain"] else "outside"
        case = " ".join(f"{name}={_short(value)}" for name, value in row["parameters"].items())
        click.echo(f"{row['answer']:<4}  {row['margin']:>+12.4g}  {where:<9}  {case}")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@main.command("sweep")
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; one a core.")
@click.option("--force", is_flag=True, help="Also those whose code has not changed.")
@click.option("--check", is_flag=True, help="Sweep nothing: fail if a record is older than code.")
def sweep_claims(ids: tuple[str, ...], jobs: int | None, force: bool, check: bool) -> None:
    """Try claims over all that their questions ask, and record what came out."""
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    from explainers import sweep
    from explainers.builder import run

    chosen = [catalogue.claim(id) for id in ids] or catalogue.claims()
    judged = [claim for claim in chosen if claim.judged]
    waiting = [claim for claim in judged if force or _waits(claim)]
    if check:
        if waiting:
            late = ", ".join(claim.id for claim in waiting)
            raise BuildError(f"older than the code: {late}: run “make sweep”")
        click.echo(f"{len(judged)} judged claims, each swept with this code")
        return
    root = run.find_root()
    with ProcessPoolExecutor(jobs) as pool:
        mapped = partial(pool.map, chunksize=4)  # neighbouring cases share their draws
        swept = sweep.run(waiting, root / ".artefacts" / "sweep", mapped, _progress("cases"))
    for claim in swept:
        try:
            said = str(sweep.verdict(claim))
        except sweep.UndecidedError as error:
            said = f"UNDECIDED: {error}"
        counted = sweep.recorded(claim)
        numbers = " ".join(f"{counted[a]:>5} {a}" for a in ("yes", "no", "open"))
        click.echo(f"{claim.id:<44}  {numbers}  {said}")


def _waits(claim: Claim) -> bool:
    from explainers import sweep

    try:
        return sweep.is_stale(claim)
    except sweep.UndecidedError:
        return True


@main.command()
@click.argument("id")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(citing.FORMATS)),
    default="stackexchange",
    show_default=True,
    help="In which form.",
)
@click.option("--site", metavar="ADDRESS", help="Where the site is; by default SITE_URL says it.")
def cite(id: str, form: str, site: str | None) -> None:
    """Write the claim, figure or chapter ID as it is pasted elsewhere.

    Claims come first if a figure or a chapter has the same name: figures/ID is the figure.
    """
    this = _edition(project.HERE, site)
    work = _work(id)
    if not this.published:
        click.echo(f"explainers: {_nowhere('links begin')}", err=True)
    click.echo(citing.FORMATS[form](work, this))


def _nowhere(what: str) -> str:
    return f"SITE_URL is not set: {what} with {UNPUBLISHED}, which leads nowhere yet"


def _work(id: str) -> citing.Work:
    """What an id names, computed now."""
    from explainers.artefacts import claims, figures

    def drawn(chapter: Chapter, figure: Figure) -> dict[str, Any]:
        return figures.as_record(chapter, figure, figure())

    for chapter in catalogue.CHAPTERS:
        for claim in chapter.claims:
            if id in (claim.id, f"claims/{claim.id}"):
                record = claims.as_record(chapter, claim, claim.computed())
                return citing.of_claim(record, drawn(chapter, chapter.figure(claim.figure)))
    for chapter in catalogue.CHAPTERS:
        for figure in chapter.figures:
            if id in (figure.id, f"figures/{figure.id}"):
                return citing.of_figure(drawn(chapter, figure))
        if id == chapter.id:
            return citing.of_chapter(chapter.id, chapter.title)
    known = {record.id for record in catalogue.claims()}
    known |= {record.id for record in catalogue.figures()}
    near = did_you_mean(id, known | {chapter.id for chapter in catalogue.CHAPTERS})
    raise UnknownIdError(f"there is no claim, figure or chapter {id!r}{near}")


@main.command("changes")
@click.argument("old")
@click.argument("new", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show_changes(old: str, new: str | None, as_json: bool) -> None:
    """Say which claims of NEW have another verdict or number than in OLD.

    Each is a released version, such as 0.1.0, or a claims.json; without NEW, what is built here.
    """
    from explainers.builder.run import find_root
    from explainers.releasing import changes, releases

    def record(given: str) -> Any:
        if given.endswith(".json") or Path(given).is_file():
            return releases.read(Path(given))
        return releases.find(given, find_root() / releases.FOLDER)

    before, after = record(old), record(new or str(find_root() / releases.CLAIMS))
    found = changes.compare(before, after)
    if as_json:
        versions = {"old": before["version"], "new": after["version"]}
        rows = {**versions, "changes": changes.as_record(found)}
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    click.echo(changes.as_text(found))


def _shown(record: dict[str, Any]) -> str:
    """A claim for a person."""
    values = record["values"]
    width = max(map(len, values))
    verdict, said = record["verdict"] or "A fact", record.get("statement", record["says"])
    lines = [
        record["question"],
        f"{verdict.capitalize()}. {said}",
        *([f"Condition: {record['condition']}"] if record["condition"] else []),
        *_shown_case(record),
        "",
        *(
            f"  {name:<{width}}  {value['value']:>12.6g}{_ends(value)}  {value['meaning']} "
            f"({value['unit']})"
            for name, value in values.items()
        ),
        "",
        f"computed by {record['code']}",
        f"checked by  {record['test']}",
    ]
    return "\n".join(lines)


def _shown_case(record: dict[str, Any]) -> list[str]:
    if "settings" not in record:
        return []
    said = ", ".join(f"{name} = {_text(value)}" for name, value in record["settings"].items())
    case = record["case"]
    if case is None:
        return [f"This case: {said}"]
    outside = "" if case["in_domain"] else " (outside the condition)"
    return [f"This case: {case['answer']}{outside}, {said}"]


def _ends(value: dict[str, Any]) -> str:
    return f" [{value['low']:.4g}, {value['high']:.4g}]" if "low" in value else ""


def _width(rows: list[dict[str, Any]]) -> int:
    return max(len(row["id"]) for row in rows)


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
