"""Each judged claim tried over all that its question asks; its verdict follows from the answers.

A sweep tries a grid with the ends of every range, and random cases between. What is measured is
measured with fresh seeds, never with those on the page. The outcome is recorded beside the chapter
(``swept.json``), with a digest of the code that it was found with.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from explainers import digests
from explainers.claim import PETALS, Answer, Case, Claim, Judged, Values, Verdict
from explainers.records import refuse_unreal

FILE = "swept.json"
RECORDS = ".jsonl"  # ends the names of files with what a chapter measured once, if it did
SEEDS = tuple(range(1001, 1017))  # sixteen that no page shows
# Two hundred for the intervals, far apart: what is repeated takes the seeds that follow.
HELD_SEEDS = tuple(range(10_000, 30_000, 100))
# Of 200 intervals that hold their mean with 95 %, so many do in all but 3 of 1000 sweeps.
LEAST_HELD, MOST_HELD = 180, 198
_BETWEEN = 0.2  # of the cases, at random between the values of the grid
_BISECTIONS = 40
_PROSE = {"question", "says", "statement", "answer", "formula", "condition", "otherwise",
          "earlier", "sources", "figure", "examines", "prints", "within", "test"}  # fmt: skip

Record = dict[str, Any]
Ends = tuple[float, float, float]  # a value, and the ends of its interval


class UndecidedError(ValueError):
    """The answers bear no verdict out, or not the one that the claim's words need."""


# ---- The verdict ----


def verdict(claim: Claim) -> Verdict | None:
    """The verdict that the recorded answers bear out; None for a fact."""
    return None if claim.judged is None else decided(claim.judged, recorded(claim))


def decided(judged: Judged, record: Record) -> Verdict:
    """The verdict on answers, or an error where they contradict the claim's words."""
    yes, no, inside = record["yes"], record["no"], record["inside"]
    if judged.possible:
        return Verdict.HOLDS if yes else Verdict.FAILS
    if not yes and not no:
        raise UndecidedError("all cases are open: there is nothing to say")
    if not (yes and no):
        if judged.condition:
            raise UndecidedError(f"it has a condition, but {no} cases say no, and {yes} yes")
        return Verdict.HOLDS if yes else Verdict.FAILS
    if inside["no"]:
        raise UndecidedError(f"within its domain a case says no: {inside['worst']['case']}")
    if not inside["yes"]:
        raise UndecidedError("within its domain no case says yes")
    if not judged.condition:
        raise UndecidedError("it holds on a condition, and has no words for it")
    return Verdict.ON_CONDITION


def recorded(claim: Claim) -> Record:
    """What the last sweep found."""
    found: Record | None = _file(_chapter(claim)).get(claim.id)
    if found is None:
        raise UndecidedError(f"{claim.id} was never swept: run “explainers sweep {claim.id}”")
    return found


def is_stale(claim: Claim) -> bool:
    """Whether the code has changed since the claim was swept."""
    return claim.judged is not None and recorded(claim)["code"] != digest(claim)


def _chapter(claim: Claim) -> str:
    return claim.values.__module__.rpartition(".")[0]


def _file(package: str) -> dict[str, Record]:
    path = resources.files(package) / FILE
    content: dict[str, Record] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return content


def save(claim: Claim, record: Record) -> None:
    """Record what a sweep found, beside the chapter."""
    path = Path(str(resources.files(_chapter(claim)) / FILE))
    content = _file(_chapter(claim)) | {claim.id: record}
    lines = (
        f"{json.dumps(id)}: {json.dumps(content[id], ensure_ascii=False)}" for id in sorted(content)
    )
    beside = path.with_suffix(".new")
    beside.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    beside.replace(path)


# ---- The cases ----


