"""The site while you write: what you save is on screen in a moment.

First only the open page is made anew, with its own figures and claims; when you pause, the whole
site. The browser waits for news at one address, and loads its page again when there is any.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from explainers.artefacts.tags import VALUE
from explainers.builder.run import FOLDER, LIMIT, SITE, Options, build
from explainers.builder.sources import generated
from explainers.builder.surroundings import environment
from explainers.builder.workers import Task, Workers, workers
from explainers.edition import Edition
from explainers.errors import BuildError, one_line
from explainers.files import write
from explainers.project import is_leftover

HOST = "127.0.0.1"
NEWS = "/~news/"  # no page is called so
_SETTLED = 0.1  # seconds without a further change: an editor may write in several steps
_PAUSE = 4.0  # seconds without a change, before the whole site is made
_SHOWN = re.compile(r"\{\{\s*(?:claim|figure|thumbnail|table|copy)\s+(?:\w+/)?([a-z0-9-]+)\s*\}\}")
_SCRIPT = b"""<script>(async () => { for (;;) { try {
  const news = await fetch("%s%d"); if (await news.text() !== "%d") return location.reload()
} catch { await new Promise(wait => setTimeout(wait, 1000)) } } })()</script>"""

Say = Callable[[str], object]


@dataclass
class News:
    """The version of what is on screen, and the page that was looked at last."""

    version: int = 0
    page: str = "index.md"
    changed: threading.Condition = field(default_factory=threading.Condition)

    def publish(self) -> None:
        """Tell all browsers to load their pages again."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def after(self, version: int, seconds: float = 25) -> int:
        """Wait for another version, but no longer than that; return the present one."""
        with self.changed:
            self.changed.wait_for(lambda: self.version != version, seconds)
            return self.version


class Changes(FileSystemEventHandler):
    """The files that were saved and not yet looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: set[str] = set()
        self.any = threading.Condition()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a file that people write."""
        if event.is_directory or event.event_type in ("opened", "closed_no_write"):
            return
        for path in filter(None, (event.src_path, event.dest_path)):
            name = Path(str(path)).relative_to(self.root).as_posix()
            # The link to the site is what a build replaces.
            if name != SITE and not generated(name) and not is_leftover(name):
                with self.any:
                    self.names.add(name)
                    self.any.notify_all()

    def wait(self, seconds: float | None) -> set[str]:
        """Wait until something was saved, and until that has settled; nothing if time is over."""
        with self.any:
            self.any.wait_for(lambda: self.names, seconds)
            if self.names:
                while self.any.wait(_SETTLED):
                    pass
            found, self.names = self.names, set()
            return found


def serve(root: Path, edition: Edition, port: int, say: Say) -> None:
    """Serve the site on this machine until interrupted.

    Raises
    ------
    BuildError
        If the site cannot be built at the start, or the port is taken.
    """
    build(root, edition, Options())
    folder = _copied(root)
    news, changes = News(), Changes(root)
    server = _server(folder, port, news)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watch = Observer()
    for place in ("docs", "explainers", "overrides", "tests"):
        watch.schedule(changes, str(root / place), recursive=True)
    watch.schedule(changes, str(root), recursive=False)
    watch.start()
    say(f"http://{HOST}:{server.server_port}/  (Ctrl-C ends)")
    try:
        _keep_up(root, edition, folder, news, changes, say)
    except KeyboardInterrupt:
        say("ended")
    finally:
        watch.stop()
        server.shutdown()


def _keep_up(
    root: Path, edition: Edition, folder: Path, news: News, changes: Changes, say: Say
) -> None:
    """Show what is saved: the open page at once, the rest in a pause."""
    surroundings = environment(root / FOLDER / "home-of-preview", edition.day)
    with workers(1, surroundings) as pool:
        while True:
            saved = changes.wait(None)
            while saved:
                try:
                    _show(root, folder, saved, news.page, pool)
                    say(f"shown: {', '.join(sorted(saved))}")
                except BuildError as error:
                    say(f"explainers: {one_line(error)}")
                news.publish()
                saved = changes.wait(_PAUSE)
            _make_the_rest(root, folder, changes, say)


def _show(root: Path, folder: Path, saved: Iterable[str], page: str, pool: Workers) -> None:
    """Make the open page anew, and first what it shows, if code was saved."""
    code = [name for name in saved if name.startswith("explainers/")]
    if code or any(name.startswith(("docs/notebooks/", "tests/")) for name in saved):
        wanted = shown(root, page)
        if wanted:
            _run(root, "build", "--no-pages", *(f"--only={name}" for name in wanted))
            _renew(root / "docs", {name.rpartition("/")[2] for name in wanted})
    if any(name.startswith(("explainers/site/", "explainers/artefacts/")) for name in code):
        pool.end()  # it has the old code
    pages = {page, *(n.removeprefix("docs/") for n in saved if re.fullmatch(r"docs/.+\.md", n))}
    there = tuple(sorted(page for page in pages if (root / "docs" / page).is_file()))
    function = "explainers.artefacts.site:preview"
    pool.do(Task("pages", function, (root, folder, there), LIMIT))


