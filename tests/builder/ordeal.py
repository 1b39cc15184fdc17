"""Random kills, clocks and damage, a hundred of them: python -m tests.builder.ordeal [ROUNDS]."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.builder.projects import Project, miniature, tree


def site(project: Project) -> dict[str, bytes]:
    return tree(project.root / "site")


def change(project: Project, slope: float) -> None:
    """Give alpha another slope: its pages, figures and numbers are others then."""
    path = project.root / "explainers" / "alpha" / "model.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [f"SLOPE = {slope}" if line.startswith("SLOPE") else line for line in lines]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def damaged(project: Project, chance: random.Random) -> None:
    """Damage something that a build has written, as a crash or a hand would."""
    made = [p for p in (project.root / ".artefacts").rglob("*") if p.is_file() and p.name != "lock"]
    path = chance.choice(sorted(made))
    content = path.read_bytes()
    match chance.randrange(4):
        case 0:
            path.write_bytes(content[: len(content) // 2])
        case 1:
            path.unlink()
        case 2 if content:
            at = chance.randrange(len(content))
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        case _:
            shutil.rmtree(path.parent)


def killed(project: Project, chance: random.Random, **variables: str) -> None:
    """Begin a build and kill it after a while, all at once as when the power fails."""
    process = project.start("build", **variables)
    try:
        process.wait(chance.uniform(0.1, 6))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.communicate()


def ordeal(project: Project, seed: int, rounds: int) -> None:
    """Change, damage, kill, at random; then the next build must give what a clean one gives."""
    chance = random.Random(seed)
    for _ in range(rounds):
        change(project, chance.choice([2.0, 2.5, 3.0]))
        if chance.random() < 0.5:
            damaged(project, chance)
        killed(project, chance, TZ=chance.choice(["UTC", "Asia/Tokyo", "America/Los_Angeles"]))
    project.build()
    after = site(project)
    clean = Project(project.root.parent / f"clean-{seed}")
    ignored = shutil.ignore_patterns(".artefacts", "__pycache__")
    shutil.copytree(project.root, clean.root, ignore=ignored, symlinks=True)
    clean.run("clean")
    clean.build()
    assert site(clean) == after
    assert clean.published() == project.published()


def main(rounds: int = 100) -> None:
    """Make the miniature go through it, and say how it came out."""
    with tempfile.TemporaryDirectory() as folder:
        project = miniature(Path(folder) / "project")
        project.build()
        for seed in range(0, rounds, 10):
            ordeal(project, seed, 10)
            sys.stdout.write(f"{seed + 10} of {rounds}: the site is whole, the next build clean\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
