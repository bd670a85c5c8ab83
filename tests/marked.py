"""Tests that carry a mark with a number or a name, found by reading their source: what pages of proof are written from."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]


class Marked(NamedTuple):
    """One test that carries a mark."""

    path: str
    name: str
    asks: frozenset[str]
    """Its parameters and fixtures."""
    source: str
    """The text of its file."""

    def in_words(self) -> str:
        """Its file and its name as a sentence, as a page shows it."""
        return f"`{self.path.removeprefix('tests/')}` {self.name.removeprefix('test_').replace('_', ' ')}"


def marked(kind: str) -> dict[Any, list[Marked]]:
    """Every test with `@pytest.mark.<kind>(...)`, by each value that it carries."""
    found: dict[Any, list[Marked]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if f"mark.{kind}(" not in text:
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                asks = frozenset(argument.arg for argument in function.args.args)
                test = Marked(path.relative_to(ROOT).as_posix(), function.name, asks, text)
                for value in _values(function, kind):
                    found.setdefault(value, []).append(test)
    return found


def _values(function: ast.FunctionDef, kind: str) -> Iterator[Any]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == f"pytest.mark.{kind}":
            yield from (ast.literal_eval(argument) for argument in decorator.args)