def cases(claim: Claim) -> list[Case]:
    """What a sweep tries: the page's case, the cases of the small picture, a grid, and others."""
    judged = _judged(claim)
    asked, rng = judged.asked, np.random.default_rng(zlib.crc32(claim.id.encode()))
    grid: list[Case] = [dict(zip(asked, each, strict=True)) for each in _product(judged)]
    first = [page_case(claim), *itertools.chain(*drawn_cases(claim))]
    chosen = _distinct(case for case in first if judged.together(**case))
    some = any(rule.between for rule in asked.values())
    room = max(judged.tries - len(chosen), 0)
    on_grid = room - int(room * _BETWEEN) if some else room
    rest = [case for case in grid if judged.together(**case)]
    if len(rest) > on_grid:
        ends = [case for case in rest if all(_at_end(asked[n], v) for n, v in case.items())]
        order = rng.permutation(len(rest))
        rest = _distinct([*ends, *(rest[i] for i in order)])[:on_grid]
    others = random_cases(claim, room - on_grid, rng) if some else []
    return _distinct([*chosen, *rest, *others])


def page_case(claim: Claim) -> Case:
    """The case that the page shows."""
    return {name: claim.defaults[name] for name in _judged(claim).asked}


def drawn_cases(claim: Claim) -> list[list[Case]]:
    """Rows of cases for the small picture: the first one or two ranges, all else as on the page."""
    judged = _judged(claim)
    names = list(judged.asked)[:2]
    page = page_case(claim)
    rows = judged.asked[names[1]].values if len(names) > 1 else (None,)
    return [
        [
            {**page, names[0]: value, **({names[1]: row} if row is not None else {})}
            for value in judged.asked[names[0]].values
        ]
        for row in rows
    ]


def random_cases(claim: Claim, number: int, rng: np.random.Generator) -> list[Case]:
    """So many cases that are asked, at random."""
    judged = _judged(claim)
    drawn: list[Case] = []
    for _ in range(100 * number):
        if len(drawn) == number:
            break
        case = {name: rule.at_random(rng) for name, rule in judged.asked.items()}
        if judged.together(**case):
            drawn.append(case)
    return drawn


def _judged(claim: Claim) -> Judged:
    if claim.judged is None:
        raise UndecidedError(f"{claim.id} is a fact: it has a number, and nothing to judge")
    return claim.judged


def _product(judged: Judged) -> Iterator[tuple[Any, ...]]:
    return itertools.product(*(rule.values for rule in judged.asked.values()))


def _at_end(rule: Any, value: Any) -> bool:
    return value in (rule.values[0], rule.values[-1])


def _distinct(many: Iterable[Case]) -> list[Case]:
    return list({_key(case): case for case in many}.values())


# ---- The answers ----


def judge(claim: Claim, case: Case) -> tuple[Answer, float]:
    """Answer one case, and say by how much."""
    judged = _judged(claim)
    trial = judged.trial or claim.values
    settings = claim.checked(case)
    replicates = [{"seed": seed} for seed in SEEDS] if claim.replicated else [{}]
    return judged.answer([_margin(judged, trial(**settings, **seed)) for seed in replicates])


def _margin(judged: Judged, values: Values) -> float | bool:
    refuse_unreal(values)
    margin = judged.margin(values)
    return bool(margin) if isinstance(margin, bool | np.bool_) else float(margin)


def in_domain(claim: Claim, case: Case) -> bool:
    """Whether the claim's sentence is asserted there."""
    return bool(_judged(claim).domain(**case))


Answered = list[tuple[Case, Answer, float]]


def summary(claim: Claim, answered: Answered) -> Record:
    """What is recorded of the answers."""
    inside = [row for row in answered if in_domain(claim, row[0])]
    outside = [row for row in answered if row[1] is Answer.NO and row not in inside]
    known = {_key(case): answer for case, answer, _ in answered}
    return {
        "code": digest(claim),
        "cases": len(answered),
        **_counted(answered),
        "inside": {
            "cases": len(inside),
            **_counted(inside),
            "worst": _shown(min(inside, key=lambda row: row[2])) if inside else None,
        },
        "against": _shown(_nearest(claim, outside)) if outside else None,
        "seeds": len(SEEDS) if claim.replicated else 0,
        "edges": edges(claim) if not claim.replicated else {},
        "picture": [[known.get(_key(case)) for case in row] for row in drawn_cases(claim)],
    }


