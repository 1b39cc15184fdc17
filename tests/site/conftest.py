"""The built site, served at the root of a host and under a sub-path; and one browser."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

from tests.site.reading import addresses

ROOT = Path(__file__).parents[2]
# The first has no windows to draw, and is quicker by a quarter.
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable",
)  # fmt: skip
# The last one: no other host can be reached, whatever a page tries.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


# What a browser says of a machine that is busy: a font came, and was put to use seconds later.
LATE = "was preloaded using link preload but not used within a few seconds"
# Each page's worker would make the search's index anew; other tests search.
NO_SEARCH = "window.Worker = class extends EventTarget { postMessage() {} }"


@functools.cache
def built() -> Path:
    """The folder of the built site, its link resolved: a build meanwhile does not move it."""
    if not (ROOT / "site" / "index.html").is_file():
        subprocess.run(["make", "site"], cwd=ROOT, check=True)
    return (ROOT / "site").resolve()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes an `address` for each page of the site."""
    if "address" in metafunc.fixturenames:
        found = addresses(built())
        metafunc.parametrize("address", found, ids=[address or "home" for address in found])


@pytest.fixture(scope="session")
def site() -> Path:
    return built()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes the browser, so that it can be left out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host: files below a prefix, 404.html for all else, and no folder listings."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        below = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "outside"
        return super().translate_path(f"/{below}")

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextmanager
def served(folder: Path, prefix: str) -> Iterator[str]:
    """Serve the folder below the prefix; the value is its address."""
    handler = functools.partial(Host, directory=str(folder), prefix=prefix)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
        server.shutdown()


@pytest.fixture(scope="session")
def root(site: Path) -> Iterator[str]:
    """The site at the root of a host."""
    with served(site, "/") as base:
        yield base


@pytest.fixture(scope="session")
def below(site: Path) -> Iterator[str]:
    """The same site under a sub-path, with nothing beside it."""
    with served(site, "/some/where/") as base:
        yield base


def executable(playwright: Playwright) -> str:
    """The browser to test with: CHROMIUM, else an installed one, else Playwright's own."""
    places = [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]
    places.append(playwright.chromium.executable_path)
    found = next((place for place in places if place and Path(place).is_file()), None)
    return found or pytest.fail("no Chromium or Chrome found: run “make browser”", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(playwright), args=list(FLAGS)
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and all that went wrong with it."""

    page: Page
    host: str
    problems: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def listen(self) -> None:
        """Record other hosts asked, failed requests, errors of scripts, console messages."""
        for event, heard in self._heard.items():
            self.page.on(event, heard)

    def leave(self) -> None:
        """Record nothing any more."""
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)

    @functools.cached_property
    def _heard(self) -> dict[Any, Callable[[Any], None]]:
        return {
            "request": self._asked,
            "response": self._answered,
            "requestfailed": lambda request: self._note("no answer", request.url),
            "pageerror": lambda error: self._note("error", str(error)),
            "console": self._said,
        }

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != self.host:
            self._note("another host", request.url)

    def _answered(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self._note(str(response.status), response.url)

    def _said(self, message: ConsoleMessage) -> None:
        if LATE not in message.text:
            self._note(message.type, message.text)

    def _note(self, kind: str, text: str) -> None:
        self.problems.append(f"{kind}: {text}")


@pytest.fixture(scope="session")
def search(browser: Browser, root: str) -> Iterator[Page]:
    """The home page with its search open; `searching` asks it."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(root)
    page.keyboard.press("/")
    yield page
    page.close()


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open an address in a fresh context with these options, and wait until it is complete."""
    with ExitStack() as contexts:

        def opened(url: str, **options: Any) -> Visit:
            context = browser.new_context(reduced_motion="reduce", **options)
            contexts.callback(context.close)
            return _visited(context.new_page(), url, options.get("java_script_enabled", True))

        yield opened


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[Page]:
    """A reader who goes from page to page, and whose browser keeps what all pages share."""
    context = browser.new_context(reduced_motion="reduce", color_scheme="light")
    context.add_init_script(NO_SEARCH)
    yield context.new_page()
    context.close()


@pytest.fixture
def read_on(reader: Page) -> Iterator[Open]:
    """Open an address as a reader who comes from another page, and chose nothing."""
    visits = []
    size = reader.viewport_size

    def opened(url: str) -> Visit:
        visits.append(_visited(reader, url))
        return visits[-1]

    yield opened
    for visit in visits:
        visit.leave()
    reader.evaluate("localStorage.clear()")
    reader.emulate_media(color_scheme="light")
    assert size
    reader.set_viewport_size(size)


def _visited(page: Page, url: str, scripts: bool = True) -> Visit:
    visit = Visit(page, urlsplit(url).netloc)
    visit.listen()
    page.goto(url, wait_until="load")
    if scripts:
        page.evaluate("document.fonts.ready.then(() => new Promise(r => setTimeout(r, 60)))")
    return visit
