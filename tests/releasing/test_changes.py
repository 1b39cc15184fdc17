"""Comparing two claims.json: every kind of change, and none where there is none."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from explainers.artefacts.history import page
from explainers.cli import main
from explainers.releasing.changes import (
    Change,
    Kind,
    apart,
    as_record,
    as_text,
    compare,
    same_number,
)

Record = dict[str, Any]
ADDRESS = "https://host.example/pooling/"


def value(number: float, unit: str = "probability", meaning: str = "how often") -> Record:
    return {"value": number, "unit": unit, "meaning": meaning}


def claim(id: str, **parts: Any) -> Record:
    return {
        "id": id,
        "question": f"What of {id}?",
        "verdict": "holds",
        "condition": "",
        "template": "It is {hit}.",
        "values": {"hit": value(0.9), "units": value(4, "count", "detectors")},
    } | parts


def ruling(**parts: Any) -> Record:
    return {
        "examines": "T4",
        "chapter": "detection",
        "says": "A shifted petal is captured.",
        "part": "",
        "verdict": "holds",
        "condition": "",
    } | parts


def claims(*records: Record, version: str = "0.1.0", rulings: tuple[Record, ...] = ()) -> Record:
    return {"version": version, "claims": list(records), "rulings": list(rulings)}


def only(old: Record, new: Record) -> Change:
    """The one change there is."""
    [change] = compare(old, new)
    return change


@pytest.mark.parametrize(
    ("now", "kind", "name", "old", "new"),
    [
        ({"verdict": "does not hold"}, Kind.VERDICT, "", "holds", "does not hold"),
        ({"condition": "it is dark"}, Kind.CONDITION, "", "", "it is dark"),
        ({"template": "It is about {hit}."}, Kind.WORDING, "", None, None),
        ({"question": "What else?"}, Kind.WORDING, "", None, None),
        ({"formula": "p^2"}, Kind.WORDING, "", None, None),
    ],
)
def test_what_is_said_of_a_claim(now: Record, kind: Kind, name: str, old: Any, new: Any) -> None:
    change = only(claims(claim("a")), claims(claim("a", **now)))
    assert (change.claim, change.kind, change.name) == ("a", kind, name)
    assert (change.old, change.new) == (old, new)


@pytest.mark.parametrize(
    ("now", "name", "old", "new"),
    [
        ({"hit": value(0.8), "units": value(4, "count", "detectors")}, "hit", 0.9, 0.8),
        ({"hit": value(0.9), "units": value(5, "count", "detectors")}, "units", 4, 5),
        ({"hit": value(0.9)}, "units", 4, None),
        (
            {"hit": value(0.9), "units": value(4, "count", "detectors"), "miss": value(0.1)},
            "miss",
            None,
            0.1,
        ),
        ({"hit": value(0.9, "share"), "units": value(4, "count", "detectors")}, "hit", 0.9, 0.9),
    ],
)
def test_a_number_that_changed_came_or_went(now: Record, name: str, old: Any, new: Any) -> None:
    change = only(claims(claim("a")), claims(claim("a", values=now)))
    assert (change.kind, change.name) == (Kind.VALUE, name)
    assert [side and side["value"] for side in (change.old, change.new)] == [old, new]


def test_a_meaning_that_changed_is_wording() -> None:
    values = claim("a")["values"] | {"hit": value(0.9, meaning="how often it hits")}
    assert only(claims(claim("a")), claims(claim("a", values=values))).kind is Kind.WORDING


def test_wording_is_named_only_where_nothing_else_is() -> None:
    both = claim("a", template="It is now {hit}.", verdict="does not hold")
    assert only(claims(claim("a")), claims(both)).kind is Kind.VERDICT


def test_claims_that_came_and_went() -> None:
    changes = compare(claims(claim("a"), claim("b")), claims(claim("c"), claim("a")))
    assert [(change.claim, change.kind) for change in changes] == [
        ("c", Kind.NEW),
        ("b", Kind.GONE),
    ]


def test_a_verdict_on_the_thread_counts_like_a_claims() -> None:
    old = claims(rulings=(ruling(), ruling(chapter="invariance")))
    new = claims(rulings=(ruling(), ruling(chapter="invariance", verdict="does not hold")))
    change = only(old, new)
    assert (change.claim, change.kind) == ("T4 (invariance)", Kind.VERDICT)
    assert change.page == "invariance.md"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (0.3, 0.1 + 0.2, True),
        (0.0, 5e-17, True),
        (1.0, 1 + 1e-10, True),
        (1.0, 1 + 1e-8, False),
        (1e-8, 1.1e-8, False),
        (0.0, 1e-12, False),
        (10**15, 10**15 + 1, False),
        (4, 4.0, True),
    ],
)
def test_rounding_is_no_change(old: float, new: float, same: bool) -> None:
    assert same_number(old, new) is same_number(new, old) is same
    changes = compare(
        claims(claim("a", values={"hit": value(old)})),
        claims(claim("a", values={"hit": value(new)})),
    )
    assert (changes == ()) is same


numbers = st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12)
names = st.sampled_from(["hit", "miss", "units"])
values = st.dictionaries(
    names, st.builds(value, numbers, st.sampled_from(["probability", "count"])), min_size=1
)
records = st.builds(
    lambda chosen, ruled: claims(
        *(claim(id, **parts) for id, parts in chosen.items()),
        rulings=tuple(ruling(chapter=chapter, verdict=v) for chapter, v in ruled.items()),
    ),
    st.dictionaries(
        st.sampled_from("abcd"),
        st.fixed_dictionaries(
            {
                "values": values,
                "verdict": st.sampled_from(["holds", "does not hold"]),
                "condition": st.sampled_from(["", "it is dark"]),
                "template": st.sampled_from(["One.", "Another."]),
            }
        ),
    ),
    st.dictionaries(
        st.sampled_from(["cost", "detection"]), st.sampled_from(["holds", "does not hold"])
    ),
)


@given(records)
def test_nothing_differs_from_itself(record: Record) -> None:
    assert compare(record, copy.deepcopy(record)) == ()


@given(records, records)
def test_backwards_is_the_mirror_image(old: Record, new: Record) -> None:
    mirrored = {Kind.NEW: Kind.GONE, Kind.GONE: Kind.NEW}

    def seen(changes: tuple[Change, ...]) -> list[str]:
        return sorted(repr((c.claim, c.kind, c.name, c.old, c.new)) for c in changes)

    backwards = tuple(
        Change(c.claim, c.question, mirrored.get(c.kind, c.kind), c.name, c.new, c.old)
        for c in compare(new, old)
    )
    assert seen(compare(old, new)) == seen(backwards)


@given(numbers, numbers)
def test_numbers_that_differ_are_written_differently(old: float, new: float) -> None:
    before, after = apart(old, new)
    assert (before != after) or same_number(old, new)


def test_as_few_digits_as_tell_them_apart() -> None:
    assert apart(0.98765432, 0.98764999) == ("0.9877", "0.9876")
    assert apart(0.98765432, 0.98765032) == ("0.987654", "0.98765")
    assert apart(-1.5, 1.5) == ("−1.5", "1.5")
    assert apart(1234567, 1234568) == ("1,234,567", "1,234,568")


OLD = claims(claim("gone"), claim("a"), claim("said", question="A | B?"), claim("worse"))
NEW = claims(
    claim("a", values={"hit": value(0.875), "miss": value(0.1)}),
    claim("said", question="A | B?", template="Said otherwise: {hit}."),
    claim("worse", verdict="does not hold"),
    claim("fresh"),
    version="0.2.0",
)


def test_for_people_it_stands_in_columns() -> None:
    lines = as_text(compare(OLD, NEW)).splitlines()
    assert lines == [
        "a      hit      0.9 → 0.875  (probability)",
        "a      miss     none → 0.1  (probability)",
        "a      units    4 → none  (count)",
        "said   wording  A | B?",
        "worse  verdict  holds → does not hold",
        "fresh  new      What of fresh?",
        "gone   gone     What of gone?",
    ]


def test_for_machines_values_are_as_published() -> None:
    rows = as_record(compare(OLD, NEW))
    assert json.loads(json.dumps(rows)) == rows
    assert rows[0] == {
        "claim": "a",
        "question": "What of a?",
        "kind": "value",
        "name": "hit",
        "old": value(0.9),
        "new": value(0.875),
    }


# The page


def section(text: str, id: str) -> str:
    """One section of the page, by its heading's id."""
    return re.split(r"^## ", text.partition(f"{{#{id}}}")[2], maxsplit=1, flags=re.MULTILINE)[0]


