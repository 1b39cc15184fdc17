from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builder.projects import Project, miniature


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The miniature, not built yet."""
    return miniature(tmp_path / "project")


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = miniature(tmp_path_factory.mktemp("built") / "project")
    project.build()
    return project


@pytest.fixture
def built(_built_once: Project, tmp_path: Path) -> Project:
    """The miniature, built."""
    shutil.copytree(_built_once.root, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
