"""Tags inside a sentence: values, citations, and what a claim asserts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from explainers.site.blocks import BlockTags
from explainers.site.computed import TAG, Artefacts, TagError, conditional, formatted, look_up
from explainers.site.elements import element, emphasised, inside, link, named, words
from explainers.sources import SOURCES

_VALUE = re.compile(
    r"(?P<claim>[a-z0-9-]+)\.(?P<value>\w+)(?:\.(?P<end>low|high))?(?::(?P<format>[^\s]+))?"
)


class InlineTags(InlineProcessor):
    """Values and citations, inside a sentence."""

    def __init__(self, artefacts: Artefacts, md: Markdown) -> None:
        super().__init__(TAG, md)
        self.artefacts = artefacts

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        """Replace one tag."""
        return self.replaced(m[1]), m.start(0), m.end(0)

    def replaced(self, tag: str) -> Element:
        """The element that a tag stands for."""
        kind, _, wanted = tag.partition(" ")
        if kind == "cite" and wanted:
            source = look_up("source", SOURCES, wanted, tag)
            return link(source.short, f"references.md#{wanted}", "cite")
        if kind == "says" and wanted:
            return self.says(wanted, tag)
        if match := _VALUE.fullmatch(tag):
            return self.value(tag, **match.groupdict())
        if kind in BlockTags.KINDS:
            raise TagError(f"{{{{ {tag} }}}}: must stand alone, between empty lines")
        raise TagError(f"{{{{ {tag} }}}}: unknown tag; see explainers.site.extension")

    def says(self, wanted: str, tag: str) -> Element:
        """A claim's judged sentence, or its numbers, with its condition, as a link to it."""
        id, _, length = wanted.partition(" ")
        claim = look_up("claim", self.artefacts.claims, id, tag)
        if length not in ("", "long"):
            raise TagError(f"{{{{ {tag} }}}}: says takes an id, and “long” at most")
        if claim["verdict"] not in ("holds", "holds on condition"):
            what = claim["verdict"] or "is a fact, and asserts nothing"
            raise TagError(f"{{{{ {tag} }}}}: nothing to quote: {id} {what}")
        said = claim["statement"] if length else claim["says"]
        quoted = emphasised(element("span", "says", **{"data-claim": id}), conditional(said, claim))
        why = link("why", f"claims/{id}.md", "says__why")
        return inside(quoted, named(why, f"why: {claim['question']}"))

    def value(
        self, tag: str, claim: str, value: str, end: str | None, format: str | None
    ) -> Element:
        """A value with its full precision and its claim beside the text."""
        record = look_up("claim", self.artefacts.claims, claim, tag)
        known = look_up(f"value of {claim}", _settings_of(record) | record["values"], value, tag)
        number = look_up(f"end of {claim}.{value}", known, end or "value", tag)
        return element(
            "data",
            "value",
            formatted(number, format, tag),
            **{
                "value": repr(number),
                "title": words(f"{known['meaning']} ({_settings(record)})"),
                "data-claim": claim,
            },
        )


def _settings_of(claim: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a claim is set to on its page, by name, each as a value."""
    return {
        p["name"]: {"value": p["default"], "meaning": p["meaning"]} for p in claim["parameters"]
    }


def _settings(claim: Mapping[str, Any]) -> str:
    """The function that computes a claim's numbers, and the settings on the page."""
    settings = "".join(f", {p['name']} = {p['default']}" for p in claim["parameters"])
    return f"{claim['code'].removeprefix('explainers.')}{settings}"
