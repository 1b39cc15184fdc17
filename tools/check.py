"""What may be wrong in one chapter, found soon: python -m tools.check CHAPTER [JOBS] [ONLY].

Style and types of all; the chapter's tests, and its part of those that go through all chapters;
its pages, as a build brings them up to date. What needs a browser or long is left to `make test`.
With ONLY, the id of a claim or a figure, the tests of that alone.
"""

from __future__ import annotations

import subprocess
import sys
import time

from explainers import catalogue
from explainers.chapter import Chapter
from explainers.lookup import UnknownIdError, find

# Tests that go through all chapters: an id in a test's name says whose it is.
SHARED = (
    *(f"tests/test_{name}.py" for name in ("answers", "contrast", "figure_labels", "figures")),
    *(f"tests/test_{name}.py" for name in ("citing", "questions", "sources", "sweep")),
    *(f"tests/artefacts/test_{name}.py" for name in ("previews", "published")),
    *(f"tests/site/test_{name}.py" for name in ("chapters", "judgement", "names")),
    *(f"tests/site/test_{name}.py" for name in ("navigation", "pages", "questions")),
)


CURES = {"style": ".venv/bin/ruff check --fix .", "layout": ".venv/bin/ruff format ."}


def main(arguments: list[str]) -> int:
    """Run each step; the first that fails ends it, and its exit code is the command's."""
    named, jobs, only = (*arguments, *("", "2", "")[len(arguments) :])[:3]
    try:
        steps = commands(catalogue.chapter(named), jobs, only)
    except UnknownIdError as error:
        allowed = ", ".join(chapter.id for chapter in catalogue.CHAPTERS)
        wrong = f"CHAPTER must be one of {allowed}; got {named!r}"
        if named in allowed.split(", "):
            wrong = f"ONLY must be a claim or a figure of {named}: {error}"
        print(f"check: {wrong}", file=sys.stderr)
        return 2
    for what, module, *options in steps:
        print(f"· {what}", flush=True)
        start = time.monotonic()
        done = subprocess.run([sys.executable, "-m", module, *options], check=False)
        if done.returncode:
            if what in CURES:
                print(f"  to mend it: {CURES[what]}", file=sys.stderr)
            return done.returncode
        print(f"  done in {time.monotonic() - start:.0f} s", flush=True)
    return 0


def commands(chapter: Chapter, jobs: str, only: str = "") -> list[list[str]]:
    """Each step: what it is, and the Python module with its options."""
    if only:
        find("claim or figure", only, (*chapter.claims, *chapter.figures))
    own = (f"tests/{chapter.id}", f"explainers/{chapter.id}", f"docs/{chapter.id}.md")
    ids = (chapter.id, *(each.id for each in (*chapter.claims, *chapter.figures)))
    chosen = ("-k", " or ".join(ids), "-m", "not slow and not browser")
    if only:
        chosen = ("-k", f"{only} or {only.replace('-', '_')}", "-m", "not browser")
    spread = ("-n", jobs, "--dist", "worksteal")
    return [
        ["style", "ruff", "check", "."],
        ["layout", "ruff", "format", "--check", "."],
        ["types", "mypy"],
        ["pages", "explainers", "build", "--jobs", jobs],
        ["tests", "pytest", "-q", *spread, *own, *SHARED, *chosen],
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
