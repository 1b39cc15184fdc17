"""The Markdown extension, tag by tag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown import Markdown
from PIL import Image

from explainers.questions import Question
from explainers.site import blocks
from explainers.site.computed import TagError
from explainers.site.extension import makeExtension
from explainers.sources import SOURCES

CLAIM = {
    "id": "petal-found",
    "question": "Is it found?",
    "verdict": "holds on condition",
    "kind": "judged",
    "says": "It is found.",
    "statement": "Found with 99.8%.",
    "condition": "units fail apart.",
    "otherwise": "Else they fail together.",
    "code": "explainers.detection.model.any_fires",
    "parameters": [{"name": "units", "default": 4, "allowed": "1 to 9", "meaning": "units"}],
    "answer": "Found with 99.8%. And lost.",
    "url": "claims/petal-found/",
    "template": "Found with {hit:.1%}, missed by {loss}; {count} units.",
    "values": {
        "hit": {"value": 0.99838, "unit": "probability", "meaning": "found"},
        "loss": {"value": -1.5, "unit": "points", "meaning": "difference"},
        "count": {"value": 1200, "unit": "units", "meaning": "how many"},
        "many": {"value": 15470264320, "unit": "units", "meaning": "how many in all"},
    },
}
EDITION = {"version": "1.0", "date": "2026-11-05", "commit": "", "address": "https://x.example/"}
RULINGS = [
    {
        "examines": "T4",
        "says": "It is captured.",
        "part": "",
        "verdict": "holds",
        "condition": "always.",
        "chapter": "detection",
        "rests_on": ["petal-found"],
    },
    {
        "examines": "T3",
        "says": "It is detected.",
        "part": "noise",
        "verdict": "does not hold",
        "condition": "not *p*.",
        "chapter": "detection",
        "rests_on": [],
    },
]
FIGURES = [
    {
        "id": "or-gate",
        "title": "The gate",
        "caption": "An *or* of $n$ units.",
        "alt": "A gate.",
        "url": "figures/or-gate/",
    },
    {
        "id": "votes",
        "title": "The votes",
        "caption": "All of them.",
        "alt": "Votes.",
        "url": "figures/votes/",
    },
]


QUESTIONS = (
    Question(
        "found",
        "Is a petal found?",
        "finding",
        "detection#or",
        ("petal-found",),
        "With {{ petal-found.hit:.1% }}, *mostly*.",
    ),
    Question("lost", "Is it lost?", "losing", "discarded#top", ("petal-found",), "No."),
    Question("again", "Is it found again?", "finding", "discarded#again", (), "Yes."),
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    write(
        tmp_path / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM], "rulings": RULINGS}),
    )
    write(tmp_path / "figures.json", json.dumps(FIGURES))
    for figure in FIGURES:
        write(tmp_path / f"figures/{figure['id']}/inline.svg", f"<svg>{figure['id']}</svg>")
        for theme in ("light", "dark"):
            picture = Image.new("RGB", (480, 270 if figure["id"] == "votes" else 200))
            picture.save(tmp_path / f"figures/{figure['id']}/thumb-{theme}.png")
    rows = 'network,products,share\n"vgg, 16",15470264320,-0.054499\nlenet5,,1'
    write(tmp_path / "figures/or-gate/or-gate.csv", rows)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def html(docs: Path, text: str) -> str:
    extensions: list[Any] = [makeExtension(docs=str(docs)), "pymdownx.superfences", "tables"]
    return Markdown(extensions=extensions).convert(text)


def tree(docs: Path, text: str) -> ET.Element:
    return ET.fromstring(f"<body>{html(docs, text)}</body>")


def only(root: ET.Element, path: str) -> ET.Element:
    (element,) = root.findall(path)
    return element


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize(
    ("tag", "shown", "exact"),
    [
        ("{{ petal-found.hit:.1% }}", "99.8%", "0.99838"),
        ("{{petal-found.hit}}", "0.9984", "0.99838"),
        ("{{ petal-found.loss:.2f }}", "−1.50", "-1.5"),
        ("{{ petal-found.count }}", "1200", "1200"),
        ("{{ petal-found.count:, }}", "1,200", "1200"),
        ("{{ petal-found.many:words }}", "15.5 billion", "15470264320"),
    ],
)
def test_value_carries_its_exact_number_and_its_claim(
    docs: Path, tag: str, shown: str, exact: str
) -> None:
    data = only(tree(docs, f"It is {tag} now."), "p/data")
    assert data.attrib.pop("title")
    assert data.attrib == {"class": "value", "value": exact, "data-claim": "petal-found"}
    assert data.text == shown
    assert data.tail == " now."


def test_a_value_carries_its_meaning_its_function_and_its_settings(docs: Path) -> None:
    claim = json.loads((docs / "claims.json").read_text(encoding="utf-8"))["claims"][0]
    title = only(tree(docs, "{{ petal-found.hit }}"), ".//data").get("title", "")
    assert title.startswith(claim["values"]["hit"]["meaning"])
    assert claim["code"].removeprefix("explainers.") in title
    for parameter in claim["parameters"]:
        assert f"{parameter['name']} = {parameter['default']}" in title


def test_a_setting_of_a_claim_is_a_value_too(docs: Path) -> None:
    claim = json.loads((docs / "claims.json").read_text(encoding="utf-8"))["claims"][0]
    assert claim["parameters"]
    for parameter in claim["parameters"]:
        data = only(tree(docs, f"{{{{ petal-found.{parameter['name']} }}}}"), ".//data")
        assert data.get("value") == repr(parameter["default"])
        assert data.get("title", "").startswith(parameter["meaning"])


def test_values_work_in_tables_lists_and_emphasis(docs: Path) -> None:
    page = "| a |\n|---|\n| {{ petal-found.hit }} |\n\n- **{{ petal-found.hit:.0% }}**"
    root = tree(docs, page)
    assert only(root, ".//td/data").text == "0.9984"
    assert only(root, ".//li/strong/data").text == "100%"


@pytest.mark.parametrize(
    "code",
    [
        "`{{ petal-found.hit }} and $x$`",
        "```\n{{ claim petal-found }}\n{{ petal-found.hit }} $x$\n```",
        "    {{ claim petal-found }}",
        "    $$x$$",
    ],
)
def test_code_is_left_alone(docs: Path, code: str) -> None:
    out = html(docs, code)
    assert out.count("{{ ") == code.count("{{ ")
    assert out.count("$") == code.count("$")
    assert "<data" not in out
    assert "<math" not in out
    assert "<section" not in out


def test_citation_links_to_the_source(docs: Path) -> None:
    link = only(tree(docs, "See {{ cite boureau-2010 }}."), "p/a")
    assert link.get("href") == "/references.md#boureau-2010"
    assert link.text == SOURCES["boureau-2010"].short


def test_table_shows_a_figures_data(docs: Path) -> None:
    region = only(tree(docs, "{{ table or-gate }}"), "div")
    assert region.get("aria-label") == "Data of the figure: The gate"
    assert region.get("tabindex") == "0"
    cells = [[words(cell) for cell in row] for row in region.iter("tr")]
    assert cells == [
        ["network", "products", "share"],
        ["vgg, 16", "15,470,264,320", "−0.0545"],
        ["lenet5", "", "1"],
    ]
    styles = [cell.get("style") for cell in region.iter("td")]
    assert styles == [None, "text-align: right;", "text-align: right;"] * 2
    with pytest.raises(TagError, match="there is no figure “or-gat”; did you mean or-gate"):
        html(docs, "{{ table or-gat }}")


def test_references_have_an_anchor_each(docs: Path) -> None:
    items = tree(docs, "{{ references }}").findall("ul/li")
    assert [item.get("id") for item in items] == sorted(SOURCES)
    for item, (_, source) in zip(items, sorted(SOURCES.items()), strict=True):
        assert only(item, "a").get("href") == source.link
        assert words(item).startswith(source.reference)


def test_claim_shows_verdict_statement_and_condition(docs: Path) -> None:
    card = only(tree(docs, "{{ claim petal-found }}"), "section")
    assert card.get("id") == "claim-petal-found"
    assert card.get("data-verdict") == "holds-on-condition"
    assert card.get("aria-label") == "Claim: Is it found?"
    assert words(only(card, ".//strong")) == "Holds on condition"
    assert [link.get("href") for link in card.iter("a")] == [
        "/glossary.md#holds-on-condition",
        "/claims/petal-found.md",
        "/claims/petal-found.md#cite",
        "#claim-petal-found",
    ]
    says, statement, otherwise, foot = card.findall("p")[1:]
    assert (
        foot.get("data-copy-sentence") == "Found with 99.8%. https://x.example/claims/petal-found/"
    )
    assert foot.get("data-of") == "Is it found?"
    assert [data.text for data in statement.findall("data")] == ["99.8%", "−1.5", "1200"]
    assert words(says) == "It is found, if units fail apart."
    assert words(otherwise) == "Else they fail together."


def test_claim_without_condition_is_said_plainly(docs: Path) -> None:
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM | {"condition": ""}]}),
    )
    assert words(tree(docs, "{{ claim petal-found }}").findall("section/p")[1]) == "It is found."


def test_a_sentence_that_does_not_hold_is_said_to_be_refuted(docs: Path) -> None:
    refuted = CLAIM | {"verdict": "does not hold", "condition": ""}
    write(docs / "claims.json", json.dumps({"edition": EDITION, "claims": [refuted]}))
    says = tree(docs, "{{ claim petal-found }}").findall("section/p")[1]
    assert words(says) == "Not so: It is found."


def test_a_fact_has_its_convention_and_no_verdict(docs: Path) -> None:
    fact = {"verdict": None, "kind": "fact", "condition": "", "convention": "By *ours*."}
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM | fact | {"rival": "By theirs: 2."}]}),
    )
    card = only(tree(docs, "{{ claim petal-found }}"), "section")
    assert card.get("data-verdict") == "fact"
    assert words(only(card, ".//strong")) == "Fact"
    assert words(card.findall("p")[-2]) == "Convention: By ours. By theirs: 2."


def test_what_a_claim_says_is_quoted_with_its_condition(docs: Path) -> None:
    quoted = only(tree(docs, "So: {{ says petal-found }}"), "p/span")
    assert words(quoted) == "It is found, if units fail apart. why"
    assert only(quoted, "a").get("href") == "/claims/petal-found.md"
    assert only(quoted, "a").get("aria-label") == "why: Is it found?"
    long = only(tree(docs, "So: {{ says petal-found long }}"), "p/span")
    assert words(long).startswith("Found with 99.8%, if units fail apart.")
    with pytest.raises(TagError, match="says takes an id, and “long” at most"):
        tree(docs, "So: {{ says petal-found longer }}")


@pytest.mark.parametrize(
    ("verdict", "why"), [("does not hold", "does not hold"), (None, "is a fact")]
)
def test_what_does_not_hold_is_not_quoted(docs: Path, verdict: str | None, why: str) -> None:
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM | {"verdict": verdict}]}),
    )
    with pytest.raises(TagError, match=f"nothing to quote: petal-found {why}"):
        tree(docs, "So: {{ says petal-found }}")


def test_an_end_of_an_interval_is_a_value_too(docs: Path) -> None:
    values = {"hit": {"value": 0.5, "low": 0.25, "high": 0.75, "unit": "share", "meaning": "m"}}
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM | {"values": values}]}),
    )
    page = tree(docs, "{{ petal-found.hit.low:.0% }} to {{ petal-found.hit.high:.0% }}")
    assert words(only(page, "p")) == "25% to 75%"
    with pytest.raises(TagError, match="there is no value of petal-found “hot”"):
        tree(docs, "{{ petal-found.hot.low }}")


def test_figure_has_drawing_caption_and_link(docs: Path) -> None:
    figure = only(tree(docs, "{{ figure or-gate }}"), "figure")
    assert figure.get("id") == "figure-or-gate"
    assert words(only(figure, "div/svg")) == "or-gate"
    assert only(figure, "div").get("data-search-exclude") == ""
    caption = only(figure, "figcaption")
    assert only(caption, "strong").text == "The gate."
    assert only(caption, "em").text == "or"
    assert caption.find("math") is not None
    assert only(caption, "span/a").get("href") == "/figures/or-gate.md"
    assert only(caption, "span/a").get("aria-label") == "About this figure: The gate"


def test_neighbouring_thumbnails_share_a_grid(docs: Path) -> None:
    page = "{{ thumbnail or-gate }}\n\n{{ thumbnail votes }}\n\nText.\n\n{{ thumbnail votes }}"
    grids = tree(docs, page).findall("div[@class='thumbnails']")
    assert [len(grid.findall("figure")) for grid in grids] == [2, 1]
    assert [link.get("href") for link in grids[0].findall(".//a")] == [
        "/figures/or-gate.md",
        "/figures/votes.md",
    ]


def test_a_thumbnail_is_a_small_picture_for_each_theme(docs: Path) -> None:
    figure = only(tree(docs, "{{ thumbnail votes }}"), "div/figure")
    light, dark = only(figure, "div").findall("img")
    for picture, theme in ((light, "light"), (dark, "dark")):
        assert picture.attrib == {
            "src": f"/figures/votes/thumb-{theme}.png#only-{theme}",
            "alt": "Votes.",
            "width": "480",
            "height": "270",
            "loading": "lazy",
        }
    assert "svg" not in html(docs, "{{ thumbnail votes }}")


def test_a_thumbnail_that_is_not_there_or_no_picture_stops_the_build(docs: Path) -> None:
    write(docs / "figures/votes/thumb-dark.png", "no picture")
    with pytest.raises(TagError, match=r"thumb-dark\.png is no PNG: run “explainers build” again"):
        html(docs, "{{ thumbnail votes }}")
    (docs / "figures/votes/thumb-light.png").unlink()
    with pytest.raises(TagError, match=r"thumb-light\.png is not there: run “explainers build”"):
        html(docs, "{{ thumbnail votes }}")


def test_verdicts_stand_in_order(docs: Path) -> None:
    rows = tree(docs, "{{ verdicts }}").findall("table/tbody/tr")
    assert [row.get("data-verdict") for row in rows] == ["does-not-hold", "holds"]
    assert rows[0][0].get("scope") == "row"
    assert [words(cell) for cell in rows[0]][:2] == ["T3", "It is detected."]
    assert words(rows[0][2]) == "Does not hold (noise) Not p. Read why"
    assert words(rows[1][2]) == "Holds Always. Read why"
    verdict, why = rows[1].iter("a")
    assert verdict.get("href") == "/glossary.md#holds"
    assert why.get("href") == "/detection.md"
    assert why.get("aria-label") == "Read why: It is captured."


def test_verdicts_of_one_chapter_are_its_own(docs: Path) -> None:
    other = RULINGS[0] | {"chapter": "cost", "examines": "T6"}
    rulings = [*RULINGS, other]
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM], "rulings": rulings}),
    )
    rows = tree(docs, "{{ verdicts cost }}").findall("table/tbody/tr")
    assert [words(row[0]) for row in rows] == ["T6"]
    assert len(tree(docs, "{{ verdicts }}").findall("table/tbody/tr")) == 3
    with pytest.raises(TagError, match="no chapter “costs”; did you mean cost"):
        html(docs, "{{ verdicts costs }}")


def test_every_column_of_the_verdicts_has_a_name(docs: Path) -> None:
    assert all(words(head) for head in tree(docs, "{{ verdicts }}").findall(".//th"))


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("claims detections", "did you mean detection"),
        ("legend", "there is no term in the glossary “holds”"),
        ("files or-gat", "did you mean or-gate"),
        ("arguments explainers.nowhere", "there is no module explainers.nowhere"),
        ("modules reference/a.md explainers.nowhere", "there is no module explainers.nowhere"),
        ("modules reference/a.md explainers.no.where", "there is no module explainers.no.where"),
    ],
)
def test_an_index_of_what_is_not_there_stops_the_build(docs: Path, tag: str, hint: str) -> None:
    with pytest.raises(TagError, match=hint):
        html(docs, f"{{{{ {tag} }}}}")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "QUESTIONS", QUESTIONS)


@pytest.mark.usefixtures("asked")
def test_questions_of_a_group_have_answers_and_claims(docs: Path) -> None:
    found, again = only(tree(docs, "{{ questions finding }}"), "div").findall("section")
    assert [section[0].get("id") for section in (found, again)] == ["found", "again"]
    assert words(found[0]) == "Is a petal found?"
    assert only(found, "h3/a").get("href") == "/detection.md#or"
    assert words(found[1]) == "With 99.8%, mostly."
    assert only(found, "p/data").get("data-claim") == "petal-found"
    claims = only(found, "ul")
    assert claims.get("data-search-exclude") == ""
    assert [link.get("href") for link in claims.findall("li/a")] == ["/claims/petal-found.md"]
    assert words(claims) == "Is it found?"


@pytest.mark.usefixtures("asked")
def test_questions_of_a_page_lead_to_their_anchors(docs: Path) -> None:
    links = tree(docs, "{{ questions discarded }}").findall("ul/li/a")
    assert [(words(link), link.get("href")) for link in links] == [
        ("Is it lost?", "/discarded.md#top"),
        ("Is it found again?", "/discarded.md#again"),
    ]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("tag", "hint"), [("questions findin", "did you mean finding"), ("questions", "there is no")]
)
def test_unknown_group_of_questions_stops_the_build(docs: Path, tag: str, hint: str) -> None:
    with pytest.raises(TagError, match=hint) as raised:
        html(docs, f"{{{{ {tag} }}}}")
    assert tag in str(raised.value)


@pytest.mark.usefixtures("asked")
def test_question_on_an_unknown_claim_stops_the_build(docs: Path) -> None:
    lost = json.dumps({"edition": EDITION, "claims": [CLAIM | {"id": "petal-fond"}], "rulings": []})
    write(docs / "claims.json", lost)
    with pytest.raises(TagError, match="did you mean petal-fond"):
        html(docs, "{{ questions losing }}")


def test_formulas_become_mathml(docs: Path) -> None:
    root = tree(docs, "With $1-(1-p)^n$ it\n\n$$\n\\frac{a}{b}\n$$\n\ncosts \\$5, or $5 and $6.")
    inline, display = root.iter("math")
    assert inline.get("display") in (None, "inline")
    assert display.get("display") == "block"
    assert display.find(".//mfrac") is not None
    assert only(root, "div").get("class") == "formula"
    assert "costs $5, or $5 and $6." in words(root)


@pytest.mark.parametrize("prices", ["US$5$ or", "$ 5$ or", "$5 $ or", "$5-$6 or", "$5$$ or"])
def test_other_dollars_are_not_formulas(docs: Path, prices: str) -> None:
    assert html(docs, prices) == f"<p>{prices}</p>"


@pytest.mark.parametrize(
    ("page", "named", "hint"),
    [
        ("{{ petal-fund.hit }}", "petal-fund.hit", "did you mean petal-found"),
        ("{{ petal-found.hits }}", "petal-found.hits", "did you mean hit"),
        ("{{ petal-found.hit:.1q }}", "petal-found.hit:.1q", "format"),
        ("{{ claim petal-fund }}", "claim petal-fund", "did you mean petal-found"),
        ("{{ claim }}", "claim", "there is no claim"),
        ("{{ figure or-gates }}", "figure or-gates", "did you mean or-gate"),
        ("{{ thumbnail vote }}", "thumbnail vote", "did you mean votes"),
        ("{{ cite boureau }}", "cite boureau", "did you mean boureau-2010"),
        ("{{ cite }}", "cite", "unknown tag"),
        ("{{ graph or-gate }}", "graph or-gate", "unknown tag"),
        ("a {{ figure or-gate }} b", "figure or-gate", "must stand alone"),
        (r"$\nonsense{x}$", r"\nonsense{x}", "nonsense"),
        ("$$\n\\frac{a\n$$", r"\frac{a", ""),
    ],
)
def test_a_mistake_stops_the_build_and_is_named(
    docs: Path, page: str, named: str, hint: str
) -> None:
    with pytest.raises(TagError) as raised:
        html(docs, page)
    assert named in str(raised.value)
    assert hint in str(raised.value)


def test_ruling_on_an_unknown_claim_stops_the_build(docs: Path) -> None:
    lost = [RULINGS[0] | {"rests_on": ["petal-fond"]}]
    write(
        docs / "claims.json", json.dumps({"edition": EDITION, "claims": [CLAIM], "rulings": lost})
    )
    with pytest.raises(TagError, match="did you mean petal-found"):
        html(docs, "{{ verdicts }}")


WORDS = 'a <b>b</b> | *c* _d_ `e` {{ f }} $g$ [h](i) &lt; "j" \\k\n# l'
SHOWN = " ".join(WORDS.split())


def test_what_records_say_is_words_and_nothing_else(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sign in a question, a title, a verdict or a cell is markup, or a tag."""
    texts = {"question": WORDS, "verdict": WORDS, "condition": WORDS.replace("*", "")}
    ruling = {"examines": WORDS, "says": WORDS, "part": WORDS} | {
        "condition": WORDS.replace("*", ""),
        "verdict": WORDS,
    }
    content = {"edition": EDITION, "claims": [CLAIM | texts], "rulings": [RULINGS[0] | ruling]}
    write(docs / "claims.json", json.dumps(content))
    write(docs / "figures.json", json.dumps([FIGURES[1] | {"title": WORDS, "alt": WORDS}]))
    cell = WORDS.replace('"', '""')
    write(docs / "figures/votes/votes.csv", f'name,"{cell}"\n1,"{cell}"\n')
    asked = (Question("found", WORDS, "finding", "detection#or", ("petal-found",), "Yes."),)
    monkeypatch.setattr(blocks, "QUESTIONS", asked)

    claim = only(tree(docs, "{{ claim petal-found }}"), "section")
    bare = SHOWN.replace("*", "")
    assert words(claim[0]) == f"{SHOWN.capitalize()} {SHOWN}"
    assert words(claim[1]) == f"It is found, if {bare}."
    assert claim.get("aria-label") == f"Claim: {SHOWN}"
    figure = only(tree(docs, "{{ figure votes }}"), "figure")
    assert words(only(figure, "figcaption/strong")) == f"{SHOWN}."
    small = only(tree(docs, "{{ thumbnail votes }}"), "div/figure")
    assert words(only(small, "figcaption")) == SHOWN
    assert {picture.get("alt") for picture in small.iter("img")} == {SHOWN}
    table = only(tree(docs, "{{ table votes }}"), "div")
    assert table.get("aria-label") == f"Data of the figure: {SHOWN}"
    assert [words(cell) for cell in table.iter("td")] == ["1", SHOWN]
    assert words(table.findall(".//th")[1]) == SHOWN
    row = only(tree(docs, "{{ verdicts }}"), "table/tbody/tr")
    assert [words(cell) for cell in row][:2] == [SHOWN, SHOWN]
    assert words(row[2]) == f"{SHOWN.capitalize()} ({SHOWN}) {bare[:1].upper()}{bare[1:]} Read why"
    section = only(tree(docs, "{{ questions finding }}"), "div/section")
    assert words(section[0]) == words(section[2]) == SHOWN
    assert words(tree(docs, "{{ questions detection }}")) == SHOWN
    for shown in (claim, figure, small, table, row, section):
        tags = {element.tag for element in shown.iter()}
        assert tags.isdisjoint({"b", "em", "code", "math", "h1"})


