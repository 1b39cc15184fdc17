"""A figure as files: SVG and PNG in light and dark, PDF, its data, its record and its page."""

from __future__ import annotations

import inspect
import json
import textwrap
from dataclasses import replace
from typing import Any

from explainers import citing
from explainers.artefacts.job import BARE, Files, Job
from explainers.chapter import Chapter
from explainers.drawing import framing, rendering, style
from explainers.drawing.rendering import Drawing
from explainers.edition import SITE
from explainers.kinds import Choice, Whole
from explainers.records import Figure, Parameter


def make(job: Job) -> Files:
    """Draw the figure and write its page."""
    chapter, name = job.chapter, job.name
    figure = chapter.figure(name)
    drawing = figure()
    drawing = replace(drawing, source=source(drawing, job.edition.address))
    record = as_record(chapter, figure, drawing)
    folder = f"figures/{name}"
    files = {
        f"{folder}/{name}.csv": rendering.table(drawing),
        f"{folder}/{name}-light.pdf": rendering.pdf(drawing),
        f"{folder}/inline.svg": rendering.inline_svg(drawing).encode(),
        f"{folder}/figure.json": json.dumps(record, indent=2, ensure_ascii=False).encode(),
        f"figures/{name}.md": page(chapter, figure, drawing.alt).encode(),
    }
    for theme in style.PALETTE:
        picture = rendering.picture(drawing, theme)
        files[f"{folder}/{name}-{theme}.svg"] = rendering.svg(drawing, theme)
        files[f"{folder}/{name}-{theme}.png"] = rendering.png(picture)
        bare = rendering.bare(picture, drawing)
        files[f"{folder}/thumb-{theme}.png"] = rendering.thumbnail(bare)
        if theme == "light":
            files[f"{folder}/{BARE}"] = rendering.png(bare, compression=1)  # nobody loads it
    return files


def source(drawing: Drawing, address: str) -> str:
    """The line in a file of a figure that says where it is from, and whose it is."""
    place = address.partition("://")[2]
    parts = [SITE, f"{place}figures/{drawing.id}/", "CC BY 4.0"]
    if citing.PHOTOGRAPHER in drawing.caption:
        parts.append(citing.CREDIT.removesuffix("."))
    return framing.SEPARATOR.join(parts)


def as_record(chapter: Chapter, figure: Figure, drawing: Drawing) -> dict[str, Any]:
    """The figure as it stands in figures.json, with the texts of a drawing of it."""
    pictures = [f"{figure.id}-{theme}.{kind}" for theme in style.PALETTE for kind in ("svg", "png")]
    return {
        "id": figure.id,
        "chapter": chapter.id,
        "title": figure.title,
        "caption": drawing.caption,
        "alt": drawing.alt,
        "parameters": [
            {
                "name": parameter.name,
                "default": parameter.default,
                "allowed": parameter.kind.allowed,
                "meaning": parameter.kind.meaning,
            }
            for parameter in figure.parameters.values()
        ],
        "code": f"{figure.draw.__module__}.{figure.draw.__name__}",
        "url": f"figures/{figure.id}/",
        "files": sorted([*pictures, f"{figure.id}-light.pdf", f"{figure.id}.csv"]),
    }


def page(chapter: Chapter, figure: Figure, alt: str) -> str:
    """The Markdown page of a figure."""
    from explainers.artefacts import templates  # a reader's package has records, and no pages

    return templates.render(
        "figure.md",
        chapter=chapter,
        figure=figure,
        alt=alt,
        parameters=[(p.name, _text(p.default), p.kind) for p in figure.parameters.values()],
        own=[f"{p.name}={_text(another(p))}" for p in figure.parameters.values()][:1],
        code=textwrap.dedent(inspect.getsource(figure.draw)),
    )


def another(parameter: Parameter) -> Any:
    """A value that a parameter may have, other than its default: near it, as a reader would try.

    >>> another(Parameter("window", Whole(1, 8), 2)), another(Parameter("maps", Whole(2, 500), 60))
    (3, 30)
    """
    kind, default = parameter.kind, parameter.default
    if isinstance(kind, Choice):
        return next(option for option in kind.options if option != default)
    if isinstance(default, tuple):
        return default[::-1]
    if isinstance(kind, Whole):
        near = (default + 1, default - 1) if default < 50 else (default // 2, 2 * default)
    else:
        near = (default / 2, kind.low + 0.25)
    return next(value for value in near if value != default and kind.inside(value))


def _text(default: object) -> str:
    """A default as the command line takes it."""
    several = default if isinstance(default, tuple) else (default,)
    return ",".join(f"{one:g}" if isinstance(one, float) else str(one) for one in several)