def ids(text: str) -> list[str]:
    return re.findall(r"^##? .* \{#(.+)\}$", text, re.MULTILINE)


def test_page_without_a_release() -> None:
    text = page({}, claims(claim("a")), ADDRESS)
    assert ids(text) == ["top", "since", "versions"]
    assert "Nothing is released yet." in section(text, "since")


def test_page_goes_from_the_newest_to_the_first() -> None:
    releases = {
        "0.9.0": OLD,
        "0.10.0": NEW,
        "0.10.0rc1": OLD,
    }
    text = page(releases, NEW, ADDRESS)
    assert ids(text) == ["top", "since", "v0.10.0", "v0.10.0rc1", "v0.9.0", "versions"]
    assert "## Since 0.10.0 {#since}" in text
    assert section(text, "since").strip() == "Nothing changed."
    assert section(text, "v0.10.0rc1").strip() == "Nothing changed."
    assert section(text, "v0.9.0").strip() == "The first release: 4 claims."
    listed = re.findall(r"^- \[(.+?)\]\((.+?)\)", section(text, "versions"), re.MULTILINE)
    assert listed == [(v, f"{ADDRESS}{v}/") for v in ("0.10.0", "0.10.0rc1", "0.9.0")]
    assert "(releases/0.10.0.json)" in text


