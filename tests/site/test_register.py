"""What was released stays: each address of the register leads somewhere in the built site."""

from __future__ import annotations

from pathlib import Path

from explainers.releasing import addresses, releases
from tests.site.conftest import ROOT

RELEASES = ROOT / releases.FOLDER


def register() -> list[str]:
    return addresses.read_register(RELEASES / "addresses.txt")


def test_no_released_address_is_lost(site: Path) -> None:
    assert len(register()) > 1000
    assert [str(one) for one in addresses.lost(register(), site)] == []


def test_a_lost_address_would_be_found(site: Path) -> None:
    made_up = ["./#never-there", "claims/never-claimed/", "figures/never/never-light.svg"]
    assert [one.address for one in addresses.lost([*register(), *made_up], site)] == made_up


def test_the_register_is_sorted_and_has_each_once() -> None:
    assert register() == sorted(set(register()))


def test_the_register_has_every_claim_ever_released() -> None:
    released = releases.released(RELEASES)
    assert released
    promised = {claim["url"] for record in released.values() for claim in record["claims"]}
    assert promised <= set(register())
    assert {f"releases/{version}.json" for version in released} <= set(register())
