"""The build: what is made anew, what stays, and what a failure leaves behind."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builder.projects import PARTS, ROOT, Project, children, copy_project, ended, tree, until

# The home page shows a figure and a number of alpha.
CARDS = {"previews/index", "previews/alpha", "previews/claims/alpha-rises"}
FIGURES = {"figures/alpha-line", "previews/figures/alpha-line"} | CARDS
CLAIMS = {"claims/alpha-rises"} | CARDS
ALPHA = {"notebooks/alpha"} | FIGURES | CLAIMS
BETA = {name.replace("alpha", "beta") for name in ALPHA - {"previews/index"}}
PREVIEWS = {name for name in ALPHA | BETA if name.startswith("previews/")}
WHOLE = {"indexes", "site"}  # made of everything


def test_a_chapter_is_one_folder_one_page_one_line(project: Project) -> None:
    assert set(project.build()["made"]) == ALPHA | BETA | WHOLE
    project.add_chapter("gamma")
    of_gamma = {name.replace("beta", "gamma") for name in BETA}
    assert set(project.build()["made"]) == of_gamma | WHOLE
    page = (project.root / "site" / "gamma" / "index.html").read_text(encoding="utf-8")
    assert "2.0" in page
    assert 'href="gamma/"' in (project.root / "site" / "index.html").read_text(encoding="utf-8")


def test_nothing_changed_nothing_made(built: Project) -> None:
    report = built.build()
    assert report["made"] == []
    assert report["changed"] == 0
    assert set(report["kept"]) == ALPHA | BETA | WHOLE


@pytest.mark.parametrize(
    ("file", "old", "new", "remade"),
    [
        ("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5", ALPHA | {"indexes"}),
        ("explainers/beta/model.py", "SLOPE = 2.0", "SLOPE = 2.5", BETA | {"indexes"}),
        (
            "explainers/alpha/claims.py",
            "Does it rise?",
            "Does it?",
            {"notebooks/alpha", "indexes"} | CLAIMS | (PREVIEWS & ALPHA),
        ),
        (
            "explainers/alpha/figures.py",
            "A line",
            "The line",
            {"notebooks/alpha", "indexes"} | FIGURES | (PREVIEWS & ALPHA),
        ),
        ("docs/notebooks/alpha.py", "A small", "One small", {"notebooks/alpha", "indexes"}),
        ("tests/alpha/test_claims.py", "2 > 1", "3 > 1", CLAIMS | {"indexes"}),
        (
            "explainers/alpha/snippets/alpha-rises.py",
            "slope = 2.0",
            "slope = 4 / 2",
            CLAIMS | {"indexes"},
        ),
        (
            "explainers/drawing/style.py",
            '"lines.linewidth": 2.0',
            '"lines.linewidth": 3.0',
            ALPHA | BETA | {"indexes"},
        ),
        ("explainers/sources.py", "Stack Exchange", "StackExchange", {"indexes"}),
        ("explainers/artefacts/cards.py", "MARGIN = 56", "MARGIN = 60", PREVIEWS | {"indexes"}),
        ("docs/alpha.md", "At one", "At 1", {"previews/alpha", "indexes"}),
        ("docs/index.md", "At one", "At 1", {"previews/index", "indexes"}),
    ],
)
def test_what_depends_on_a_change_is_made_anew_and_nothing_else(
    built: Project, file: str, old: str, new: str, remade: set[str]
) -> None:
    built.edit(file, old, new)
    made = set(built.build("--no-pages")["made"])
    # A claim whose record did not change has no preview to make anew.
    claims = {"claims/alpha-rises", "claims/beta-rises"} if "sources.py" in file else set()
    assert made == remade | claims


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("overrides/main.html", "{%", " {%"),
        ("mkdocs.yml", "Small", "Smaller"),
        ("explainers/site/elements.py", "HTML elements", "Elements of HTML"),
    ],
)
def test_what_only_pages_are_made_of_renders_them_anew(
    built: Project, file: str, old: str, new: str
) -> None:
    built.edit(file, old, new)
    made = set(built.build()["made"])
    assert "site" in made
    assert made <= {"site", "indexes"}


def test_an_address_is_part_of_the_site_of_its_data_and_of_figures_alone(built: Project) -> None:
    done = built.run("build", "--json", SITE_URL="https://host.example/")
    made = set(json.loads(done.stdout)["made"])
    drawn = {id for id in made if id.startswith(("figures/", "previews/"))}
    assert drawn >= {"figures/alpha-line", "figures/beta-line"}
    assert made - drawn == WHOLE
    [text] = [b for name, b in built.published().items() if name.endswith("alpha-line-dark.svg")]
    assert "host.example/figures/alpha-line/" in text.decode()


def test_data_beside_the_code_counts(built: Project) -> None:
    (built.root / "explainers" / "alpha" / "data.csv").write_text("1\n")
    assert set(built.build("--no-pages")["made"]) >= {"figures/alpha-line", "notebooks/alpha"}
    (built.root / "explainers" / "alpha" / "data.csv").write_text("2\n")
    assert "figures/beta-line" not in built.build("--no-pages")["made"]


def test_a_changed_constant_reaches_the_page(built: Project) -> None:
    built.edit("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5")
    built.build()
    assert b"At one it is 2.5." in built.published()["claims.json"]
    assert b"At 1 it is 2.5." in built.published()["figures.json"]
    assert "2.5" in (built.root / "site" / "alpha" / "index.html").read_text(encoding="utf-8")


def test_only_what_was_asked_for_is_made(project: Project) -> None:
    assert set(project.build("--only", "alpha")["made"]) == ALPHA
    of_figure = {"figures/beta-line", "previews/figures/beta-line"}
    assert set(project.build("--only", "beta-line")["made"]) == of_figure
    assert not (project.root / "site").exists()
    assert set(project.build("--only", "beta", "--force")["made"]) == BETA
    done = project.run("build", "--only", "betta")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "did you mean beta" in done.stderr


def test_a_preview_alone_comes_with_what_it_is_made_of(project: Project) -> None:
    preview, claim, figure = "previews/claims/beta-rises", "claims/beta-rises", "figures/beta-line"
    made = project.build("--only", preview)["made"]
    assert set(made) == {figure, claim, preview}
    assert made[-1] == preview
    assert set(project.build("--only", preview)["kept"]) == {figure, claim, preview}
    project.edit("explainers/beta/figures.py", '"max"', '"mean"')
    assert project.build("--only", preview)["made"] == [figure, preview]
    assert set(project.build("--no-pages")["made"]) == (ALPHA | BETA | {"indexes"}) - {
        preview, claim, figure
    }  # fmt: skip


def test_a_preview_shows_the_figure_and_the_number_as_they_are(built: Project) -> None:
    def card(page: str) -> bytes:
        return built.published()[f"previews/{page}.png"]

    pages = "claims/alpha-rises", "figures/alpha-line", "alpha", "index", "claims/beta-rises"
    before = {page: card(page) for page in pages}
    built.edit("explainers/alpha/figures.py", '"max"', '"mean"')
    built.build("--no-pages")
    drawn = {page: card(page) for page in pages}
    assert [page for page in pages if drawn[page] != before[page]] == list(pages[:4])
    built.edit("explainers/alpha/claims.py", "model.law(1.0)", "model.law(1.5)")
    built.build("--no-pages")
    counted = {page: card(page) for page in pages}
    changed = ["claims/alpha-rises", "alpha", "index"]
    assert [page for page in pages if counted[page] != drawn[page]] == changed


def test_what_is_no_longer_made_is_removed(built: Project) -> None:
    built.edit("explainers/alpha/figures.py", "FIGURES = (alpha_line,)", "FIGURES = ()")
    for file in ("explainers/alpha/claims.py", "docs/alpha.md", "docs/index.md"):
        built.edit(file, "alpha-line", "beta-line")
    built.build()
    assert not [name for name in built.published() if "alpha-line" in name]
    assert not [name for name in tree(built.root / "site") if "alpha-line" in name]
    assert "previews/claims/alpha-rises.png" in built.published()
    assert "alpha.md" in built.published()


def test_pages_of_what_was_renamed_do_not_outlive_a_lost_cache(built: Project) -> None:
    shutil.rmtree(built.root / ".artefacts")
    for file in (CLAIMS_PY, "tests/alpha/test_claims.py", "docs/alpha.md", "docs/index.md"):
        text = (
            (built.root / file).read_text(encoding="utf-8").replace("alpha_rises", "alpha_climbs")
        )
        (built.root / file).write_text(text.replace("alpha-rises", "alpha-climbs"))
    snippets = built.root / "explainers" / "alpha" / "snippets"
    (snippets / "alpha-rises.py").rename(snippets / "alpha-climbs.py")
    built.build()
    assert not [name for name in built.published() if "alpha-rises" in name]
    assert (built.root / "site" / "claims" / "alpha-climbs" / "index.html").is_file()


def test_a_deleted_file_comes_back(built: Project) -> None:
    before = built.published()
    shutil.rmtree(built.root / "docs" / "figures")
    (built.root / "docs" / "claims.json").write_text("{}")
    assert built.build()["made"] == []
    assert built.published() == before


def test_what_an_editor_left_among_the_pages_is_not_published(built: Project) -> None:
    before = set(tree(built.root / "site"))
    for name in ("beta.md~", "#beta.md#"):
        (built.root / "docs" / name).write_text("# A draft\n", encoding="utf-8")
    built.edit("docs/beta.md", "# beta", "# Beta")
    built.build()
    assert set(tree(built.root / "site")) == before


def test_clean_removes_all_that_was_made_and_nothing_else(built: Project) -> None:
    by_hand = {"index.md", "alpha.md", "beta.md", "notebooks/alpha.py", "notebooks/beta.py"}
    done = built.run("clean")
    assert done.returncode == 0, done.stderr
    left = set(built.published())
    assert by_hand <= left
    assert {n for n in left - by_hand if not re.fullmatch(r"\w+\.md", n)} == set()
    assert not (built.root / "site").is_symlink()
    assert [p.name for p in (built.root / ".artefacts").iterdir()] == ["lock"]


# ---- Failures ----

FIGURES_PY, CLAIMS_PY = "explainers/alpha/figures.py", "explainers/alpha/claims.py"
MODEL_PY, CATALOGUE = "explainers/alpha/model.py", "explainers/catalogue.py"
NOTEBOOK = "docs/notebooks/alpha.py"
FACT, JUDGED = 'Fact("by the small law.")', "Judged({}, margin=lambda v: 1)"
LIST = "CLAIMS = (alpha_rises,)"


def renamed(id: str) -> str:
    """The list of a chapter's claims, the one in it under another id."""
    return f"from dataclasses import replace\n\nCLAIMS = (replace(alpha_rises, id={id!r}),)"


