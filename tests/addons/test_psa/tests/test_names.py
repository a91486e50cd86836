# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestNames(TransactionCase):
    """Names that nobody else takes: those of the host and of other addons are safe."""

    def test_fields_on_host_models(self):
        suite = {name for name in self.env.registry._init_modules if "psa" in name}
        wrong = sorted(
            str(field)
            for model in self.env.values()
            if not model._name.startswith("psa.")
            for field in model._fields.values()
            # The first module is the one that brought the field.
            if field._modules
            and field._modules[0] in suite
            and not field.name.startswith("psa_")
        )
        self.assertFalse(wrong, "Fields on models of the host start with psa_")
