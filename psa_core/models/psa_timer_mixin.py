# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaTimerMixin(models.AbstractModel):
    """Makes the records of a model startable: tasks, tickets…

    Inherit it and implement ``_psa_timer_entry_values``; put
    ``<widget name="psa_timer_button"/>`` in the views.
    """

    _name = "psa.timer.mixin"
    _description = "Record that can be timed"

    psa_timer_allowed = fields.Boolean(
        compute="_compute_psa_timer_allowed",
        export_string_translation=False,
        help="Whether the current user may time this record.",
    )

    def _compute_psa_timer_allowed(self):
        allowed = self.env.user.has_group("psa_core.group_psa_technician")
        for record in self:
            record.psa_timer_allowed = allowed and bool(
                record._psa_timer_entry_values().get("project_id")
            )

    def _psa_timer_entry_values(self):
        """Return the values of the work entry a timer on this record writes.

        Without a ``project_id`` no time can be recorded on the record. Keys are
        fields of ``account.analytic.line``; ``partner_id`` names the client.
        """
        self.ensure_one()
        return {}

    def _psa_timer_no_entry_message(self):
        """Return why no time can be recorded on this record, translated."""
        self.ensure_one()
        return self.env._(
            "No time can be recorded on “%(record)s”.", record=self.display_name
        )

    def _psa_timer_started(self):
        """Called when the current user has started to time this record.

        Extend: let the record know that somebody works on it.
        """
        self.ensure_one()

    @api.model
    def _psa_is_timeable(self, model_name):
        """Whether ``model_name`` is a model whose records can be timed."""
        registry = self.env.registry
        return model_name in registry and issubclass(
            registry[model_name], registry["psa.timer.mixin"]
        )