REDIRECT = "plugins: [{redirects: {redirect_maps: {OLD: beta.md}}},"


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (FIGURES_PY, 'style.colour("max")', 'style.colour("mix")', r"figures/alpha-line: .*'mix'"),
        (FIGURES_PY, "canvas, axes =", "raise SystemExit(0)\n    canvas, axes =",
         "figures/alpha-line: SystemExit"),
        (FIGURES_PY, "canvas, axes =", "import os; os._exit(0)\n    canvas, axes =",
         "figures/alpha-line: its process died"),
        (FIGURES_PY, '{"y": model.law(x)}', '{"y": float("nan")}', "figures/alpha-line: .*nan"),
        (FIGURES_PY, '"y": [0, model.law(x)]}', '"y": [0]}', "figures/alpha-line: "),
        (FIGURES_PY, 'alt="A rising line, to {y:g}."', 'alt=""', "alt"),
        (FIGURES_PY, "FIGURES =", "FIGURES = (", r"SyntaxError.*figures\.py"),
        (FIGURES_PY, "(alpha_line,)", "(alpha_line, alpha_line)", "figures/alpha-line: .*twice"),
        (CATALOGUE, "CHAPTERS = (", 'CHAPTERS = (Chapter("alpha", "Again"),',
         "notebooks/alpha: .*twice"),
        (CATALOGUE, "CHAPTERS = (", "CHAPTERS = ((", r"SyntaxError.*catalogue\.py"),
        (CATALOGUE, "CHAPTERS = (", 'CHAPTERS = (Chapter("gamma"),',
         r"title.*catalogue\.py, line \d"),
        (CLAIMS_PY, FACT, JUDGED, "claims/alpha-rises: .*never swept"),
        (CLAIMS_PY, "{at_one:.1f}", "{at_two:.1f}", "at_two"),
        (CLAIMS_PY, "code=model.law", 'test="test_falls", code=model.law', "test_falls"),
        (CLAIMS_PY, "CLAIMS =", "CLAIMS = 1 /", "chapter alpha: "),
        (CLAIMS_PY, "alpha-line", "alpha-lime", "did you mean figures/alpha-line"),
        (CLAIMS_PY, "Does it rise?", "Does it? " * 30, "too long for a card"),
        (CLAIMS_PY, "model.law(1.0)", 'float("nan")', "claims/alpha-rises: .*nan"),
        (CLAIMS_PY, LIST, renamed("../../../x"), r"\.\./\.\./\.\./x"),
        (CLAIMS_PY, LIST, renamed("Or Of?<four>#x"), "Or Of"),
        (CLAIMS_PY, LIST, renamed("beta-rises"), "claims/beta-rises: .*twice"),
        (NOTEBOOK, "# # A small notebook", "# # A\n# %%\nlore(3)", "notebooks/alpha: .*lore"),
        ("docs/alpha.md", "{{ figure alpha-line }}", "", r"docs/alpha\.md"),
        ("docs/alpha.md", "alpha-rises.at_one", "alpha-rises.at_two", "previews/alpha: "),
        ("docs/index.md", "alpha-rises", "alpha-raises", "previews/index: .*did you mean"),
        ("docs/beta.md", "# beta", "# beta\n\n{{ nonsense }}", r"docs/beta\.md: .*nonsense"),
        ("docs/beta.md", "# beta", "# beta\n\n$\\bad$", r"docs/beta\.md: .*bad"),
        ("docs/beta.md", "# beta", "# beta\n\n[x](nowhere.md)", r"nowhere\.md"),
        ("docs/beta.md", "# beta", "# beta\n\n[x](alpha.md#gone)", "gone"),
        ("docs/beta.md", "# beta", '# beta\n\n<a href="nowhere/">x</a>', "nowhere"),
        ("docs/beta.md", "# beta", '# beta\n\n<a href="../alpha/#gone">x</a>', "gone"),
        ("docs/beta.md", "# beta", '# beta\n\n<img src="gone.png" alt="x">', r"gone\.png"),
        ("mkdocs.yml", "plugins: [", REDIRECT.replace("OLD", "alpha.md"),
         r"alpha\.md is a page still"),
        ("mkdocs.yml", "plugins: [", REDIRECT.replace("OLD", "../../x.md"),
         r"\.\./\.\./x\.md"),
        ("mkdocs.yml", "plugins: [",
         REDIRECT.replace("OLD", "old.md").replace("beta.md", "'beta.md#gone'"), "gone"),
        ("mkdocs.yml", "site_name: Small", "site_name: [", r"mkdocs\.yml"),
        ("docs/how.md", "# how", "---\ntitle: [\n---\n# how", r"docs/how\.md: .*YAML"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_that_names_it_and_leaves_the_site(
    built: Project, file: str, old: str, new: str, named: str
) -> None:
    before = tree(built.root / "site")
    built.edit(file, old, new)
    assert re.search(named, built.fails()), named
    assert tree(built.root / "site") == before
    assert not list(built.root.parent.rglob("x.md"))


@pytest.mark.parametrize("name", ["docs/alpha.md", "docs/how.md"])
def test_a_text_that_is_not_utf_8_is_named(built: Project, name: str) -> None:
    with (built.root / name).open("ab") as file:
        file.write(b"# caf\xe9\n")
    assert f"{name}: it must be UTF-8" in built.fails()


def test_a_pipe_among_the_pages_is_refused_by_name(built: Project) -> None:
    os.mkfifo(built.root / "docs" / "pipe")
    assert "docs/pipe is no file" in built.fails()


@pytest.mark.parametrize("wrong", ["{% if %}", "{{ 1 / 0 }}", "{{ nothing.at_all }}"])
def test_a_template_of_the_theme_that_is_wrong_is_named(built: Project, wrong: str) -> None:
    built.edit("mkdocs.yml", "strict:", "theme: {name: mkdocs, custom_dir: overrides}\nstrict:")
    (built.root / "overrides" / "main.html").write_text(f"\n{wrong}\n", encoding="utf-8")
    assert "overrides/main.html, line 2: " in built.fails()


@pytest.mark.parametrize("name", ["claims.md", "beta/index.md", "beta/index.html"])
def test_two_files_of_one_address_are_refused(built: Project, name: str) -> None:
    before = tree(built.root / "site")
    (built.root / "docs" / name).parent.mkdir(exist_ok=True)
    (built.root / "docs" / name).write_text("# Another\n", encoding="utf-8")
    assert f"docs/{name}" in built.fails()
    assert tree(built.root / "site") == before


def test_after_a_failure_the_next_build_is_whole(built: Project) -> None:
    before = tree(built.root / "site")
    built.edit("explainers/beta/model.py", "SLOPE = 2.0", "SLOPE = 3.0")
    built.edit(FIGURES_PY, 'style.colour("max")', 'style.colour("mix")')
    built.fails()
    built.edit(FIGURES_PY, 'style.colour("mix")', 'style.colour("max")')
    built.build()
    assert b"3" in built.published()["figures/beta-line/beta-line.csv"]
    built.edit("explainers/beta/model.py", "SLOPE = 3.0", "SLOPE = 2.0")
    built.build()
    assert tree(built.root / "site") == before


def test_what_does_not_end_is_named(built: Project) -> None:
    built.edit(MODEL_PY, "return SLOPE * x", "import time; time.sleep(100); return SLOPE * x")
    said = built.fails("--limit", "4", "--only", "figures/alpha-line")
    assert "figures/alpha-line: not ready after 4 s" in said


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SITE_URL": "host.example"}, "SITE_URL|address"),
        ({"SITE_URL": "https://x.example/?a=1"}, "SITE_URL|address"),
        ({"SITE_URL": 'https://x.example/"><script>'}, "SITE_URL|address"),
        ({"SOURCE_DATE_EPOCH": "yesterday"}, "SOURCE_DATE_EPOCH"),
        ({"SOURCE_DATE_EPOCH": "1" + "0" * 20}, "SOURCE_DATE_EPOCH"),
        ({"SOURCE_DATE_EPOCH": "-5"}, "SOURCE_DATE_EPOCH"),
    ],
)
def test_a_wrong_variable_is_refused_before_any_work(
    project: Project, variables: dict[str, str], named: str
) -> None:
    done = project.run("build", **variables)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert re.search(named, done.stderr)
    assert not (project.root / ".artefacts").exists()


