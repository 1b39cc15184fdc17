"""What may be wrong in one chapter, found in a moment: python -m tools.check CHAPTER [JOBS].

Style and types of all; the chapter's tests, and its part of those that go through all chapters;
its pages, as a build brings them up to date. What needs a browser or long is left to `make test`.
"""

from __future__ import annotations

import subprocess
import sys
import time

from explainers import catalogue
from explainers.chapter import Chapter
from explainers.lookup import UnknownIdError

# Tests that go through all chapters: an id in a test's name says whose it is.
SHARED = (
    *(f"tests/test_{name}.py" for name in ("answers", "contrast", "figure_labels", "figures")),
    *(f"tests/test_{name}.py" for name in ("citing", "questions", "sources", "sweep")),
    *(f"tests/artefacts/test_{name}.py" for name in ("previews", "published")),
    *(f"tests/site/test_{name}.py" for name in ("chapters", "judgement", "names")),
    *(f"tests/site/test_{name}.py" for name in ("navigation", "pages", "questions")),
)


def main(arguments: list[str]) -> int:
    """Run each step; the first that fails ends it, and its exit code is the command's."""
    named, jobs = (*arguments, "2")[:2] if arguments else ("", "2")
    try:
        steps = commands(catalogue.chapter(named), jobs)
    except UnknownIdError:
        allowed = ", ".join(chapter.id for chapter in catalogue.CHAPTERS)
        print(f"check: CHAPTER must be one of {allowed}; got {named!r}", file=sys.stderr)
        return 2
    for what, module, *options in steps:
        print(f"· {what}", flush=True)
        start = time.monotonic()
        done = subprocess.run([sys.executable, "-m", module, *options], check=False)
        if done.returncode:
            return done.returncode
        print(f"  done in {time.monotonic() - start:.0f} s", flush=True)
    return 0


def commands(chapter: Chapter, jobs: str) -> list[list[str]]:
    """Each step: what it is, and the Python module with its options."""
    own = (f"tests/{chapter.id}", f"explainers/{chapter.id}", f"docs/{chapter.id}.md")
    ids = (chapter.id, *(each.id for each in (*chapter.claims, *chapter.figures)))
    chosen = ("-k", " or ".join(ids), "-m", "not slow and not browser")
    spread = ("-n", jobs, "--dist", "loadfile")  # a file computes a claim once, for all its tests
    return [
        ["style", "ruff", "check", "."],
        ["layout", "ruff", "format", "--check", "."],
        ["types", "mypy"],
        ["pages", "explainers", "build", "--jobs", jobs],
        ["tests", "pytest", "-q", *spread, *own, *SHARED, *chosen],
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