def _renew(docs: Path, ids: set[str]) -> None:
    """Let the indexes say what these records say now; the whole build makes them anew."""
    for kind in ("claims", "figures"):
        index = docs / f"{kind}.json"
        content = json.loads(index.read_text(encoding="utf-8"))
        records = content["claims"] if kind == "claims" else content
        paths = {id: docs / kind / id / f"{kind.removesuffix('s')}.json" for id in ids}
        made = {id: json.loads(p.read_text("utf-8")) for id, p in paths.items() if p.is_file()}
        records[:] = [made.pop(record["id"], record) for record in records] + [*made.values()]
        write(index, json.dumps(content, ensure_ascii=False).encode())


def shown(root: Path, page: str) -> list[str]:
    """The ids of what a page shows: itself, figures, and claims of which it has a number."""
    kind, _, name = page.rpartition("/")
    if kind == "notebooks":
        return [f"notebooks/{Path(name).stem}"]
    itself = (
        [page.removesuffix(".md")] if kind in ("claims", "figures") and name != "index.md" else []
    )
    path = root / "docs" / page
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    told = (*_SHOWN.findall(text), *(match["claim"] for match in VALUE.finditer(text)))
    return list(dict.fromkeys([*itself, *told]))


def _make_the_rest(root: Path, folder: Path, changes: Changes, say: Say) -> None:
    """Build the whole site, unless something is saved meanwhile."""
    process = _started(root, "build")
    while process.poll() is None:
        with changes.any:
            if changes.any.wait_for(lambda: changes.names, 0.2):
                process.terminate()
                process.wait()
                return
    if process.returncode:
        say((process.communicate()[1] or "").strip())
        return
    for path in (root / SITE).rglob("*"):
        _update(path, folder / path.relative_to(root / SITE))
    say("the whole site is up to date")


def _update(source: Path, target: Path) -> None:
    if source.is_file() and not (target.is_file() and target.read_bytes() == source.read_bytes()):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _run(root: Path, *arguments: str) -> None:
    process = _started(root, *arguments)
    said = process.communicate()[1]
    if process.returncode:
        raise BuildError(said.strip().removeprefix("explainers: "))


def _started(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own: it must have the code as it is now."""
    command = [sys.executable, "-m", "explainers", *arguments]
    return subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _copied(root: Path) -> Path:
    """A copy of the site to render pages into: entries of the store stay as they were made."""
    folder = root / FOLDER / "preview"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root / SITE, folder)
    return folder


# ---- The server ----


def _server(folder: Path, port: int, news: News) -> ThreadingHTTPServer:
    handler = partial(_Handler, news, directory=str(folder))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildError(f"port {port}: {reason}; try --port with another") from None


class _Handler(SimpleHTTPRequestHandler):
    """Files as they are; pages with the lines that wait for news."""

    def __init__(self, news: News, *args: object, **options: object) -> None:
        self.news = news
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer one request."""
        path = unquote(urlsplit(self.path).path)
        if path.startswith(NEWS):
            known = path.removeprefix(NEWS)
            version = self.news.after(int(known) if known.isdecimal() else -1)
            self._answer(str(version).encode())
            return
        file = Path(self.translate_path(self.path))
        page = file / "index.html" if file.is_dir() and path.endswith("/") else file
        if page.suffix == ".html" and page.is_file():
            self._page(path, page.read_bytes())
        elif path.endswith("/"):  # a claim that is being written: it comes when it is made
            self._page(path, b"<!doctype html><title>Not there yet</title>Not there yet.", 404)
        else:
            super().do_GET()

    def _page(self, path: str, content: bytes, status: int = 200) -> None:
        self.news.page = _source(path)
        version = self.news.version
        script = _SCRIPT % (NEWS.encode(), version, version)
        self._answer(content + script, "text/html; charset=utf-8", status)

    def _answer(self, content: bytes, kind: str = "text/plain", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what is saved and shown is said elsewhere."""


def _source(path: str) -> str:
    """The page under docs/ that an address shows.

    >>> _source("/"), _source("/detection/"), _source("/claims/or-of-four-hit/index.html")
    ('index.md', 'detection.md', 'claims/or-of-four-hit.md')
    """
    name = path.strip("/").removesuffix("index.html").strip("/")
    if name in ("claims", "figures"):
        return f"{name}/index.md"
    return f"{name}.ipynb" if name.startswith("notebooks/") else f"{name or 'index'}.md"