def test_the_code_of_another_checkout_is_not_built(built: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "explainers", "build"],
        cwd=built.root,
        env=built.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "make site" in done.stderr


def test_a_file_that_cannot_be_written_is_named_in_one_line(built: Project) -> None:
    (built.root / "docs" / "claims.json").unlink()
    (built.root / "docs" / "claims.json" / "inside").mkdir(parents=True)
    assert "docs/claims.json: " in built.fails()
    assert not list((built.root / "docs").rglob(".new-*"))


def test_a_full_output_is_said_in_one_line(built: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "explainers", "build"],
            cwd=built.root, env=built.environment, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "no space left" in done.stderr


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "1", '{"entries": 1}', '{"entries": {"a": 1}}', '{"published": ["x"]}',
     '{"published": {"../../../x": ["0", 1, 2, 3]}}', '{"contents": {"alpha": 1}, "before": 3}'],
)  # fmt: skip
def test_a_damaged_manifest_counts_as_never_written(
    built: Project, content: str, tmp_path: Path
) -> None:
    before, site = built.published(), tree(built.root / "site")
    (tmp_path / "x").write_text("mine")
    manifest = built.root / ".artefacts" / "manifest.json"
    manifest.write_text(content)
    built.build()
    assert (built.published(), tree(built.root / "site")) == (before, site)
    manifest.write_text(content)
    assert built.run("clean").returncode == 0
    assert (tmp_path / "x").read_text() == "mine"


