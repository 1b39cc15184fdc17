"""What the head of each page tells machines: who, what, when, which edition, and where it stays.

All is made here, ready to print: the theme's templates compute nothing, so that any engine can read
them. A head is flat data, each entry plain text but for ``linked_data``, which is JSON-LD.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from explainers import project
from explainers.catalogue import CHAPTERS
from explainers.edition import AUTHORS, DESCRIPTION, LICENCE, SITE, Edition
from explainers.errors import BuildError

Record = Mapping[str, Any]
Data = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page, as its head describes it.

    Attributes
    ----------
    path
        Its address, from the site's root.
    title, description, alt
        In plain text; the last says what its preview shows.
    preview
        The page that its preview is of: all that have none of their own show the home page's.
    article
        Whether it is a claim, a figure or a chapter, rather than a page about them.
    about
        What it adds to the JSON-LD of every page.
    """

    path: str
    title: str
    description: str
    alt: str = ""
    preview: str = "index"
    article: bool = False
    about: Data | None = None


def of_pages(
    root: Path,
    made: Mapping[str, bytes],
    claims: Sequence[Record],
    figures: Sequence[Record],
    edition: Edition,
) -> dict[str, dict[str, str]]:
    """The heads of all pages, by their addresses.

    Parameters
    ----------
    root
        The project's folder, with the pages that people write, and the notebooks.
    made
        The pages that are gathered from all chapters, by path under docs/.
    claims, figures
        The records of those that have a page each.
    edition
        Which edition of the site the pages are.
    """
    places = sorted([*root.glob("docs/*.md"), *root.glob("docs/reference/*.md")])
    names = [path.relative_to(root).as_posix() for path in places]
    written = {name.removeprefix("docs/"): project.text(root, name) for name in names}
    texts = written | {name: text.decode() for name, text in made.items()}
    pages = [
        *(_of_text(name, texts[name], claims, edition) for name in sorted(texts)),
        *(_of_notebook(path) for path in sorted(root.glob("docs/notebooks/*.py"))),
        *(_of_claim(claim, edition) for claim in claims),
        *(_of_figure(figure, edition) for figure in figures),
    ]
    return {edition.address + page.path: _head(page, edition) for page in pages}


def _of_text(name: str, text: str, claims: Sequence[Record], edition: Edition) -> Page:
    """A page with its title and its description on top."""
    try:
        front, body = _front_matter(text)
    except yaml.YAMLError as error:
        raise BuildError(f"docs/{name}: its front matter is no YAML: {error}") from None
    stem = name.removesuffix(".md").removesuffix("index").rstrip("/")
    page = Page(
        path=f"{stem}/" if stem else "",
        title=front.get("title") or _heading(body) or stem,
        description=front.get("description") or DESCRIPTION,
    )
    if stem not in {chapter.id for chapter in CHAPTERS}:
        return page
    parts = [_claim(claim, edition) for claim in claims if claim["chapter"] == stem]
    return replace(page, preview=stem, article=True, about={"hasPart": parts})


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """A page's data and its text; like all that a theme prints, titles there are HTML."""
    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if match is None:
        return {}, text
    data = yaml.safe_load(match[1]) or {}
    return {k: html.unescape(v) for k, v in data.items() if isinstance(v, str)}, text[match.end() :]


def _heading(body: str) -> str:
    match = re.search(r"^# (.+?)(?: *\{.*\})?$", body, re.MULTILINE)
    return match[1] if match else ""


def _of_notebook(path: Path) -> Page:
    text = "".join(re.findall(r"^# (#.*\n)", path.read_text(encoding="utf-8"), re.MULTILINE))
    return Page(f"notebooks/{path.stem}/", _heading(text) or path.stem, DESCRIPTION)


def _of_claim(claim: Record, edition: Edition) -> Page:
    return Page(
        path=claim["url"],
        title=claim["question"],
        description=claim["answer"],
        alt=f"{(claim['verdict'] or 'A fact').capitalize()}: {claim['answer']}",
        preview=f"claims/{claim['id']}",
        article=True,
        about={"mainEntity": _claim(claim, edition)},
    )


def _of_figure(figure: Record, edition: Edition) -> Page:
    picture = {
        "@type": "ImageObject",
        "name": figure["title"],
        "description": figure["alt"],
        "contentUrl": f"{edition.address}{figure['url']}{figure['id']}-light.png",
        "license": LICENCE,
        "creditText": AUTHORS,
        "isBasedOn": _code(figure["code"]),
    }
    return Page(
        path=figure["url"],
        title=figure["title"],
        description=figure["alt"],
        alt=figure["alt"],
        preview=f"figures/{figure['id']}",
        article=True,
        about={"mainEntity": picture},
    )


def _claim(claim: Record, edition: Edition) -> Data:
    """The claim in schema.org's words, with its code and its test."""
    url = f"{edition.address}{claim['url']}"
    return {
        "@type": "Claim",
        "@id": f"{url}#claim-{claim['id']}",
        "url": url,
        "name": claim["question"],
        "text": claim["answer"],
        "author": _ORGANIZATION,
        "isBasedOn": [_code(claim["code"]), _code(claim["test"])],
    }


_ORGANIZATION = {"@type": "Organization", "name": AUTHORS}


def _code(name: str) -> Data:
    return {"@type": "SoftwareSourceCode", "name": name, "programmingLanguage": "Python"}


def _head(page: Page, edition: Edition) -> dict[str, str]:
    preview = f"{edition.address}previews/{page.preview}.png"
    return {
        "title": page.title,
        "description": page.description,
        "alt": page.alt or f"{page.title}: {page.description}",
        "preview": preview,
        "linked_data": _in_html(_linked_data(page, preview, edition)),
    }


def _linked_data(page: Page, preview: str, edition: Edition) -> Data:
    url = edition.address + page.path
    return {
        "@context": "https://schema.org",
        "@type": [*(["TechArticle"] if page.article else []), "LearningResource"],
        "@id": url,
        "url": url,
        "headline": page.title,
        "description": page.description,
        "inLanguage": "en",
        "author": _ORGANIZATION,
        "publisher": _ORGANIZATION,
        "isPartOf": {"@type": "WebSite", "name": SITE, "url": edition.address},
        "datePublished": edition.date,
        "version": edition.version,
        "license": LICENCE,
        "image": preview,
        "isAccessibleForFree": True,
        "learningResourceType": "explanation",
        "educationalLevel": "undergraduate",
        "about": {"@type": "Thing", "name": "Pooling in convolutional neural networks"},
        **(page.about or {}),
    }


def _in_html(data: Data) -> str:
    r"""JSON that nothing in it can end early.

    >>> _in_html({"name": "</script><b>&"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text)
