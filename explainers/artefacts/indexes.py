"""What is gathered from all chapters: claims.json, figures.json, the indexes, the navigation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from explainers import worksheet
from explainers.artefacts import benchmark, heads, history
from explainers.artefacts.job import Files, Job
from explainers.artefacts.templates import render
from explainers.catalogue import CHAPTERS
from explainers.claim import Ruling
from explainers.edition import (
    AUTHORS,
    DESCRIPTION,
    LICENCE,
    SITE,
    Edition,
    release,
    repository,
)
from explainers.errata import ERRATA
from explainers.ranges import TABLE
from explainers.releasing import releases
from explainers.sources import THREAD

Records = list[dict[str, Any]]
_SEED = 1  # of the worksheet that the site shows


def make(job: Job) -> Files:
    """Gather the records of all artefacts."""
    entries, root, edition = job.needs, job.root, job.edition
    claims = _records(entries, "claims", "claim.json")
    figures = _records(entries, "figures", "figure.json")
    schema = resources.files(__package__).joinpath("claims.schema.json").read_bytes()
    catalogue = {
        "$schema": "claims.schema.json",
        "title": SITE,
        "version": edition.version,
        "edition": asdict(edition),
        "licence": "CC BY 4.0",
        "claims": claims,
        "rulings": [_ruling(r, chapter.id) for chapter in CHAPTERS for r in chapter.rulings],
    }
    records = releases.released(root / releases.FOLDER)
    top = releases.root(edition.address, release())
    pages = {
        "claims/index.md": render("claims.md", chapters=CHAPTERS).encode(),
        "figures/index.md": render("figures.md", chapters=CHAPTERS, figures=figures).encode(),
        "benchmark.md": benchmark.page(root / "tests" / "benchmarks" / "results.json").encode(),
        "changes.md": history.page(records, catalogue, top).encode(),
        "errata.md": render(
            "errata.md",
            errata=ERRATA,
            claims=claims,
            repository=repository(),
            pages={"index", *(chapter.id for chapter in CHAPTERS)},
        ).encode(),
        "ranges.md": render("ranges.md", ranges=list(TABLE.values())).encode(),
        "worksheet.md": render(
            "worksheet.md", seed=_SEED, exercises=worksheet.exercises(_SEED)
        ).encode(),
    }
    llms = render("llms.txt", site=SITE, claims=claims, chapters=CHAPTERS, edition=edition)
    return pages | {
        "claims.json": _json(catalogue),
        "claims.schema.json": schema,
        "figures.json": _json(figures),
        "llms.txt": llms.encode(),
        "nav.yml": _json(
            {
                "site_url": edition.address,
                "site_description": DESCRIPTION,
                "repo_url": repository(),
                "nav": navigation(),
                "extra": _for_templates(edition)
                | {
                    "colab": _in_colab(root / releases.FOLDER, records),
                    "heads": heads.of_pages(root, pages, claims, figures, edition),
                    "beside": beside(claims, figures, edition),
                },
            }
        ),
    }


def _for_templates(edition: Edition) -> dict[str, Any]:
    """What all pages say of the edition; `place` is where the site is on its host."""
    return {
        "edition": asdict(edition)
        | {
            "name": edition.name,
            "authors": AUTHORS,
            "licence": LICENCE,
            "place": urlsplit(edition.address).path,
        },
        "release": release(),
    }


def _in_colab(folder: Path, versions: Iterable[str]) -> dict[str, str]:
    """Where each notebook opens in Colab, by its name: its copy of the newest release on GitHub.

    Colab opens what lies in a repository there: the branch on which `tools/versions` keeps the
    releases.
    """
    source = repository().removesuffix("/").removesuffix(".git")
    version = release() or next(iter(versions), "")
    if not source.startswith("https://github.com/") or not version:
        return {}
    branch = f"{source.replace('github.com', 'colab.research.google.com/github')}/blob/releases"
    kept = (folder / "addresses.txt").read_text(encoding="utf-8").splitlines()
    places = {c.id: f"notebooks/{c.id}/{c.id}.ipynb" for c in CHAPTERS}
    return {id: f"{branch}/{version}/{place}" for id, place in places.items() if place in kept}


def navigation() -> list[dict[str, Any]]:
    """The site's navigation: the chapters in the catalogue's order, and what every site has.

    Each chapter is there once, so that the next page is the next chapter; what belongs to it stands
    below it (`beside`).
    """
    return [
        {"Why pooling?": "index.md"},
        {
            "Chapters": [{chapter.title: f"{chapter.id}.md"} for chapter in CHAPTERS],
        },
        {"Questions": "questions.md"},
        {"Claims": "claims/index.md"},
        {"Figures": "figures/index.md"},
        {
            "Reference": [
                {"For a course": "course.md"},
                {"A worksheet": "worksheet.md"},
                {"Glossary": "glossary.md"},
                {"References": "references.md"},
                {"Python package": "reference.md"},
                {"Speed of the operators": "benchmark.md"},
                {"How this site is made": "how.md"},
                {"What the questions cover": "ranges.md"},
                {"Changes": "changes.md"},
                {"Errata": "errata.md"},
            ]
        },
    ]


def beside(claims: Records, figures: Records, edition: Edition) -> dict[str, Any]:
    """What belongs to each chapter, by the addresses of its page and of its notebook.

    The theme prints it: the first link is the other of the two, and each is its text and where it
    leads, from the site's root.
    """
    found: dict[str, Any] = {}
    for chapter in CHAPTERS:
        page = {"text": "text", "to": f"{chapter.id}/"}
        notebook = {"text": "notebook", "to": f"notebooks/{chapter.id}/"}
        lists = [
            {"text": _counted(records, what, chapter.id), "to": f"{what}s/#{chapter.id}"}
            for what, records in (("figure", figures), ("claim", claims))
        ]
        for own, other in ((page, notebook), (notebook, page)):
            links = [other, *lists]
            found[edition.address + own["to"]] = {"chapter": chapter.title, "links": links}
    return found


def _counted(records: Records, what: str, chapter: str) -> str:
    """How many records a chapter has, in words.

    >>> _counted([{"chapter": "cost"}], "figure", "cost")
    '1 figure'
    """
    number = sum(record["chapter"] == chapter for record in records)
    return f"{number} {what}" + ("s" if number != 1 else "")


def _records(entries: Mapping[str, Path], kind: str, file: str) -> Records:
    """The records of one kind, in the catalogue's order."""
    known = [getattr(chapter, kind) for chapter in CHAPTERS]
    places = [f"{kind}/{record.id}" for records in known for record in records]
    return [
        json.loads((entries[place] / place / file).read_text(encoding="utf-8"))
        for place in places
        if place in entries
    ]


def _ruling(ruling: Ruling, chapter: str) -> dict[str, Any]:
    return {
        "examines": ruling.examines,
        "says": THREAD[ruling.examines],
        "part": ruling.part,
        "verdict": str(ruling.verdict),
        "condition": ruling.condition,
        "chapter": chapter,
        "rests_on": list(ruling.rests_on),
    }


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"