# ---- Edits while it builds ----


def test_an_edit_during_a_build_is_not_kept_under_the_old_key(built: Project) -> None:
    """Changed while its notebook runs, and changed back: what ran meanwhile must not stay."""
    built.run_code()
    built.build()
    clean = tree(built.root / "site")
    built.edit(NOTEBOOK, "model.law(3)", "import time; time.sleep(4); model.law(3)")
    process = built.start("build")
    until(lambda: len(children(process.pid)) >= 1)
    time.sleep(2.5)
    built.edit(MODEL_PY, "SLOPE = 2.0", "SLOPE = 99.0")
    assert ended(process) == 0
    assert b"297.0" in built.published()["notebooks/alpha.ipynb"]
    built.edit(MODEL_PY, "SLOPE = 99.0", "SLOPE = 2.0")
    built.edit(NOTEBOOK, "import time; time.sleep(4); model.law(3)", "model.law(3)")
    built.build()
    assert b"297.0" not in built.published()["notebooks/alpha.ipynb"]
    assert tree(built.root / "site") == clean


def test_an_edit_changed_back_during_a_build_leaves_no_trace(built: Project) -> None:
    built.edit(MODEL_PY, "return SLOPE * x", "import time; time.sleep(3); return SLOPE * x")
    process = built.start("build", "--no-pages")
    until(lambda: len(children(process.pid)) >= 1)
    time.sleep(1)
    built.edit(MODEL_PY, "SLOPE = 2.0", "SLOPE = 99.0")
    time.sleep(1.5)
    built.edit(MODEL_PY, "SLOPE = 99.0", "SLOPE = 2.0")
    assert ended(process) == 0
    assert b"198.0" not in built.published()["claims.json"]
    assert b"At one it is 2.0." in built.published()["claims.json"]


