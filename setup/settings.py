# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``.odoo-ci.yml``, and what the manifests of the addons say."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from setup.cache import hash_file, key
from setup.console import SetupError

FILE = ".odoo-ci.yml"
_TYPES = {"series": str, "host_modules": list, "addons": list, "demo": dict}
#: Parts of an addon that leave no trace in a database: a change of them alone needs
#: no new template. (Assets are read from the files when a page asks for them.)
_NOT_INSTALLED = {"__pycache__", "tests", "readme"}
_NOT_INSTALLED_STATIC = {"src", "tests", "lib"}


def load(root: Path) -> Mapping[str, Any]:
    """Return the parsed ``.odoo-ci.yml`` of a clone.

    :raises SetupError: it is missing, is not YAML, or lacks what ./psa needs.
    """
    # Not at the top: the parser is a dependency, and bootstrap comes before those.
    import yaml

    path = root / FILE
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(f"{path} is missing.", f"git checkout -- {FILE}") from None
    except yaml.YAMLError as failure:
        raise SetupError(f"{path} is not valid YAML: {failure}") from None
    if not isinstance(settings, dict):
        raise SetupError(f"{path} must be a mapping of keys to values.")
    for name, kind in _TYPES.items():
        if not isinstance(settings.get(name), kind):
            raise SetupError(f"{path}: key '{name}' must be a {kind.__name__}.")
    for addon in settings["addons"]:
        if not (root / addon / "__manifest__.py").is_file():
            raise SetupError(
                f"{path} lists the addon '{addon}', but {root / addon} is not an addon."
            )
    return settings


def manifest(root: Path, addon: str) -> dict[str, Any]:
    """Return the manifest of an addon of the suite."""
    path = root / addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as failure:
        raise SetupError(f"{path} is not a plain dictionary: {failure}") from None


def with_dependencies(root: Path, addons: Iterable[str]) -> list[str]:
    """Return the addons and those of the same suite that they depend on, sorted."""
    found: set[str] = set()
    waiting = list(addons)
    while waiting:
        addon = waiting.pop()
        if addon not in found and (root / addon / "__manifest__.py").is_file():
            found.add(addon)
            waiting += manifest(root, addon).get("depends", [])
    return sorted(found)


def host_layers(root: Path, addons: Iterable[str]) -> list[list[str]]:
    """Return the modules of the host that addons depend on, in layers.

    A layer is what one more addon asks for.

    :param addons: dependencies first, as in ``.odoo-ci.yml``.
    """
    addons = list(addons)
    layers: list[list[str]] = []
    known = set(addons)
    for addon in addons:
        layer = sorted(set(manifest(root, addon).get("depends", [])) - known)
        known.update(layer)
        if layer:
            layers.append(layer)
    return layers


def content_key(root: Path, addons: Iterable[str]) -> str:
    """Return a key of what installing these addons puts into a database."""
    parts: list[str] = []
    for addon in with_dependencies(root, addons):
        base = root / addon
        for path in sorted(base.rglob("*")):
            names = path.relative_to(base).parts
            static = names[0] == "static" and len(names) > 1
            if (
                _NOT_INSTALLED.intersection(names)
                or (static and names[1] in _NOT_INSTALLED_STATIC)
                or path.suffix in {".md", ".pyc", ".pot"}
                or not path.is_file()
            ):
                continue
            parts += [f"{addon}/{'/'.join(names)}", hash_file(path)]
    return key(*parts)