def test_emphasis_in_a_condition_is_the_only_markup(docs: Path) -> None:
    condition = "the *sharp* one, 2 * 3 * 4, <b>"
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM | {"condition": condition}]}),
    )
    shown = tree(docs, "{{ claim petal-found }}").findall("section/p")[1]
    assert [element.text for element in shown] == ["sharp"]
    assert words(shown) == "It is found, if the sharp one, 2 * 3 * 4, <b>."


def test_records_are_read_once_and_again_when_they_change(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    text_of = Path.read_text

    def reading(path: Path, encoding: str) -> str:
        read.append(path.name)
        return text_of(path, encoding)

    monkeypatch.setattr(Path, "read_text", reading)
    page = "{{ petal-found.hit }}\n\n{{ table votes }}"
    with pytest.raises(TagError):  # it has no table, but both records have been asked for it
        html(docs, page)
    first = html(docs, "{{ petal-found.hit }}")
    assert html(docs, "{{ petal-found.hit }}") == first
    assert sorted(read) == ["claims.json", "figures.json"]
    write(
        docs / "claims.json",
        json.dumps({"edition": EDITION, "claims": [CLAIM], "rulings": RULINGS, "new": 1}),
    )
    assert html(docs, "{{ petal-found.hit }}") == first
    assert sorted(read) == ["claims.json", "claims.json", "figures.json"]


@pytest.mark.parametrize("where", ["https://why-pooling.example/", "https://host.example/"])
@pytest.mark.parametrize("tag", ["install", "copy figures/votes", "appendix cost"])
def test_texts_to_copy_say_if_their_links_lead_nowhere(docs: Path, tag: str, where: str) -> None:
    edition = {"version": "1.2.3", "date": "2026-11-05", "commit": "0", "address": where}
    votes = FIGURES[1] | {"url": "figures/votes/"}
    write(
        docs / "claims.json",
        json.dumps({"claims": [], "rulings": [], "edition": edition}),
    )
    write(docs / "figures.json", json.dumps([votes]))
    page = tree(docs, f"{{{{ {tag} }}}}")
    notes = [words(note) for note in page.findall(".//p[@class='copy__note']")]
    said = f"This copy of the site is not published: links to {where} lead nowhere yet."
    assert notes == ([] if "host" in where else [said])
    assert page.findall(".//pre")
    assert not [pre for pre in page.iter("pre") if "not published" in words(pre)]


def test_before_the_first_build_the_message_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TagError, match="run “explainers build” first"):
        html(tmp_path, "{{ figure or-gate }}")


