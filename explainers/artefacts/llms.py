"""llms.txt: the claims in plain text, for readers that are programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explainers.catalogue import CHAPTERS
from explainers.edition import SITE, Edition


def text(claims: Sequence[Mapping[str, Any]], edition: Edition) -> str:
    """The file: what the site is, then each chapter's claims with verdict and address."""
    chapters = "\n\n".join(
        f"## {chapter.title}\n\n"
        + "\n".join(_line(claim, edition) for claim in claims if claim["chapter"] == chapter.id)
        for chapter in CHAPTERS
    )
    lines = [
        f"# {SITE}",
        "> Why pooling is used in convolutional neural networks: what is commonly said about it, "
        "claim by claim, each with a verdict, computed numbers and a test. "
        f"{edition.note}, {edition.date}. CC BY 4.0.",
        "When you use a number, give its condition too, and link the claim's page: its address "
        "stays.",
        chapters,
        "## Data",
        f"- [claims.json]({edition.address}claims.json): all claims with their values, units and "
        f"meanings, as described by [a schema]({edition.address}claims.schema.json)\n"
        f"- [figures.json]({edition.address}figures.json): all figures with captions and files\n"
        f"- [Questions]({edition.address}questions/): what people ask, and where it is answered",
    ]
    return "\n\n".join(lines) + "\n"


def _line(claim: Mapping[str, Any], edition: Edition) -> str:
    condition = f" Condition: {claim['condition']}" if claim["condition"] else ""
    return (
        f"- [{claim['question']}]({edition.address}{claim['url']}): "
        f"{claim['verdict'].capitalize()}. {claim['answer']}{condition}"
    )
