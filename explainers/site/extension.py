r"""The Markdown extension: numbers, claims, figures and maths in pages.

Pages write tags in double braces; code is left alone, and an unknown id fails the build.

=========================  ====================================================================
``{{ claim.value:.1% }}``  a value of a claim, in Python's format language; ``value.low`` and
                           ``value.high`` are the ends of its interval; or a setting of it
``{{ claim.it:words }}``     the same as one says it, with three digits: 15.5 billion
``{{ says ID }}``          what a claim asserts, in a sentence, with its condition
``{{ says ID long }}``     the same with its numbers
``{{ cite source }}``      a link to a source
``{{ claim ID }}``         a claim, with its verdict (on a line of its own, like all below)
``{{ figure ID }}``        a figure with its caption
``{{ thumbnail ID }}``     a small figure that links to its page
``{{ lab PAGE }}``         a page's lab: its first frame, and what its script needs; with a name
                          behind the page, another part that it is given
``{{ table ID }}``         the data that a figure shows, as a table
``{{ copy claims/ID }}``   a claim in the forms that others paste; ``figures/ID``: a figure
``{{ install }}``          how to get the package, of this very edition
``{{ appendix CHAPTER }}`` how to cite a chapter, and the sources that its page cites
``{{ verdicts }}``         the thread's claims decided so far; ``{{ verdicts CHAPTER }}``: by one
``{{ claims CHAPTER }}``   the list of a chapter's claims, each with its number and its verdict
``{{ legend }}``           what the signs of the verdicts mean
``{{ files ID }}``         a figure's files, with their sizes, and the line that credits it
``{{ modules PAGE NAME }}``  the names in a module, each a link to where a page describes it
``{{ arguments NAME }}``   what the arguments of a module's functions may be
``{{ references }}``       the list of all sources
``{{ questions NAME }}``   a group of the questions, with answers; or those that a page answers
``[term](glossary.md#id)`` a link that carries the term's meaning (explainers.site.terms)
``$…$`` and ``$$…$$``      TeX, as MathML; a dollar is written ``\$``
=========================  ====================================================================
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markdown import Extension, Markdown

from explainers.site import terms
from explainers.site.blocks import BlockTags, Page
from explainers.site.computed import Artefacts
from explainers.site.inline import InlineTags
from explainers.site.maths import BlockMaths, InlineMaths


class ExplainersExtension(Extension):
    """Everything above, for ``markdown_extensions`` in mkdocs.yml."""

    def __init__(self, **options: Any) -> None:
        self.config = {"docs": ["docs", "the pages' folder, where the artefacts are"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register after code spans (190) and code blocks (80), before everything else."""
        artefacts = Artefacts(Path(self.getConfig("docs")))
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        md.inlinePatterns.register(InlineMaths(md), "explainers-maths", 187)
        md.inlinePatterns.register(InlineTags(artefacts, md), "explainers-tags", 186)
        md.parser.blockprocessors.register(BlockMaths(md), "explainers-formulas", 78)
        page = Page(md)
        md.preprocessors.register(page, "explainers-page", 1)
        # After the text is parsed (20), before the site builder makes links relative (0).
        md.treeprocessors.register(terms.Meanings(artefacts.docs, md), "explainers-terms", 4)
        md.parser.blockprocessors.register(BlockTags(artefacts, page, md), "explainers-blocks", 77)


def makeExtension(**options: Any) -> ExplainersExtension:  # noqa: N802
    """Return the extension, as Python-Markdown wants it."""
    return ExplainersExtension(**options)
