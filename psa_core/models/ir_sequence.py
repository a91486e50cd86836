# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _get_prefix_suffix(self, date=None, date_range=None):
        self.ensure_one()
        prefix, suffix = self.prefix or "", self.suffix or ""
        if "%" not in prefix + suffix:
            # No date to fill in. The host would work out today's in 48 forms, and ask
            # for the time zone of the user.
            return prefix, suffix
        return super()._get_prefix_suffix(date=date, date_range=date_range)

    def _psa_next_numbers(self, count):
        """Return the next ``count`` numbers, in one query where the kind allows it."""
        self.ensure_one()
        if self.implementation != "standard" or self.use_date_range or count < 2:
            return [self.next_by_id() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{self.id:03d}",
                count,
            )
        )
        return [self.get_next_char(number) for (number,) in rows]
