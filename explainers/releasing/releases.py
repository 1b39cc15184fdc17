"""The record of what was released: docs/releases/<version>.json, each a claims.json as released.

``python -m explainers.releasing.releases`` does some steps of tools/release and tools/versions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from packaging.version import InvalidVersion, Version

from explainers.edition import published_address
from explainers.files import write
from explainers.lookup import SettingError, UnknownIdError, did_you_mean
from explainers.releasing import offline
from explainers.releasing.changes import as_text, compare

FOLDER = Path("docs/releases")
CLAIMS = Path("docs/claims.json")
OF_A_CLAIM = {"id", "question", "condition", "template"}
OF_A_RULING = {"examines", "says", "part", "verdict", "condition", "chapter"}

Record = Mapping[str, Any]


def released(folder: Path) -> dict[str, Record]:
    """The records of all releases, by version, the newest first."""
    return {version: read(folder / f"{version}.json") for version in versions(folder)}


def versions(folder: Path) -> list[str]:
    """The released versions, the newest first."""
    found = {path.stem: parsed(path.stem) for path in folder.glob("*.json")}
    return sorted(found, key=found.__getitem__, reverse=True)


def find(version: str, folder: Path) -> Record:
    """The record of one release, or an error that names those there are."""
    known = versions(folder)
    if version not in known:
        there_is = f"; released: {', '.join(known)}" if known else "; nothing is released yet"
        raise UnknownIdError(
            f"there is no release {version!r}{did_you_mean(version, known) or there_is}"
        )
    return read(folder / f"{version}.json")


def read(path: Path) -> Record:
    """Read a claims.json, and refuse a file that is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text, parse_constant=_refuse_constant)
    except OSError as error:
        raise SettingError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError):
        raise SettingError(f"{path} must be a claims.json; it is no JSON") from None
    if not _is_record(content):
        raise SettingError(f"{path} must be a claims.json; it has no claims as the site has them")
    record: Record = content
    return record


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _is_record(content: Any) -> bool:
    match content:
        case {"version": str(), "claims": list(claims), "rulings": list(rulings)}:
            edition = content.get("edition", {"date": ""})
            return (
                _has_texts(edition, {"date"})
                and all(_has_texts(ruling, OF_A_RULING) for ruling in rulings)
                and all(map(_is_claim, claims))
            )
    return False


def _has_texts(content: Any, names: set[str]) -> bool:
    return isinstance(content, dict) and all(isinstance(content.get(n), str) for n in names)


def _is_claim(claim: Any) -> bool:
    return (
        _has_texts(claim, OF_A_CLAIM)
        and isinstance(claim.get("verdict", 0), str | None)
        and isinstance(claim.get("values"), dict)
        and all(map(_is_value, claim["values"].values()))
    )


def _is_value(value: Any) -> bool:
    match value:
        case {"value": bool()}:
            return False
        case {"value": int() | float() as number, "unit": str(), "meaning": str()}:
            return abs(number) <= sys.float_info.max
    return False


def parsed(version: str) -> Version:
    """Read a version's text, and refuse what is not one, or is one not written as the others.

    >>> parsed("0.10.0") > parsed("0.9.0") > parsed("0.9.0rc1")
    True
    """
    try:
        read = Version(version)
    except InvalidVersion:
        raise SettingError(f"version must be as in 0.2.0 or 0.2.0rc1; got {version!r}") from None
    if str(read) != version:
        raise SettingError(f"version must be written {read}; got {version!r}")
    return read


def check(version: str, known: Collection[str]) -> None:
    """Refuse a version that cannot be released after those known."""
    new = parsed(version)
    if new.local or new.is_devrelease or new.epoch:
        raise SettingError(f"version must be one that others can install; got {version!r}")
    if version in known:
        raise SettingError(f"version must be a new one; {version} is released already")
    newest = max(known, key=parsed, default=None)
    if newest is not None and new <= parsed(newest):
        raise SettingError(f"version must be newer than {newest}; got {version!r}")


def record(version: str, claims: Record, date: str) -> Record:
    """What is recorded of a release: its claims.json, without the commit, which comes after it."""
    if claims["version"] != version:
        raise SettingError(f"claims.json must be of version {version}; got {claims['version']!r}")
    if "edition" not in claims:
        return claims
    return {**claims, "edition": {**claims["edition"], "date": date, "commit": ""}}


def root(address: str, release: str = "") -> str:
    """The address of the current edition, given that of a build; a release's copy lies below it.

    >>> root("https://host.example/pooling/0.1.0/", release="0.1.0")
    'https://host.example/pooling/'
    """
    return address.removesuffix(f"{release}/") if release else address


def _check(version: str) -> None:
    check(version, versions(FOLDER))


def _record(version: str) -> None:
    today = datetime.now(UTC).date().isoformat()
    text = json.dumps(record(version, read(CLAIMS), today), indent=2, ensure_ascii=False)
    write(FOLDER / f"{version}.json", text.encode() + b"\n")


def _same(old: str, new: str) -> None:
    changes = compare(read(Path(old)), read(Path(new)))
    if changes:
        lines = "; ".join(as_text(changes).splitlines())
        raise SettingError(f"{new} must say what {old} says; it differs in: {lines}")


def _address() -> None:
    sys.stdout.write(published_address() + "\n")


def _pack(site: str, folder: str) -> None:
    write(Path(folder) / offline.NAME, offline.packed(Path(site)))


STEPS: Mapping[str, Callable[..., None]] = {
    "check": _check,
    "record": _record,
    "same": _same,
    "address": _address,
    "pack": _pack,
}


def main(step: str, *arguments: str) -> int:
    """Do one step; bad input is one line and exit code 2."""
    try:
        STEPS[step](*arguments)
    except ValueError as error:
        sys.stderr.write(f"releases: {' '.join(str(error).split())}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
