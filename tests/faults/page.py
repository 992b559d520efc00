"""`make faults`: docs/reliability.md from the catalogue and the names of the tests that prove it.

An entry of the catalogue has `fault` and `promise`, and may have `proofs`: tests of another name that prove the same
(`"hours/test_laws.py: test_…"`), and `lacks`: what of the promise is not kept yet; or `cannot`: why no test on this
machine can bring the fault about.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
CHAPTERS = {
    "A": "Transport and unclear outcomes",
    "B": "Limits, quotas, outages",
    "C": "Reading GitHub incompletely",
    "D": "Life of an issue",
    "E": "Asana",
    "F": "Airtable",
    "G": "Hours, dates, contracts",
    "H": "Runs, crashes, state, schedule",
    "I": "Hostile or odd text",
    "J": "Secrets and supply",
    "K": "Telling people",
    "L": "Size",
}
ROOMS = ("faults", "e2e", "connectors", "cli")
"""Where tests talk to the stand-ins over HTTP: one that is named by a fault's number there proves the fault."""
_TEST = re.compile(r"^def (test_fault_([a-l]\d\d)_\w+)", re.MULTILINE | re.IGNORECASE)


def catalogue() -> dict[str, dict[str, Any]]:
    """Return what happens and what is promised, by number of the fault."""
    return tomllib.loads((TESTS / "faults" / "catalogue.toml").read_text("utf-8"))


def proofs_by_fault() -> dict[str, list[str]]:
    """Return the tests that prove each fault, as ``folder/file: name``: by their names, then by the catalogue."""
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        for file in sorted((TESTS / room).rglob("test_*.py")):
            for name, number in _TEST.findall(file.read_text("utf-8")):
                found.setdefault(number.upper(), []).append(f"{file.relative_to(TESTS)}: {name}")
    for number, one in catalogue().items():
        found.setdefault(number, []).extend(one.get("proofs", ()))
    return {number: proofs for number, proofs in found.items() if proofs}


def is_there(proof: str) -> bool:
    """Tell whether a test that the catalogue names exists."""
    file, _, name = proof.partition(": ")
    return (TESTS / file).is_file() and f"\ndef {name}(" in (TESTS / file).read_text("utf-8")


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    faults, proofs = catalogue(), proofs_by_fault()
    impossible = sum(1 for one in faults.values() if "cannot" in one)
    open_work = len(faults) - len(proofs) - impossible
    in_part = sum(1 for one in faults.values() if "lacks" in one)
    yield "# What goes wrong, and what happens then"
    yield ""
    yield "<!-- Written by `make faults` from tests/faults/catalogue.toml and the names of the tests. -->"
    yield ""
    yield f"{len(proofs)} of the {len(faults)} faults are brought about by the tests named beside them, most of them on"
    yield f"the stand-ins and over HTTP; {impossible} cannot be brought about here, for the reason given; {open_work}"
    yield f"are promised and not yet held to a test of their own. Of {in_part} a part of the promise is not kept, as"
    yield "said there. `make soak` tells random schedules of all kinds of faults beyond these; in every other one the"
    yield "runs remember what services answered before."
    for letter, title in CHAPTERS.items():
        yield ""
        yield f"## {letter}. {title}"
        yield ""
        yield "| No. | What happens | What is promised | Test |"
        yield "|---|---|---|---|"
        for number, one in faults.items():
            if number.startswith(letter):
                proof = "<br>".join(map(_spelled, proofs.get(number, ()))) or _without(one)
                proof += f"<br>not kept: {_cell(one['lacks'])}" if "lacks" in one else ""
                yield f"| {number} | {_cell(one['fault'])} | {_cell(one['promise'])} | {proof} |"


def _spelled(proof: str) -> str:
    file, _, name = proof.partition(": ")
    return f"`{file}`: `{name}`"


def _without(fault: dict[str, Any]) -> str:
    return f"cannot be injected: {_cell(fault['cannot'])}" if "cannot" in fault else "none yet"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("](", "]\\(")


if __name__ == "__main__":
    print(page(), end="")  # the page goes where the Makefile sends it