def test_page_names_every_change_and_links_what_is_still_there() -> None:
    text = section(page({"0.1.0": OLD, "0.2.0": NEW}, NEW, ADDRESS), "v0.2.0")
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    assert rows == [
        "| [What of a?](claims/a.md) | how often (probability) | 0.9 | 0.875 |",
        "| [What of a?](claims/a.md) | how often (probability) | none | 0.1 |",
        "| [What of a?](claims/a.md) | detectors (count) | 4 | none |",
        "| [What of worse?](claims/worse.md) | verdict | holds | does not hold |",
    ]
    assert "New:\n\n- [What of fresh?](claims/fresh.md)" in text
    assert "Gone:\n\n- What of gone? (removed)" in text
    assert "Only the words changed:\n\n- [A &#124; B?](claims/said.md)" in text


def test_page_links_no_claim_that_went_later() -> None:
    text = page({"0.1.0": claims(claim("a")), "0.2.0": OLD}, claims(claim("a")), ADDRESS)
    assert "claims/gone.md" not in text
    assert "What of gone? (removed)" in section(text, "v0.2.0")
    assert "What of gone? (removed)" in section(text, "since")


def test_page_says_when_a_version_was_released() -> None:
    dated = OLD | {"edition": {"date": "2026-11-25"}}
    text = section(page({"0.1.0": dated}, OLD, ADDRESS), "versions")
    assert f"[0.1.0]({ADDRESS}0.1.0/), 2026-11-25: " in text


