"""The cards that stand for the pages elsewhere: what they say, where it stands, what is painted."""

from __future__ import annotations

import io
import json
import re
import string
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainers import catalogue
from explainers.artefacts import previews
from explainers.artefacts.cards import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Card,
    Part,
    Picture,
    Text,
    layout,
    paint,
    png,
)
from explainers.artefacts.job import BARE
from explainers.artefacts.tags import FIGURE, SAYS, VALUE
from explainers.claim import Claim, Verdict
from explainers.records import Figure
from tests.builder.projects import ROOT

DOCS = ROOT / "docs"
PAGES = ("index", *(chapter.id for chapter in catalogue.CHAPTERS))
every_claim = pytest.mark.parametrize("claim", catalogue.claims(), ids=lambda claim: claim.id)
every_figure = pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
every_page = pytest.mark.parametrize("page", PAGES)


def record(kind: str, id: str) -> dict[str, Any]:
    path = DOCS / kind / id / f"{kind.removesuffix('s')}.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def picture(figure: str) -> Image.Image:
    return Image.open(DOCS / "figures" / figure / BARE).convert("RGB")


def first_printed(claim: Claim) -> tuple[str, str]:
    """The first number of the snippet, read from the filled answer, and its meaning."""
    content = record("claims", claim.id)
    parsed = list(string.Formatter().parse(claim.answer))
    pattern = "".join(re.escape(text) + "(.+?)" * (name is not None) for text, name, _, _ in parsed)
    filled = re.fullmatch(pattern, content["answer"])
    assert filled is not None
    names = [name for _, name, _, _ in parsed]
    name = claim.prints[0]
    return filled[names.index(name) + 1], previews.plain(content["values"][name]["meaning"])


def of_claim(claim: Claim) -> tuple[Card, str]:
    return previews.claim_card(claim, record("claims", claim.id)), claim.figure