def _counted(answered: Answered) -> dict[str, int]:
    return {str(a): sum(answer is a for _, answer, _ in answered) for a in Answer}


def _shown(row: tuple[Case, Answer, float]) -> Record:
    return {"case": dict(row[0]), "margin": float(f"{row[2]:.6g}")}


def _nearest(claim: Claim, rows: Answered) -> tuple[Case, Answer, float]:
    """The case that differs from the page's in fewest settings: the easiest to understand."""
    page = page_case(claim)
    return min(rows, key=lambda row: sum(page[name] != value for name, value in row[0].items()))


def edges(claim: Claim) -> dict[str, list[float]]:
    """Where the answer turns along each continuous range, all else being as on the page."""
    found = {}
    for name, rule in _judged(claim).asked.items():
        if rule.between:
            pairs = itertools.pairwise(rule.values)
            turns = (_edge(claim, name, float(low), float(high)) for low, high in pairs)
            found[name] = [turn for turn in turns if turn is not None]
    return {name: turns for name, turns in found.items() if turns}


def _edge(claim: Claim, name: str, low: float, high: float) -> float | None:
    def answer(value: float) -> Answer:
        return judge(claim, {**page_case(claim), name: value})[0]

    if (first := answer(low)) == answer(high):
        return None
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if answer(middle) == first else (low, middle)
    return float(f"{high:.6g}")


# ---- Intervals that mean it ----


def drawn_intervals(claim: Claim, seed: int) -> dict[str, Ends]:
    """The intervals of one seed, as far as they are over what a seed draws anew."""
    values = claim.computed(**claim.lighter, seed=seed)
    return {
        name: (float(value.value), value.low, value.high)
        for name, value in values.items()
        if value.low is not None and value.high is not None and value.over != PETALS
    }


def held(drawn: Mapping[int, Mapping[str, Ends]]) -> Record:
    """For each interval, the mean over all seeds, and the seeds whose interval does not hold it."""
    found = {}
    for name in next(iter(drawn.values()), {}):
        mean = math.fsum(ends[name][0] for ends in drawn.values()) / len(drawn)
        missed = [seed for seed, ends in drawn.items() if not _holds(ends[name], mean)]
        found[name] = {"mean": float(f"{mean:.12g}"), "missed": missed}
    return found


def _holds(ends: Ends, mean: float) -> bool:
    _, low, high = ends
    rounding = 1e-9 * abs(mean)
    return low - rounding <= mean <= high + rounding


# ---- The code that it was found with ----


def digest(claim: Claim) -> str:
    """A digest of all code that the claim's numbers depend on; of prose and comments it knows none.

    The lines themselves are hashed, and parsed only to find what is left out: so it is the same on
    every Python. Of the shared table it knows the claim's own ranges. What the chapter recorded is
    a part of it.
    """
    asked = {name: (rule.values, rule.between) for name, rule in _judged(claim).asked.items()}
    state = hashlib.sha256(repr(asked).encode())
    for module in digests.reached(claim.values.__module__):
        keep = (
            _own_lines(claim) if module == claim.values.__module__ else digests.code_lines(module)
        )
        state.update("\n".join([module, *keep]).encode())
    within = resources.files(_chapter(claim)).iterdir()
    for records in sorted((f for f in within if f.name.endswith(RECORDS)), key=lambda f: f.name):
        state.update(records.read_bytes())
    return state.hexdigest()[:16]


