"""While you write: what is saved is on screen in a moment, and in a pause the whole site."""

from __future__ import annotations

import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainers.builder.serve import Changes, News, shown
from tests.builder.projects import ROOT, Project, until


def test_a_page_shows_its_figures_and_the_claims_of_its_numbers(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        "{{ figure one }}\n\n{{ claim two }} and {{ three.share:.1% }}\n\n"
        "{{ copy claims/four }}\n\n{{ cite five }} {{ verdicts }}"
    )
    assert set(shown(tmp_path, "a.md")) == {"one", "two", "three", "four"}
    assert shown(tmp_path, "notebooks/cost.ipynb") == ["notebooks/cost"]
    assert shown(tmp_path, "gone.md") == []
    assert shown(tmp_path, "claims/new.md") == ["claims/new"]
    assert shown(tmp_path, "claims/index.md") == []


def test_news_wake_all_who_wait() -> None:
    news, versions = News(), []
    waiting = [threading.Thread(target=lambda: versions.append(news.after(0))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    news.publish()
    for thread in waiting:
        thread.join(5)
    assert versions == [1, 1, 1]
    assert news.after(1, seconds=0.05) == 1


def test_what_builds_and_editors_write_is_no_change(tmp_path: Path) -> None:
    from watchdog.events import FileModifiedEvent

    changes = Changes(tmp_path)
    for name in (
        "docs/claims/a.md",
        "docs/nav.yml",
        "site",
        "docs/.a.md.swp",
        "explainers/__pycache__/a.pyc",
    ):
        changes.on_any_event(FileModifiedEvent(str(tmp_path / name)))
    assert changes.wait(0.01) == set()
    changes.on_any_event(FileModifiedEvent(str(tmp_path / "docs/a.md")))
    assert changes.wait(1) == {"docs/a.md"}
    assert changes.wait(0.01) == set()


class Browser:
    """A reader with one page open."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, page: str) -> str:
        try:
            with urllib.request.urlopen(self.address + page, timeout=60) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            content = error.read()
        return content.decode()

    def sees(self, page: str, text: str, seconds: float = 90) -> float:
        """Wait for news until the page says it; return how long that took."""
        start = time.monotonic()
        while text not in self.get(page):
            assert time.monotonic() - start < seconds
            self.get(f"~news/{self.get('~news/x')}")
        return time.monotonic() - start


@pytest.fixture
def served(built: Project) -> Iterator[tuple[Project, Browser, list[str]]]:
    process = built.start("serve", "--port", "0")
    said: list[str] = []
    assert process.stderr is not None
    reading = threading.Thread(target=lambda: said.extend(iter(process.stderr.readline, "")))  # type: ignore[union-attr]
    reading.start()
    until(lambda: said, 60)
    yield built, Browser(said[0].split()[0]), said
    process.send_signal(signal.SIGINT)
    process.wait(20)
    reading.join(20)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()


def test_what_is_saved_is_seen(served: tuple[Project, Browser, list[str]]) -> None:
    project, browser, said = served
    assert "At one it is" in browser.get("alpha/")
    project.edit("docs/alpha.md", "At one", "At the number one")
    first = browser.sees("alpha/", "At the number one")
    project.edit("docs/alpha.md", "At the number one", "At 1")
    again = browser.sees("alpha/", "At 1 it is")
    # The first has to load the renderer.
    assert min(first, again) < 3
    project.edit("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5")
    browser.sees("alpha/", ' value="2.5">')
    assert not any("whole site is up to date" in line for line in said)  # that page first
    until(lambda: any("whole site is up to date" in line for line in said), 90)
    assert "2.5" in browser.get("figures/alpha-line/")
    assert "2.5" in (project.root / "site" / "figures" / "alpha-line" / "index.html").read_text()
    project.edit("docs/alpha.md", "# alpha", "# alpha\n\n{{ nonsense }}")
    until(lambda: any("docs/alpha.md: " in line and "nonsense" in line for line in said), 60)
    project.edit("docs/alpha.md", "{{ nonsense }}", "sense")
    browser.sees("alpha/", "sense")


def test_a_new_claim_comes_to_its_page(served: tuple[Project, Browser, list[str]]) -> None:
    """One function, one snippet, one test: and whoever waits at its address sees it."""
    project, browser, _ = served
    assert "Not there yet" in browser.get("claims/alpha-starts/")
    project.edit(
        "tests/alpha/test_claims.py", "def test", "def test_alpha_starts() -> None: ...\n\ndef test"
    )
    snippet = project.root / "explainers/alpha/snippets/alpha-starts.py"
    snippet.write_text('print(f"{2.0 * 0:.1f}")\n')
    claims = (project.root / "explainers/alpha/claims.py").read_text()
    old = claims[claims.index("@claim") : claims.index("CLAIMS")]
    new = old.replace("alpha_rises", "alpha_starts").replace(
        "Does it rise?", "Where does it start?"
    )
    project.edit("explainers/alpha/claims.py", old, old + new)
    project.edit("explainers/alpha/claims.py", "CLAIMS = (", "CLAIMS = (alpha_starts, ")
    assert browser.sees("claims/alpha-starts/", "Where does it start?") < 5
    assert "test_alpha_starts" in browser.get("claims/alpha-starts/")


def test_the_address_of_news_is_no_page() -> None:
    assert not (ROOT / "docs" / "~news").exists()