def test_what_arguments_may_be_is_told(docs: Path) -> None:
    table = tree(docs, "{{ arguments explainers.maps }}")
    rows = [[words(cell) for cell in row] for row in table.iter("tr")]
    assert rows[0] == ["argument", "may be", "by default"]
    assert ["power_law_maps: exponent", "a number in [0, 4]", "1"] in rows


GIVEN = {
    "element": "a-lab",
    "frame": "<p>First.</p>",
    "data": {"text": "</script>"},
    "parts": {"table": {"element": "a-table", "frame": "<p>All of it.</p>"}},
}


def test_a_lab_has_its_first_frame_and_its_data_and_a_part_stands_elsewhere(docs: Path) -> None:
    write(docs / "labs/cost.json", json.dumps(GIVEN))
    lab = only(tree(docs, "{{ lab cost }}"), "a-lab")
    assert (lab.get("id"), lab.get("class")) == ("lab", "lab")
    assert words(lab).startswith("First.")
    assert json.loads(only(lab, "script").text or "") == GIVEN["data"]
    part = only(tree(docs, "{{ lab cost table }}"), "a-table")
    assert (part.get("id"), part.get("class"), words(part)) == (None, "whole", "All of it.")
    assert "data-search-exclude" in part.attrib
    with pytest.raises(TagError, match="there is no part of the lab of cost “tabel”; did you mean"):
        html(docs, "{{ lab cost tabel }}")
    with pytest.raises(TagError, match="there is no lab “costs”; did you mean cost"):
        html(docs, "{{ lab costs }}")