def _own_lines(claim: Claim) -> list[str]:
    """The lines of the chapter's claims that are no other claim, no ruling, and no prose."""
    tree, lines = digests.parsed(claim.values.__module__)
    others = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name != claim.values.__name__
        and any(_is_claim(decorator) for decorator in node.decorator_list)
    ]
    prose = [
        keyword
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in _PROSE
    ]
    whole = [(min(d.lineno for d in n.decorator_list), n.end_lineno or n.lineno) for n in others]
    rulings = [node for node in tree.body if _assigned(node) in ("CLAIMS", "RULINGS")]
    return digests.kept(lines, [*whole, *digests.spans([*rulings, *prose, *digests.wordy(tree)])])


def _assigned(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _is_claim(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "claim"


# ---- A whole sweep ----


def run(
    claims: Iterable[Claim],
    folder: Path,
    mapped: Callable[[Callable[..., Any], list[Any]], Iterable[Any]],
    progress: Callable[[int, int], object],
) -> list[Claim]:
    """Sweep claims, each recorded when it is done; what was begun before is taken up again.

    Parameters
    ----------
    claims
        Those to sweep.
    folder
        Where answers are kept until their claim is done.
    mapped
        Applies a function to a list, in order, on as many cores as there are.
    progress
        Called with the cases done, and all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    todo = [(claim, _jobs(claim)) for claim in claims]
    total, done = sum(len(jobs) for _, jobs in todo), 0
    for claim, jobs in todo:
        kept = folder / f"{claim.id}-{digest(claim)}.jsonl"
        known = _known(kept)
        waiting = [job for job in jobs if _key(job) not in known]
        done += len(jobs) - len(waiting)
        with kept.open("a", encoding="utf-8") as file:
            found = mapped(_work, [(claim.id, job) for job in waiting])
            for job, result in zip(waiting, found, strict=True):
                known[_key(job)] = result
                file.write(json.dumps([job, result]) + "\n")
                file.flush()
                done += 1
                progress(done, total)
        save(claim, _collected(claim, known))
        kept.unlink()
    return [claim for claim, _ in todo]


def _jobs(claim: Claim) -> list[Case]:
    """All that a sweep has to compute for a claim: its cases, and its intervals, seed by seed.

    Cases that differ only in what is asked first follow each other: they can share their draws.
    """
    last = tuple(_judged(claim).asked)[::-1]
    seeds = [{"held": seed} for seed in HELD_SEEDS] if claim.replicated else []
    return [*sorted(cases(claim), key=lambda case: [str(case[name]) for name in last]), *seeds]


def _work(job: tuple[str, Case]) -> Any:
    from explainers import catalogue

    claim, case = catalogue.claim(job[0]), job[1]
    return drawn_intervals(claim, case["held"]) if "held" in case else judge(claim, case)


def _collected(claim: Claim, known: Mapping[str, Any]) -> Record:
    """The record of a claim all of whose cases and seeds are known."""
    rows = [(case, Answer(known[_key(case)][0]), known[_key(case)][1]) for case in cases(claim)]
    seeds = [job["held"] for job in _jobs(claim) if "held" in job]
    drawn = {seed: known[_key({"held": seed})] for seed in seeds}
    return summary(claim, rows) | ({"intervals": held(drawn)} if drawn else {})


def _key(case: Case) -> str:
    return json.dumps(case, sort_keys=True)


def _known(path: Path) -> dict[str, Any]:
    """What is kept of a sweep that was broken off; a line cut short is nothing."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            case, result = json.loads(line)
        except ValueError:
            continue
        found[_key(case)] = result
    return found


def as_record(claim: Claim, record: Mapping[str, Any]) -> Record:
    """What claims.json says of a sweep."""
    judged = _judged(claim)
    return {
        "asked": {
            name: {"what": rule.what, "values": list(rule.values), "between": rule.between}
            for name, rule in judged.asked.items()
        },
        "page": page_case(claim),
        **{name: record[name] for name in record if name not in ("code", "intervals")},
        "intervals": {
            name: {"of": len(HELD_SEEDS), "held": len(HELD_SEEDS) - len(found["missed"])}
            for name, found in record.get("intervals", {}).items()
        },
    }