# The command


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two releases, and what is built there."""
    files = {"releases/0.1.0.json": OLD, "releases/0.2.0.json": NEW, "claims.json": NEW}
    for name, content in files.items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "mkdocs.yml").touch()
    (tmp_path / "explainers").mkdir()
    (tmp_path / "explainers" / "catalogue.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["changes", *arguments])


def fails(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_command_compares_releases_files_and_what_is_built(checkout: Path) -> None:
    assert run("0.1.0", "0.2.0").stdout == as_text(compare(OLD, NEW)) + "\n"
    assert run("0.1.0").stdout == run("0.1.0", "0.2.0").stdout
    assert run("0.2.0", "docs/releases/0.1.0.json").stdout == as_text(compare(NEW, OLD)) + "\n"
    assert run("0.2.0").stdout == "nothing changed\n"


def test_command_for_machines(checkout: Path) -> None:
    rows = json.loads(run("0.1.0", "--json").stdout)
    assert rows == {"old": "0.1.0", "new": "0.2.0", "changes": as_record(compare(OLD, NEW))}


def test_files_need_no_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "mkdocs.yml").unlink()
    (checkout / "old").write_text(json.dumps(OLD), encoding="utf-8")
    monkeypatch.chdir(checkout / "docs")
    assert run("../old", "claims.json").stdout == as_text(compare(OLD, NEW)) + "\n"


ODD: list[object] = [None, 7, ["a"], {"a": 1}, True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "it is no JSON"),
        ("[]", "no claims as the site has them"),
        (json.dumps({"version": "1", "claims": [{"id": "a"}], "rulings": []}), "no claims"),
        (json.dumps(claims(claim("a", values={"hit": 1}))), "no claims as the site has them"),
        (json.dumps(claims(claim("a", values={"hit": value(float("nan"))}))), "it is no JSON"),
        (json.dumps(claims(rulings=({},))), "no claims as the site has them"),
        *(
            (json.dumps(claims(claim("a") | {"id": odd})), "no claims as the site has them")
            for odd in ODD
        ),
        (json.dumps(claims(claim("a") | {"values": {"n": []}})), "no claims as the site has them"),
        ('{"version": "1", "claims": [], "rulings": [], "edition": {"date": 3}}', "no claims"),
        (json.dumps(claims(claim("a", values={"n": value(7)}))).replace("7", "1e999"), "no claims"),
        ("[" * 100_000, "it is no JSON"),
    ],
)
def test_command_refuses_what_is_no_claims_json(checkout: Path, text: str, says: str) -> None:
    (checkout / "mine.json").write_text(text, encoding="utf-8")
    message = fails("mine.json")
    assert "mine.json must be a claims.json" in message
    assert says in message


def test_command_names_what_there_is(checkout: Path) -> None:
    assert "there is no release '0.3.0'; did you mean 0.2.0 or 0.1.0?" in fails("0.3.0")
    assert "there is no release 'newest'; released: 0.2.0, 0.1.0" in fails("newest")
    assert "none.json: no such file or directory" in fails("none.json")
    for path in (checkout / "docs" / "releases").iterdir():
        path.unlink()
    assert "nothing is released yet" in fails("0.1.0")
    (checkout / "docs" / "claims.json").unlink()
    assert "claims.json: no such file" in fails(str(checkout / "docs" / "claims.json"))


def test_a_record_named_by_no_version_is_refused(checkout: Path) -> None:
    (checkout / "docs" / "releases" / "first.json").write_text("{}", encoding="utf-8")
    assert "version must be as in 0.2.0 or 0.2.0rc1; got 'first'" in fails("0.1.0")


def test_signs_that_would_move_the_cursor_never_reach_the_terminal(checkout: Path) -> None:
    odd = claims(claim("a\x1b[31m\n", question="What\x07 of\ud800 it?"))
    (checkout / "odd.json").write_text(json.dumps(odd), encoding="utf-8-sig")
    done = CliRunner().invoke(main, ["changes", "0.1.0", "odd.json"])
    assert done.exit_code == 0, done.output
    assert not set(done.stdout) & {"\x1b", "\x07"}
