# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Open views as the browser does: the same calls with the same fields."""

from lxml import etree

LIMIT = 80


def open_list(records, limit=LIMIT):
    """Read the first page of the list."""
    arch, specification = _view(records, "list")
    limit = int(arch.get("limit", limit))
    return records.web_search_read([], specification, limit=limit)


def open_groups(records, group):
    """Read the first page of the kanban, by its columns."""
    arch, specification = _view(records, "kanban")
    group = arch.get("default_group_by", group)
    for bar in arch.iter("progressbar"):
        records.read_progress_bar(
            [], group, {"field": bar.get("field"), "colors": bar.get("colors")}
        )
    return records.web_read_group(
        [],
        [group],
        auto_unfold=True,
        unfold_read_specification=specification,
        unfold_read_default_limit=int(arch.get("limit", 40)),
        limit=LIMIT,
    )


def open_form(record):
    """Read what the form shows of a record."""
    _arch, specification = _view(record, "form")
    return record.web_read(specification)


def _view(records, kind):
    """Return the root and the fields of the default view of a kind."""
    found = records.get_views([(False, kind)])
    arch = etree.fromstring(found["views"][kind]["arch"])
    models = {name: info["fields"] for name, info in found["models"].items()}
    return arch, _specification(arch, records._name, models)


def _specification(tree, model, models):
    """Return what the browser asks for to show the fields of a view."""
    specification = {}
    level = tree.xpath("count(ancestor::field)")
    for node in tree.xpath(f".//field[count(ancestor::field) = {level}]"):
        field = models[model][node.get("name")]
        wanted = specification.setdefault(node.get("name"), {})
        if field["type"] in ("many2one", "reference"):
            wanted["fields"] = {"display_name": {}}
        elif field["type"] in ("one2many", "many2many"):
            inner = {"display_name": {}} if "tags" in node.get("widget", "") else {}
            for subview in node.xpath("./*[self::list or self::kanban or self::form]"):
                # The form of a line is read when the line is opened.
                if subview.tag != "form":
                    inner |= _specification(subview, field["relation"], models)
            wanted["fields"] = inner
    return specification
