"""A figure as files: SVG and PNG in light and dark, its data, its record and its page."""

from __future__ import annotations

import inspect
import json
import textwrap
from typing import Any

from explainers import rendering, style
from explainers.artefacts.job import Files, Job
from explainers.records import Chapter, Figure
from explainers.rendering import Drawing


def make(job: Job) -> Files:
    """Draw the figure and write its page."""
    chapter, name = job.chapter, job.name
    figure = chapter.figure(name)
    drawings = {theme: rendering.draw(figure, theme) for theme in style.PALETTE}
    folder = f"figures/{name}"
    files = {f"{folder}/{name}-{t}.svg": rendering.svg(drawn) for t, drawn in drawings.items()}
    files |= {f"{folder}/{name}-{t}.png": rendering.png(drawn) for t, drawn in drawings.items()}
    light = drawings["light"]
    files[f"{folder}/{name}.csv"] = rendering.table(light)
    files[f"{folder}/inline.svg"] = rendering.inline_svg(light).encode()
    record = as_record(chapter, figure, light)
    files[f"{folder}/figure.json"] = json.dumps(record, indent=2, ensure_ascii=False).encode()
    files[f"figures/{name}.md"] = page(chapter, figure, light.alt).encode()
    return files


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
        "files": sorted([*pictures, f"{figure.id}.csv"]),
    }


def page(chapter: Chapter, figure: Figure, alt: str) -> str:
    """The Markdown page of a figure."""
    id = figure.id
    links = " · ".join(
        f"[{label}]({id}/{id}{suffix})"
        for label, suffix in [
            ("SVG, light", "-light.svg"),
            ("SVG, dark", "-dark.svg"),
            ("PNG, light", "-light.png"),
            ("PNG, dark", "-dark.png"),
            ("data as CSV", ".csv"),
        ]
    )
    example = next((f" --set {p.name}={_text(p.default)}" for p in figure.parameters.values()), "")
    code = textwrap.dedent(inspect.getsource(figure.draw))
    return f"""---
title: {json.dumps(figure.title, ensure_ascii=False)}
description: {json.dumps(alt, ensure_ascii=False)}
chapter: {chapter.id}
search: {{boost: 0.5}}
figure: {id}
alt: {json.dumps(alt, ensure_ascii=False)}
code: {figure.draw.__module__}.{figure.draw.__name__}
---

# {figure.title} {{#top}}

{{{{ figure {id} }}}}

From the chapter [{chapter.title}](../{chapter.id}.md). You may use it under CC BY 4.0.

## Copy for an answer {{#cite data-search-exclude}}

{{{{ copy figures/{id} }}}}

## Files {{#files data-search-exclude}}

These addresses stay: link to them, or show the pictures from them.

{links}

## What it shows, in words {{#in-words}}

{alt}

## Parameters {{#parameters data-search-exclude}}

{_parameters(figure)}

## Draw it yourself {{#draw data-search-exclude}}

```console
$ explainers figures draw {id}{example} -o {id}.svg
```

## Its code {{#code data-search-exclude}}

```python
{code}```
"""


def _parameters(figure: Figure) -> str:
    if not figure.parameters:
        return "None: it shows one thing."
    rows = [
        f"| `{p.name}` | `{_text(p.default)}` | {p.kind.allowed} | {p.kind.meaning} |"
        for p in figure.parameters.values()
    ]
    head = "| name | default | allowed | meaning |\n|---|---|---|---|\n"
    return head + "\n".join(rows)


def _text(default: object) -> str:
    """A default as the command line takes it."""
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
