# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every model is where a reader looks for it, and has access rules and indexes."""

import csv
from collections import Counter

from conftest import assert_none
from lxml import etree
from suite import Addon, Model, Suite


def check_files(suite: Suite) -> list[str]:
    """One model per file, and the file is named after it.

    A model that is split by concern has one class per file, each an extension, in
    files that start with its name: ``psa_ticket.py``, ``psa_ticket_sla.py``.
    """
    counts = Counter(model.path for _addon, model in suite.models)
    problems = [
        f"{suite.where(path)}: {count} models; one per file"
        for path, count in counts.items()
        if count > 1
    ]
    for _addon, model in suite.models:
        stem = model.target.replace(".", "_")
        extension = not model.is_new and model.path.stem.startswith(f"{stem}_")
        if stem and model.path.stem != stem and not extension:
            where = suite.where(model.path, model.line)
            problems.append(f"{where}: rename the file to {stem}.py")
    return problems


def check_names(suite: Suite) -> list[str]:
    return [
        f"{suite.where(model.path, model.line)}: name the model psa.*, not {model.name}"
        for _addon, model in suite.models
        if model.is_new and not model.name.startswith("psa.")
    ]


def check_access(suite: Suite) -> list[str]:
    problems = []
    for addon, model in suite.models:
        if not model.is_new or model.kind == "AbstractModel":
            continue
        if _xml_id(model) not in _models_with_access(addon):
            problems.append(
                f"{suite.where(model.path, model.line)}: {model.name} has no line in"
                f" {addon.name}/security/ir.model.access.csv"
            )
    return problems


def check_company_rules(suite: Suite) -> list[str]:
    problems = []
    for addon, model in suite.models:
        company = model.fields.get("company_id")
        if not (model.is_new and model.kind == "Model" and company):
            continue
        if not any("company_ids" in d for d in _rule_domains(addon, model)):
            problems.append(
                f"{suite.where(model.path, model.line)}: {model.name} has company_id"
                " and no ir.rule on company_ids"
            )
    return problems


def check_inverse_indexes(suite: Suite) -> list[str]:
    """The host's test_lint asks the same of a registry; this one takes no database."""
    lists = {}
    for _addon, model in suite.models:
        for field in model.fields.values():
            if field.type == "One2many":
                key = field.value(0, "comodel_name"), field.value(1, "inverse_name")
                lists[key] = f"{model.target}.{field.name}"
    problems = []
    for _addon, model in suite.models:
        for field in model.fields.values():
            owner = lists.get((model.target, field.name))
            if owner and field.type == "Many2one" and model.kind == "Model":
                indexed = field.value(99, "index") or field.name in model.indexed
                computed = "compute" in field.keywords or "related" in field.keywords
                if not indexed and not (computed and not field.value(99, "store")):
                    problems.append(
                        f"{suite.where(model.path, field.line)}: {field.name} is the"
                        f" inverse of {owner}; give it an index"
                    )
    return problems


def _xml_id(model: Model) -> str:
    return f"model_{model.name.replace('.', '_')}"


def _models_with_access(addon: Addon) -> set[str]:
    path = addon.path / "security" / "ir.model.access.csv"
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["model_id:id"].split(".")[-1] for row in csv.DictReader(rows)}


def _rule_domains(addon: Addon, model: Model) -> list[str]:
    return [
        record.findtext("field[@name='domain_force']") or ""
        for path in addon.files(".xml")
        for record in etree.parse(str(path)).iter("record")
        if record.get("model") == "ir.rule"
        for target in record.findall("field[@name='model_id']")
        if target.get("ref", "").split(".")[-1] == _xml_id(model)
    ]


def test_files(suite):
    assert_none(check_files(suite))


def test_names(suite):
    assert_none(check_names(suite))


def test_access(suite):
    assert_none(check_access(suite))


def test_company_rules(suite):
    assert_none(check_company_rules(suite))


def test_inverse_indexes(suite):
    assert_none(check_inverse_indexes(suite))


THING = 'class Thing(models.Model):\n    _name = "psa.thing"\n'
COMPANY = '    company_id = fields.Many2one("res.company")\n'
RULE = (
    '<odoo><record id="r" model="ir.rule"><field name="model_id"'
    ' ref="model_psa_thing"/><field name="domain_force">[("company_id", "in",'
    " company_ids)]</field></record></odoo>"
)


class TestChecksCanFail:
    def test_two_models_in_a_file(self, one_model):
        other = THING.replace("psa.thing", "psa.other")
        assert len(check_files(one_model(THING + other))) == 2

    def test_file_of_another_name(self, one_model):
        assert check_files(one_model(THING, "models/thing.py"))
        assert not check_files(one_model(THING, "models/psa_thing.py"))

    def test_split_by_concern(self, one_model):
        extension = THING.replace("_name", "_inherit")
        assert not check_files(one_model(extension, "models/psa_thing_sla.py"))
        assert check_files(one_model(THING, "models/psa_thing_sla.py"))

    def test_name_without_prefix(self, one_model):
        code = THING.replace("psa.thing", "thing")
        assert check_names(one_model(code, "models/thing.py"))

    def test_extension_of_a_host_model(self, one_model):
        code = THING.replace('_name = "psa.thing"', '_inherit = "res.partner"')
        assert not check_names(one_model(code, "models/res_partner.py"))

    def test_no_access(self, one_model):
        assert check_access(one_model(THING))
        rules = {"security/ir.model.access.csv": "id,model_id:id\na,model_psa_thing\n"}
        assert not check_access(one_model(THING, **rules))

    def test_no_company_rule(self, one_model):
        assert check_company_rules(one_model(THING + COMPANY))
        rules = {"security/rules.xml": RULE}
        assert not check_company_rules(one_model(THING + COMPANY, **rules))

    def test_no_index(self, made_up):
        parent = '    line_ids = fields.One2many("psa.line", "thing_id")\n'
        child = THING.replace("psa.thing", "psa.line")
        plain = '    thing_id = fields.Many2one("psa.thing")\n'

        def problems(field):
            files = {
                "psa_core/models/psa_thing.py": THING + parent,
                "psa_core/models/psa_line.py": child + field,
            }
            return check_inverse_indexes(made_up({"psa_core": {}}, files))

        assert problems(plain)
        assert not problems(plain.replace('")', '", index=True)'))
        index = '    _i = models.Index("(thing_id, name)")\n'
        assert not problems(plain + index)
        assert problems(plain + index.replace('name)"', 'name) WHERE name > 1"'))
