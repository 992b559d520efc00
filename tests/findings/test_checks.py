"""The checks as a whole: what each of them finds is known beforehand, since alerts depend on it when one fails."""

import ast
import inspect
import sys
from collections.abc import Iterator

from sync.findings.checks import CHECKS
from sync.findings.kinds import BY_NAME


def named_in(module: str) -> set[str]:
    """Return the kinds that findings are made of in a module, by name."""
    return set(_kinds(ast.parse(inspect.getsource(sys.modules[module]))))


def _kinds(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and first.value in BY_NAME:
                yield str(first.value)


def test_every_kind_is_found_by_a_check_and_by_one_alone() -> None:
    declared = [kind for kinds in CHECKS.values() for kind in kinds]
    assert sorted(declared) == sorted(BY_NAME)


def test_a_check_stands_where_the_kinds_it_names_are_made() -> None:
    for module in {check.__module__ for check in CHECKS}:
        declared = {kind for check, kinds in CHECKS.items() if check.__module__ == module for kind in kinds}
        assert named_in(module) <= declared, module