def of_page(page: str) -> tuple[Card, str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    figure = FIGURE.search(text)
    assert figure is not None
    answer = text[: figure.start()]
    tagged = {tag["claim"] for kind in (VALUE, SAYS) for tag in kind.finditer(answer)}
    claims = {f"claims/{id}": record("claims", id) for id in tagged}
    return previews.page_card(page, text, claims), figure["figure"]


def laid_out(card: Card, figure: str) -> list[Part]:
    card = replace(card, credit=previews.credit(record("figures", figure)))
    return layout(card, picture(figure).size)


def texts(parts: list[Part]) -> list[str]:
    return [" ".join(part.lines) for part in parts if isinstance(part, Text)]


def check(parts: list[Part]) -> None:
    """All inside the margins, apart from each other, and large enough to read."""
    for part in parts:
        box = part.box
        assert min(box.width, box.height) > 0
        assert MARGIN <= box.left < box.right <= WIDTH - MARGIN
        assert 48 <= box.top < box.bottom <= HEIGHT - 48
    for one, other in combinations([part.box for part in parts], 2):
        beside = one.right <= other.left or other.right <= one.left
        assert beside or one.bottom <= other.top or other.bottom <= one.top, (one, other)
    sizes = [part.size for part in parts if isinstance(part, Text)]
    assert min(sizes) >= 24
    assert sizes[0] >= 34
    [figure] = [p.box for p in parts if isinstance(p, Picture) and p.shows == "figure"]
    assert figure.width == 720 or figure.height > 280  # as large as there is room


def check_credit(figure: str, said: list[str]) -> None:
    """Whose photograph it is, wherever it is shown."""
    credit = "hotograph: vultilion, CC BY 2.0, adapted"
    assert (credit in record("figures", figure)["caption"]) == (credit in " ".join(said))


@every_claim
def test_a_claims_card_has_its_question_verdict_and_number(claim: Claim) -> None:
    card, figure = of_claim(claim)
    parts = laid_out(card, figure)
    check(parts)
    said = texts(parts)
    assert said[0] == previews.plain(claim.question)
    verdict = record("claims", claim.id)["verdict"]
    assert not verdict or said[1] == verdict.capitalize()
    assert said[-1] == claim.id
    printed, meaning = first_printed(claim)
    assert printed in said
    assert any(text.startswith(meaning) for text in said)
    check_credit(figure, said)


@every_figure
def test_a_figures_card_has_its_title_and_the_first_number_of_its_caption(figure: Figure) -> None:
    content = record("figures", figure.id)
    parts = laid_out(previews.figure_card(figure, content), figure.id)
    check(parts)
    said = texts(parts)
    assert said[0] == previews.plain(figure.title)
    assert said[-1] == figure.id
    assert said[1] in previews.plain(content["caption"])
    assert said[1].endswith((".", "?"))
    check_credit(figure.id, said)


@every_page
def test_a_pages_card_has_its_question_and_the_first_number_of_its_answer(page: str) -> None:
    card, figure = of_page(page)
    parts = laid_out(card, figure)
    check(parts)
    said = texts(parts)
    assert f"\n# {said[0]} " in (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert len(said[1]) > 20
    assert not set("{}[]*") & set(said[1])
    assert (page in said) == (page != "index")


@pytest.mark.parametrize("size", [(1440, 440), (1440, 680), (1440, 1440), (1440, 2400), (700, 500)])
def test_a_figure_keeps_its_proportions(size: tuple[int, int]) -> None:
    card = Card("How?", "how", Verdict.HOLDS, "", "43.0%", "of them")
    [box] = [p.box for p in layout(card, size) if isinstance(p, Picture)][:1]
    assert abs(box.width / box.height - size[0] / size[1]) < 0.01 * size[0] / size[1]
    assert box.width <= 720


def test_what_is_long_is_made_small_then_left_out_then_refused() -> None:
    def sizes(card: Card) -> list[tuple[str, int]]:
        parts = layout(card, (1440, 680))
        return [(" ".join(p.lines), p.size) for p in parts if isinstance(p, Text)]

    short = Card("Why?", "why", Verdict.ON_CONDITION, "It rains.", "1", "drop")
    assert [text for text, _ in sizes(short)] == [
        "Why?",
        "Holds on condition",
        "It rains.",
        "1",
        "drop",
        "Why pooling?",
        "why",
    ]
    long = replace(short, title="Why does it rain? " * 6, condition="It rains. " * 20)
    assert "It rains." not in " ".join(text for text, _ in sizes(long))
    assert sizes(long)[0][1] < sizes(short)[0][1]
    assert dict(sizes(replace(short, number="15,470,264,320")))["15,470,264,320"] < 60
    choice = Card("Why?", "why", texts=("It rains, and " * 40, "It rains."))
    assert sizes(choice)[1] == ("It rains.", 30)
    with pytest.raises(ValueError, match=r"the title .* is too long for a card"):
        sizes(replace(short, title="Why does it rain? " * 20))
    with pytest.raises(ValueError, match=r"'Why\?' says beside its figure is too long for a card"):
        sizes(replace(short, meaning="drops of rain " * 40))


def test_lines_do_not_break_inside_a_formula() -> None:
    card = Card("How?", "how", texts=("Over 4 × 4 windows at d′ = 2 it does. " * 3 + "Yes.",))
    text = next(p for p in layout(card, (1440, 680)) if isinstance(p, Text) and p.size < 32)
    assert len(text.lines) > 3
    assert not [line for line in text.lines if line.strip(" ×=") != line]


@pytest.mark.parametrize("page", ["discarded", "mirages", "index"])
def test_nothing_is_painted_outside_the_boxes(page: str) -> None:
    card, figure = of_page(page)
    card = replace(
        card, verdict=Verdict.ON_CONDITION, number="99.84%", meaning="of jgpqyÅ", texts=("",)
    )
    parts = laid_out(card, figure)
    painted = np.asarray(paint(parts, picture(figure))).copy()
    for part in parts:
        box = part.box
        inside = painted[box.top : box.bottom, box.left : box.right]
        assert (inside != 255).any()
        inside[:] = 255
    assert (painted == 255).all()


def test_the_verdicts_have_signs_of_their_own() -> None:
    card = Card("How?", "how", Verdict.HOLDS)
    pills = []
    for verdict in Verdict:
        parts = layout(replace(card, verdict=verdict), (1440, 680))
        painted = paint(parts, Image.new("RGB", (1440, 680)))
        box = next(p.box for p in parts if isinstance(p, Text) and p.verdict)
        disc = painted.crop((box.left + 18, box.top + 14, box.left + 36, box.top + 32))
        pills.append(np.asarray(disc.convert("L")).mean(0))
    full, half, empty = pills
    assert full.mean() > half.mean() > empty.mean()
    assert half[:9].mean() > half[9:].mean() + 50  # the left half is lit


@every_page
def test_published_cards_are_what_the_pages_say_now(page: str) -> None:
    card, figure = of_page(page)
    published = (DOCS / "previews" / f"{page}.png").read_bytes()
    with Image.open(io.BytesIO(published)) as opened:
        assert (opened.size, opened.format) == ((1200, 630), "PNG")
        assert opened.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    again = png(paint(laid_out(card, figure), picture(figure)))
    assert again == published


def test_every_page_has_a_light_card() -> None:
    names = [f"claims/{claim.id}" for claim in catalogue.claims()]
    names += [f"figures/{figure.id}" for figure in catalogue.figures()] + list(PAGES)
    kilobytes = {}
    for name in names:
        path = DOCS / "previews" / f"{name}.png"
        with Image.open(path) as opened:
            assert opened.size == (1200, 630), name
        kilobytes[name] = path.stat().st_size / 1000
    assert np.median(list(kilobytes.values())) < 40
    assert max(kilobytes.values()) < 120
