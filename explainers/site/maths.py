"""TeX in pages, as MathML."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexToMathML

from explainers.site.computed import TagError
from explainers.site.elements import element

_MATHS = LatexToMathML()


class Maths:
    """TeX to MathML; a command that is not known is an error."""

    def __init__(self, md: Markdown) -> None:
        self.md = md

    def placeholder(self, tex: str, *, display: bool) -> str:
        """Convert, and leave a placeholder that later steps do not touch."""
        try:
            mathml = _MATHS.convert_with_local_state(tex, displaystyle=display)
        except Exception as error:
            raise TagError(f"${tex}$: {error}") from None
        return self.md.htmlStash.store(mathml)


class InlineMaths(InlineProcessor):
    """``$…$``."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"(?<![\\$\w])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\w$])", md)
        self.maths = Maths(md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Replace one formula."""
        return self.maths.placeholder(m[1], display=False), m.start(0), m.end(0)


class BlockMaths(BlockProcessor):
    """``$$…$$`` on lines of their own."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser)
        self.maths = Maths(md)

    def test(self, parent: Element, block: str) -> bool:
        """Whether the block is a formula, whole."""
        return re.fullmatch(r"\$\$.+\$\$", block.strip(), re.DOTALL) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Replace the formula."""
        tex = blocks.pop(0).strip().strip("$").strip()
        text = self.maths.placeholder(tex, display=True)
        parent.append(element("div", "formula", text))
