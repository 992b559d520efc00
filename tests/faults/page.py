"""`make faults`: docs/reliability.md from the catalogue and the names of the tests that prove it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
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
CANNOT = {
    "H03": "a job limit of six hours; the same as H01 for the service, whose lease runs out",
    "J08": "GitHub decides which workflows see secrets; the workflow file asks for none on pull requests",
}
"""Faults that cannot be injected here, and why."""
_TEST = re.compile(r"^def (test_fault_([a-l]\d\d)_\w+)", re.MULTILINE)


def catalogue() -> dict[str, dict[str, str]]:
    """Return what happens and what is promised, by number of the fault."""
    return tomllib.loads((HERE / "catalogue.toml").read_text("utf-8"))


def proofs_by_fault() -> dict[str, list[str]]:
    """Return the tests that inject each fault, as ``file: name``, in order."""
    found: dict[str, list[str]] = {}
    for file in sorted(HERE.glob("test_*.py")):
        for name, number in _TEST.findall(file.read_text("utf-8")):
            found.setdefault(number.upper(), []).append(f"`{file.name}`: `{name}`")
    return found


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    faults, proofs = catalogue(), proofs_by_fault()
    proven = sum(1 for number in faults if number in proofs)
    yield "# What goes wrong, and what happens then"
    yield ""
    yield "<!-- Written by `make faults` from tests/faults. -->"
    yield ""
    yield f"Each fault is brought about on the stand-ins, over HTTP, by the test named beside it: {proven} of the"
    yield f"{len(faults)} faults. Where no test is named, the promise is made and not yet held to a test of its own;"
    yield "`make soak` tells random schedules of all kinds of faults beyond these."
    for letter, title in CHAPTERS.items():
        yield ""
        yield f"## {letter}. {title}"
        yield ""
        yield "| No. | What happens | What is promised | Test |"
        yield "|---|---|---|---|"
        for number, one in faults.items():
            if number.startswith(letter):
                proof = "<br>".join(proofs.get(number, ())) or _without(number)
                yield f"| {number} | {_cell(one['fault'])} | {_cell(one['promise'])} | {proof} |"


def _without(number: str) -> str:
    return f"cannot be injected: {CANNOT[number]}" if number in CANNOT else "none yet"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("](", "]\\(")


if __name__ == "__main__":
    print(page(), end="")  # the page goes where the Makefile sends it
