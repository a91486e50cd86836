# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addons as a reader sees them: manifests, files and models, without running Odoo.

The checks beside this file ask a :class:`Suite` questions and answer with a list of
problems, each ``path:line: what is wrong; what to do``.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

SKIPPED_DIRECTORIES = {
    ".git",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
}
MODEL_CLASSES = {"Model", "TransientModel", "AbstractModel"}
CORE = "psa_core"


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    line: int
    arguments: tuple[ast.expr, ...]
    keywords: dict[str, ast.expr]

    def value(self, position: int, keyword: str) -> object:
        """The constant given for an argument, by position or by name."""
        node = self.keywords.get(keyword)
        if node is None and len(self.arguments) > position:
            node = self.arguments[position]
        return node.value if isinstance(node, ast.Constant) else None


@dataclass(frozen=True)
class Model:
    """One class in the code: a new model or an extension of one."""

    path: Path
    line: int
    kind: str
    name: str | None
    inherits: tuple[str, ...]
    fields: dict[str, Field]
    indexed: frozenset[str]

    @property
    def is_new(self) -> bool:
        return self.name is not None and self.name not in self.inherits

    @property
    def target(self) -> str:
        return self.name or next(iter(self.inherits), "")


@dataclass(frozen=True)
class Addon:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def manifest(self) -> dict:
        text = (self.path / "__manifest__.py").read_text(encoding="utf-8")
        return ast.literal_eval(text)

    @property
    def depends(self) -> list[str]:
        return self.manifest.get("depends", [])

    def files(self, *suffixes: str) -> Iterator[Path]:
        """Files of the addon, without third-party libraries."""
        for path in walk(self.path):
            if path.suffix in suffixes and "lib" not in path.parts:
                yield path

    @cached_property
    def models(self) -> list[Model]:
        return [
            model
            for path in self.files(".py")
            if "tests" not in path.relative_to(self.path).parts
            for model in read_models(path)
        ]


class Suite:
    """All addons of a clone."""

    def __init__(self, root: Path):
        self.root = root
        settings = (root / ".odoo-ci.yml").read_text(encoding="utf-8")
        self.settings = yaml.safe_load(settings) or {}
        self.addons = {
            manifest.parent.name: Addon(manifest.parent)
            for manifest in sorted(root.glob("*/__manifest__.py"))
        }

    def where(self, path: Path, line: int = 1) -> str:
        return f"{path.relative_to(self.root)}:{line}"

    def pair(self, name: str) -> tuple[str, str] | None:
        """The two addons that a glue addon is named after: psa_<a>_<b>."""
        words = name.split("_")[1:]
        for cut in range(1, len(words)):
            left = "_".join(["psa", *words[:cut]])
            right = "_".join(["psa", *words[cut:]])
            if left in self.addons and right in self.addons:
                return left, right
        return None

    def closure(self, name: str) -> set[str]:
        """The addon and those of the suite that it needs, directly or not."""
        found: set[str] = set()
        to_visit = [name]
        while to_visit:
            current = to_visit.pop()
            if current in self.addons and current not in found:
                found.add(current)
                to_visit += self.addons[current].depends
        return found

    @cached_property
    def models(self) -> list[tuple[Addon, Model]]:
        return [(a, model) for a in self.addons.values() for model in a.models]


def walk(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if path.is_dir():
            if path.name not in SKIPPED_DIRECTORIES:
                yield from walk(path)
        else:
            yield path


def read_models(path: Path) -> Iterator[Model]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            kinds = {
                base.attr
                for base in node.bases
                if isinstance(base, ast.Attribute) and base.attr in MODEL_CLASSES
            }
            if kinds:
                yield _read_model(path, node, kinds.pop())


def _read_model(path: Path, node: ast.ClassDef, kind: str) -> Model:
    attributes: dict[str, ast.expr] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    attributes[target.id] = statement.value
    name = attributes.get("_name")
    return Model(
        path=path,
        line=node.lineno,
        kind=kind,
        name=name.value if isinstance(name, ast.Constant) else None,
        inherits=_strings(attributes.get("_inherit")),
        fields={
            name: _read_field(name, value)
            for name, value in attributes.items()
            if _is_call_on(value, "fields")
        },
        indexed=frozenset(_first_columns(attributes.values())),
    )


def _read_field(name: str, call: ast.Call) -> Field:
    keywords = {k.arg: k.value for k in call.keywords if k.arg}
    return Field(name, call.func.attr, call.lineno, tuple(call.args), keywords)


def _first_columns(values: Iterator[ast.expr]) -> Iterator[str]:
    """First columns of ``models.Index("(a, b)")`` and ``models.UniqueIndex``."""
    for value in values:
        if _is_call_on(value, "models") and value.func.attr.endswith("Index"):
            definition = value.args and value.args[0]
            text = definition.value if isinstance(definition, ast.Constant) else ""
            # A partial index does not serve the reads of a One2many.
            if " where " not in text.lower():
                yield text.lstrip("( ").split(",")[0].split(")")[0].strip()


def _is_call_on(node: ast.expr, module: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == module
    )


def _strings(node: ast.expr | None) -> tuple[str, ...]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.List | ast.Tuple):
        return tuple(s for item in node.elts for s in _strings(item))
    return ()
