"""What is kept: whole entries, checked whenever they are used; and what is published of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from explainers import files
from explainers.builder import store
from explainers.builder.store import Entry, Pages, Stamp, Store, write_files
from explainers.errors import BuildError
from explainers.files import write

FILES = {"a/page.md": b"one page", "a/page/picture.svg": b"<svg/>"}


def kept(folder: Store) -> Path:
    """Keep an entry, and return its place."""
    new = folder.begin()
    write_files(new, FILES)
    folder.keep("a/page", "key", new)
    return folder.place("a/page", "key")


def test_what_is_kept_is_found_under_its_key_alone(tmp_path: Path) -> None:
    cache = Store(tmp_path)
    kept(cache)
    entry = cache.entry("a/page", "key")
    assert entry is not None
    assert {name: (entry.folder / name).read_bytes() for name in entry.files} == FILES
    assert cache.entry("a/page", "another") is None


def truncated(place: Path) -> None:
    (place / "files/a/page.md").write_bytes(b"one")


def flipped(place: Path) -> None:
    (place / "files/a/page.md").write_bytes(b"one pagf")


def added(place: Path) -> None:
    (place / "files/a/page/script.js").write_bytes(b"alert(1)")


def removed(place: Path) -> None:
    (place / "files/a/page/picture.svg").unlink()


def linked(place: Path) -> None:
    (place / "files/a/page.md").unlink()
    (place / "files/a/page.md").symlink_to("/etc/hostname")


def without_files(place: Path) -> None:
    files.remove(place / "files")


def a_file(place: Path) -> None:
    files.remove(place)
    place.write_bytes(b"")


def without_a_record(place: Path) -> None:
    (place / "record.json").unlink()


def with_another_digest(place: Path) -> None:
    text = (place / "record.json").read_text()
    at = text.index('"files"') + 60
    (place / "record.json").write_text(
        text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]
    )


def with_another_shape(place: Path) -> None:
    (place / "record.json").write_text('{"digest": 1, "files": [1, 2]}')


def that_leads_out(place: Path) -> None:
    record = json.loads((place / "record.json").read_text())
    record["files"]["../../../x"] = record["files"].pop("a/page.md")
    (place / "record.json").write_text(json.dumps(record))


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        flipped,
        added,
        removed,
        linked,
        without_files,
        a_file,
        without_a_record,
        with_another_digest,
        with_another_shape,
        that_leads_out,
    ],
)
def test_a_damaged_entry_counts_as_not_there_and_is_replaced(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    cache = Store(tmp_path)
    damage(kept(cache))
    assert cache.entry("a/page", "key") is None
    kept(cache)
    assert cache.entry("a/page", "key") is not None


def test_a_file_that_looks_untouched_is_read_again_only_where_that_is_asked(
    tmp_path: Path,
) -> None:
    place = kept(Store(tmp_path))
    page = place / "files/a/page.md"
    status = page.stat()
    with page.open("r+b") as file:
        file.write(b"two")
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert Store(tmp_path).entry("a/page", "key") is not None
    assert Store(tmp_path, thorough=True).entry("a/page", "key") is None


def test_a_touched_file_is_read_once_and_then_trusted_again(tmp_path: Path) -> None:
    cache = Store(tmp_path)
    place = kept(cache)
    os.utime(place / "files/a/page.md", ns=(1, 1))
    assert cache.entry("a/page", "key") is not None
    stamps = json.loads((place / "record.json").read_text())["files"]
    assert stamps["a/page.md"][2] == 1


def test_the_digest_is_of_names_and_contents_alone(tmp_path: Path) -> None:
    def digest(folder: str, files: dict[str, bytes]) -> str:
        cache = Store(tmp_path / folder)
        new = cache.begin()
        write_files(new, files)
        return cache.keep("a", folder, new).digest

    assert digest("one", FILES) == digest("two", dict(reversed(FILES.items())))
    assert digest("three", FILES | {"a/page.md": b"another"}) != digest("four", FILES)
    assert digest("five", {"b": b"x"}) != digest("six", {"c": b"x"})


def test_strange_things_among_the_entries_are_cleared_away(tmp_path: Path) -> None:
    cache = Store(tmp_path)
    place = kept(cache)
    (place.parent / ".DS_Store").write_bytes(b"")
    (place.parent / "stray").write_bytes(b"")
    (place.parent / "link").symlink_to(tmp_path)
    cache.begin()
    cache.prune([place])
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_the_lock_is_never_emptied_through_a_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "lock").symlink_to(mine)
    with Store(tmp_path / "store").lock():
        pass
    assert mine.read_text() == "mine"


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(OSError, match="there"):
        write(tmp_path / "there", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


# ---- What is published ----


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "docs").mkdir()
    return Pages(tmp_path / "docs", ("claims", "figures"))


def entry(tmp_path: Path, files: dict[str, bytes], key: str = "1") -> Entry:
    cache = Store(tmp_path / "store")
    new = cache.begin()
    write_files(new, files)
    return cache.keep("some", key, new)


def wanted(made: Entry) -> dict[str, tuple[Path, Stamp]]:
    return {name: (made.folder / name, stamp) for name, stamp in made.files.items()}


CLAIM = b"---\ntitle: A\nclaim: rises\n---\n"


def test_the_generated_files_become_what_is_wanted(tmp_path: Path, pages: Pages) -> None:
    (pages.folder / "index.md").write_bytes(b"by hand")
    first = entry(
        tmp_path, {"claims/rises.md": CLAIM, "claims.json": b"[]", "figures/a/b.svg": b"1"}
    )
    changed, before = pages.publish(wanted(first), {})
    assert changed == 3
    assert pages.publish(wanted(first), before) == (0, before)
    second = entry(tmp_path, {"claims/rises.md": CLAIM + b"!", "claims.json": b"[]"}, "2")
    changed, now = pages.publish(wanted(second), before)
    assert changed == 2
    assert sorted(now) == ["claims.json", "claims/rises.md"]
    assert (pages.folder / "claims/rises.md").read_bytes() == CLAIM + b"!"
    assert not (pages.folder / "figures").exists()
    assert (pages.folder / "index.md").read_bytes() == b"by hand"


def test_a_damaged_published_file_comes_back(tmp_path: Path, pages: Pages) -> None:
    made = entry(tmp_path, {"claims/rises.md": CLAIM, "claims.json": b"[]"})
    _, before = pages.publish(wanted(made), {})
    (pages.folder / "claims.json").write_bytes(b"{}")
    (pages.folder / "claims/rises.md").unlink()
    (pages.folder / "claims/rises.md").symlink_to("/etc/hostname")
    changed, _ = pages.publish(wanted(made), before)
    assert changed == 2
    assert (pages.folder / "claims.json").read_bytes() == b"[]"
    assert not (pages.folder / "claims/rises.md").is_symlink()


def test_an_orphan_of_an_earlier_build_is_removed(tmp_path: Path, pages: Pages) -> None:
    (pages.folder / "claims/old").mkdir(parents=True)
    (pages.folder / "claims/old.md").write_bytes(CLAIM.replace(b"rises", b"old"))
    (pages.folder / "claims/old/claim.json").write_bytes(b"{}")
    (pages.folder / "claims/.new-abc").write_bytes(b"half")
    made = entry(tmp_path, {"claims/rises.md": CLAIM})
    pages.check(made.files)
    pages.publish(wanted(made), {})
    assert sorted(p.name for p in (pages.folder / "claims").rglob("*")) == ["rises.md"]


@pytest.mark.parametrize("name", ["claims/notes.md", "claims/photo.psd", "figures/a/page.md"])
def test_what_a_person_put_there_is_refused_by_name(pages: Pages, name: str) -> None:
    (pages.folder / name).parent.mkdir(parents=True)
    (pages.folder / name).write_bytes(b"# mine\n")
    with pytest.raises(BuildError, match=f"{name} was not made by a build: move it away"):
        pages.check(())
    assert (pages.folder / name).is_file()


def test_links_among_the_generated_folders_are_refused(tmp_path: Path, pages: Pages) -> None:
    (pages.folder / "claims").mkdir()
    (pages.folder / "claims/s.md").symlink_to("/etc/hostname")
    with pytest.raises(BuildError, match=r"s\.md was not made by a build"):
        pages.check(())
    (pages.folder / "claims/s.md").unlink()
    (tmp_path / "elsewhere").mkdir()
    (pages.folder / "figures").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BuildError, match="figures is a link"):
        pages.check(())


def test_stamps_that_lead_out_of_the_folder_are_no_stamps() -> None:
    good = ["0" * 64, 1, 2, 3]
    assert store.stamps({"a/b": good}) == {"a/b": Stamp(*good)}  # type: ignore[arg-type]
    for name in ("../x", "/x", "a/../../x", ""):
        assert store.stamps({name: good}) == {}
    wrong: list[object] = [[], {"a": 1}, {"a": [1, 2]}, None, {"a": ["x", "y", "z", "w"]}]
    for bad in wrong:
        assert store.stamps(bad) == {}
