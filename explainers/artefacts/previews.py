"""The picture that stands for a page where its link is pasted: its figure with its number.

A card is made of other artefacts: the record of a claim, the record and the picture of a figure.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from explainers.artefacts.cards import Card, layout, paint, png
from explainers.artefacts.job import BARE, Files, Job
from explainers.artefacts.tags import SAYS, VALUE
from explainers.claim import Claim, Value
from explainers.records import Figure, fill
from explainers.wording import sentences, written

_RECORD = {"claims": "claim.json", "figures": "figure.json"}
_OF_ITSELF = {"probability", "share", "count", "ratio"}  # units that need no word


def make(job: Job) -> Files:
    """Compose the card of a claim, of a figure, or of a page."""
    name, needs = job.name, job.needs
    kind, _, id = name.rpartition("/")
    folders = {need: entry / need for need, entry in needs.items()}
    records = {
        need: json.loads((folder / _RECORD[need.partition("/")[0]]).read_text(encoding="utf-8"))
        for need, folder in folders.items()
    }
    shown = next(need for need in needs if need.startswith("figures/"))
    if kind == "claims":
        card = claim_card(job.chapter.claim(id), records[name])
    elif kind == "figures":
        card = figure_card(job.chapter.figure(id), records[name])
    else:
        card = page_card(id, (job.root / "docs" / f"{id}.md").read_text(encoding="utf-8"), records)
    picture = _opened(folders[shown] / BARE)
    parts = layout(replace(card, credit=credit(records[shown])), picture.size)
    return {f"previews/{name}.png": png(paint(parts, picture))}


@lru_cache(maxsize=32)
def _opened(path: Path) -> Image.Image:
    """A figure's picture: several claims may show the same."""
    return Image.open(path).convert("RGB")


# ---- What is said ----


def claim_card(claim: Claim, record: Mapping[str, Any]) -> Card:
    """A claim's question, verdict and number."""
    condition = _capitalised(plain(record["condition"]))
    return Card(
        plain(claim.question), claim.id, record["verdict"], condition, *number(claim, record)
    )


def figure_card(figure: Figure, record: Mapping[str, Any]) -> Card:
    """A figure's title, and its caption up to the first number computed."""
    told = sentences(plain(record["caption"]))
    computed = [
        bool(_placeholders(sentence) - set(figure.parameters))
        for sentence in sentences(plain(figure.caption))
    ]
    first = computed.index(True) if any(computed) else 0
    texts = " ".join(told[: first + 1]), told[first]
    return Card(plain(figure.title), figure.id, texts=texts)


def page_card(id: str, page: str, records: Mapping[str, Mapping[str, Any]]) -> Card:
    """A page's question, and its answer up to the first number."""
    heading = re.search(r"^# (.+?)(?: \{#.*\})?$", page, re.MULTILINE)
    if heading is None:
        raise ValueError(f"docs/{id}.md has no heading")
    blocks = (" ".join(block.split()) for block in page[heading.end() :].split("\n\n"))
    answer = next((block for block in blocks if block and block[0] not in "<{#"), "")
    told = sentences(plain(answer))
    numbered = [VALUE.search(sentence) is not None for sentence in told]
    first = numbered.index(True) if any(numbered) else 0
    texts = " ".join(told[: first + 1]), told[0]
    name = "" if id == "index" else id
    return Card(plain(heading[1]), name, texts=tuple(_filled(text, records) for text in texts))


def number(claim: Claim, record: Mapping[str, Any]) -> tuple[str, str]:
    """The first number that the claim's snippet prints, as its answer has it, and what it is."""
    name = claim.prints[0]
    value = Value(**record["values"][name])
    parsed = string.Formatter().parse(claim.answer)
    form = next(form for _, placed, form, _ in parsed if placed == name)
    unit = "" if value.unit in _OF_ITSELF else f" ({value.unit})"
    return fill(f"{{{name}:{form or ''}}}", {name: value}), plain(value.meaning) + unit


def credit(figure: Mapping[str, Any]) -> str:
    """Whose photograph a figure shows, as its caption says."""
    found = re.search(r"\((photograph: [^)]+)\)", figure["caption"])
    return _capitalised(found[1]) if found else ""


def plain(text: str) -> str:
    """A text without its Markdown.

    >>> plain("the *or* of a [window](glossary.md#window)")
    'the or of a window'
    """
    return re.sub(r"[*`$]", "", re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text))


def conditional(claim: Mapping[str, Any]) -> str:
    """What a claim asserts, with its condition."""
    if not claim["condition"]:
        return plain(claim["says"])
    return plain(f"{claim['says'].removesuffix('.')}, if {claim['condition'].removesuffix('.')}.")


def _filled(text: str, records: Mapping[str, Mapping[str, Any]]) -> str:
    """A page's text with its numbers, and with what it quotes."""

    def said(tag: re.Match[str]) -> str:
        return conditional(records[f"claims/{tag['claim']}"]).rstrip()

    def shown(tag: re.Match[str]) -> str:
        value = records[f"claims/{tag['claim']}"]["values"][tag["value"]]["value"]
        return written(value, tag["format"])

    return VALUE.sub(shown, SAYS.sub(said, text))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
