"""Properties of every entry of every registry: key, texts, formulas that can be rendered, and no other list of keys."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.data.datasets import DATASETS
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.features import FEATURES
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.penalties import PENALTIES
from core.registry import Entry, registry

TABLES = [OUTPUT_ACTIVATIONS, INITIALIZERS, LOSSES, PENALTIES, FEATURES, OPTIMIZERS, DROPOUT_SCALINGS]
ENTRIES = [entry for table in TABLES for entry in table.values()]

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{type(entry).__name__}-{entry.key}")


def entry(key: str) -> Entry:
    return Entry(key=key, label=key, formula=key, explanation=f"{key}.")


def test_two_entries_cannot_share_a_key() -> None:
    with pytest.raises(ValueError, match="share a key"):
        registry(entry("a"), entry("a"))


def test_registries_and_entries_are_immutable() -> None:
    table = registry(entry("a"))
    with pytest.raises(TypeError):
        table["b"] = entry("b")  # type: ignore[index]
    with pytest.raises(AttributeError):
        table["a"].label = "b"  # type: ignore[misc]


def test_every_entry_has_its_key_and_a_unique_label() -> None:
    for table in TABLES:
        assert all(entry.key == key for key, entry in table.items())
        assert len({entry.label for entry in table.values()}) == len(table)


@every_entry
def test_the_explanation_is_one_plain_sentence(entry: Entry) -> None:
    assert entry.explanation.endswith(".")
    assert ". " not in entry.explanation
    assert entry.explanation[0].isupper()
    assert 15 <= len(entry.explanation) <= 120
    assert not set("\\$`<>") & set(entry.explanation)
    assert len(entry.label) <= 20


@pytest.fixture(scope="module")
def drawn() -> Callable[[str], str]:
    with warnings.catch_warnings():
        # ziamath opens its font by a function that is deprecated in Python 3.11 and 3.12.
        warnings.simplefilter("ignore", DeprecationWarning)
        from ziamath.zmath import Latex

    def svg(formula: str) -> str:
        text: str = Latex(formula).svg()
        return text

    return svg


@every_entry
def test_the_formulas_can_be_drawn(entry: Entry, drawn: Callable[[str], str]) -> None:
    for formula in filter(None, (entry.formula, entry.derivative_formula)):
        assert "<path" in drawn(formula)


# -- no lists elsewhere -------------------------------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]
KEYS = {*OUTPUT_ACTIVATIONS, *LOSSES, *OPTIMIZERS, *DROPOUT_SCALINGS, *DATASETS} - {
    "plane",
    "none",
}  # these words have other meanings as well
REGISTRIES = {*(ROOT / "core" / "formulas").glob("*.py"), ROOT / "core" / "data" / "datasets.py"}
EXCEPTIONS = {
    "core/engine/compiled/maths.py": "functions of NumPy's, some of which are called like an activation",
    "core/experiment/presets.py": "names of presets",
    "core/experiment/tf_playground_link.py": "another program's names",
}


def lists_of_keys(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield comparisons with a key, and tables that consist of keys."""
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif isinstance(node, ast.Dict):
            parts = [*node.keys]
        elif isinstance(node, ast.Set | ast.Tuple | ast.List):
            parts = [*node.elts]
        if any(isinstance(part, ast.Constant) and part.value in KEYS for part in parts):
            yield node


@pytest.mark.parametrize(
    "text", ['a == "sgd"', '"relu" != a', 'a in ("x", "huber")', '{"iris": 1}', 'frozenset({"tanh"})']
)
def test_the_search_finds_a_list_of_keys(text: str) -> None:
    assert list(lists_of_keys(ast.parse(text)))


@pytest.mark.parametrize("package", ["core", "playground"])
def test_the_registries_are_the_only_lists_of_their_keys(package: str) -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"
        for path in sorted({*(ROOT / package).rglob("*.py")} - REGISTRIES)
        if path.relative_to(ROOT).as_posix() not in EXCEPTIONS
        for node in lists_of_keys(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not found