def test_an_edit_of_a_published_page_while_it_is_rendered_is_not_kept(built: Project) -> None:
    clean = tree(built.root / "site")
    built.run("build", "--force", "--no-pages")
    shutil.rmtree((built.root / "site").resolve().parent)
    process = built.start("build")
    until(lambda: list((built.root / ".artefacts" / "home" / "tmp").glob("tmp*")))
    built.edit("docs/claims/alpha-rises.md", "rise", "fall")
    assert ended(process) == 0
    assert tree(built.root / "site") == clean


# ---- The same bytes ----


def test_two_folders_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    other = Project(tmp_path / "another [1]" / "place")
    shutil.copytree(project.root, other.root)
    for each in (project, other):
        each.build("--jobs", "1" if each is project else "2")
    assert project.published() == other.published()
    assert tree(project.root / "site") == tree(other.root / "site")


def test_the_real_artefacts_repeat_to_the_byte(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "copy")
    copy.build("--no-pages")
    made = json.loads((copy.root / ".artefacts" / "manifest.json").read_text())["published"]
    assert len(made) > 50
    differ = [name for name in made if _bytes(ROOT, name) != _bytes(copy.root, name)]
    assert set(differ) <= {"claims.json", "llms.txt", "nav.yml"}  # they name the commit
    assert _claims(ROOT) == _claims(copy.root)


def _claims(root: Path) -> object:
    content = json.loads(_bytes(root, "claims.json"))
    return content["claims"], content["rulings"]


def _bytes(root: Path, name: str) -> bytes:
    return (root / "docs" / name).read_bytes()


def test_a_build_with_nothing_to_do_is_quick(built: Project) -> None:
    def busy() -> float:
        """Processor time of all runs so far: what other tests do meanwhile does not count."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    seconds = []
    for _ in range(3):
        before = busy()
        assert built.run("build").stdout.startswith("0 made")
        seconds.append(busy() - before)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "explainers", "build"],
        cwd=built.root, env=built.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = set(re.findall(r"\|\s+(\w+)$", done.stderr, re.MULTILINE))
    assert "click" in imported
    assert not imported & {"matplotlib", "numpy", "PIL", "nbclient", "mkdocs", "tqdm"}
    assert min(seconds) < 0.6


def test_every_part_of_the_miniature_is_used() -> None:
    assert len(list(PARTS.iterdir())) == 7
