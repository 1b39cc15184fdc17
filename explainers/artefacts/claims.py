"""A claim as files: its record and its page."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explainers import sweep
from explainers.artefacts import listings
from explainers.artefacts.job import Files, Job
from explainers.chapter import Chapter
from explainers.claim import Claim, Fact, Value, Values
from explainers.records import Formula, fill
from explainers.sources import THREAD, source


def make(job: Job) -> Files:
    """Compute the claim's values and write its page."""
    chapter, name = job.chapter, job.name
    claim = chapter.claim(name)
    values = claim.computed()
    record = as_record(chapter, claim, values)
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    return {
        f"claims/{name}/claim.json": text.encode(),
        f"claims/{name}.md": page(chapter, claim, values, record, job.root).encode(),
    }


def as_record(chapter: Chapter, claim: Claim, values: Values) -> dict[str, Any]:
    """The claim as it stands in claims.json."""
    return {
        "id": claim.id,
        "chapter": chapter.id,
        "question": claim.question,
        "examines": claim.examines,
        "kind": "judged" if claim.judged else "fact",
        "verdict": sweep.verdict(claim),
        "condition": fill(claim.condition, values),
        "otherwise": fill(claim.otherwise, values),
        "says": fill(claim.says, values),
        "statement": fill(claim.statement, values),
        "template": claim.statement,
        "answer": fill(claim.answer, values),
        "formula": str(claim.formula),
        "symbols": claim.formula.symbols if isinstance(claim.formula, Formula) else "",
        "snippet": chapter.snippet(claim.id),
        "package": needs_package(chapter.snippet(claim.id)),
        "output": output(chapter.snippet(claim.id)),
        "prints": list(claim.prints),
        "within": claim.within,
        "values": {name: _value(value) for name, value in values.items()},
        "parameters": [
            {
                "name": parameter.name,
                "default": parameter.default,
                "allowed": parameter.kind.allowed,
                "meaning": parameter.kind.meaning,
            }
            for parameter in claim.parameters.values()
        ],
        **_decided(claim),
        "earlier": [asdict(earlier) for earlier in claim.earlier],
        "figure": claim.figure,
        "url": f"claims/{claim.id}/",
        "code": claim.code,
        "test": claim.test,
        "sources": [
            {
                "key": key,
                "reference": source(key).reference,
                "url": source(key).url,
                "doi": source(key).doi,
            }
            for key in claim.sources
        ],
    }


def _value(value: Value) -> dict[str, Any]:
    ends = {} if value.low is None else {"low": value.low, "high": value.high, "over": value.over}
    return {"value": value.value, **ends, "unit": value.unit, "meaning": value.meaning}


def _decided(claim: Claim) -> dict[str, Any]:
    """How the verdict was reached, or by which convention the number counts."""
    if isinstance(claim.kind, Fact):
        return {"convention": claim.kind.convention, "rival": claim.kind.rival}
    return {
        "sweep": sweep.as_record(claim, sweep.recorded(claim)) | {"stale": sweep.is_stale(claim)}
    }


def page(
    chapter: Chapter, claim: Claim, values: Values, record: Mapping[str, Any], root: Path
) -> str:
    """The Markdown page of a claim."""
    from explainers.artefacts import templates  # a reader's package has records, and no pages

    swept = record.get("sweep")
    return templates.render(
        "claim.md",
        chapter=chapter,
        claim=claim,
        record=record,
        swept=swept,
        picture=picture(swept) if swept else "",
        shown=lambda values: ", ".join(map(_short, values)),
        against=_case(swept["asked"], swept["against"]) if swept and swept["against"] else "",
        names=", ".join(claim.parameters),
        values=values,
        examined=_examined(claim),
        code=listings.computing(claim.code),
        test=listings.of_test(root, claim.test),
        sources={key: source(key) for key in claim.sources},
    )


def picture(swept: Mapping[str, Any]) -> str:
    """The answers over the first two ranges, as a table in Markdown; all else is as on the page."""
    names = list(swept["asked"])[:2]
    columns = swept["asked"][names[0]]["values"]
    rows = swept["asked"][names[1]]["values"] if len(names) > 1 else [""]
    down = f"{names[1]} ↓ " if len(names) > 1 else ""
    lines = [
        [f"{down}{names[0]} →", *map(_short, columns)],
        ["---", *[":---:"] * len(columns)],
        *(
            [f"**{_short(row)}**" if down else "", *_cells(swept, row, answers)]
            for row, answers in zip(rows, swept["picture"], strict=True)
        ),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(swept: Mapping[str, Any], row: Any, answers: Sequence[str | None]) -> list[str]:
    """A row of answers; the page's own case is bold, and what makes no sense is a dot."""
    names, page = list(swept["asked"])[:2], swept["page"]
    own = len(names) == 1 or page[names[1]] == row
    columns = swept["asked"][names[0]]["values"]
    return [
        (f"**{answer}**" if own and page[names[0]] == column else answer) if answer else "·"
        for column, answer in zip(columns, answers, strict=True)
    ]


def _case(asked: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """A case in words."""
    settings = (f"{asked[name]['what']}: {_short(v)}" for name, v in found["case"].items())
    return "; ".join(settings)


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def output(snippet: str) -> str:
    r"""What a snippet prints, to the letter.

    >>> output("print(f'{1 / 3:.2f} of all')")
    '0.33 of all\n'
    """
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(snippet, "<snippet>", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


def needs_package(snippet: str) -> bool:
    """Whether a snippet imports this package.

    >>> needs_package("from explainers.flower import photograph")
    True
    """
    return re.search(r"^\s*(from|import) explainers\b", snippet, re.MULTILINE) is not None


def _examined(claim: Claim) -> str:
    if claim.examines in THREAD:
        return f"{{{{ cite thread }}}}, {claim.examines}: “{THREAD[claim.examines]}”"
    return f"{{{{ cite {claim.examines} }}}}."
