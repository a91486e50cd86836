# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import suppress

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class PsaTicketReminder(models.AbstractModel):
    """What jobs that watch over tickets have in common: whom they remind, and that what
    fails for one ticket stops no other."""

    _name = "psa.ticket.reminder"
    _description = "Reminders of Tickets"
    _inherit = ["mail.thread"]

    sla_error = fields.Char(
        string="SLA Not Checked",
        readonly=True,
        copy=False,
        help="Why its SLA could not be checked, or nobody be reminded; it is tried "
        "again.",
    )

    # ------------------------------------------------------------
    # Together, else one by one
    # ------------------------------------------------------------

    @api.model
    def _watch(self, records, method, now):
        """Call a method on tickets, or on rows of tickets, that may fail.

        What fails says so on its ticket. What somebody has just changed is left to the
        next run.
        """
        try:
            with self.env.cr.savepoint():
                getattr(records, method)(now)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s: somebody works on one of %s", method, records)
        except Exception as error:
            if len(records) == 1:
                _logger.exception("%s failed on %s", method, records)
                self._report_not_watched(records, str(error) or type(error).__name__)
            else:
                _logger.warning("%s: one by one, as it failed on some", method)
        if len(records) > 1:
            for record in records:
                self._watch(record, method, now)

    @api.model
    def _report_not_watched(self, record, reason):
        """Say it on the ticket, unless somebody is changing it right now."""
        with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), self.env.cr.savepoint():
            ticket = record if record._name == "psa.ticket" else record.ticket_id
            ticket.try_lock_for_update(allow_referencing=True).sla_error = reason

    # ------------------------------------------------------------
    # Whom to remind
    # ------------------------------------------------------------

    def _get_reminded(self, recipient="assignee"):
        """Return who is told; the next one stands in for who is not there.

        :param recipient: ``assignee``, ``leader`` or ``manager``
        """
        self.ensure_one()
        chain = {
            "assignee": self.user_id,
            "leader": self.team_id.leader_id,
            "manager": self._get_managers(),
        }
        names = list(chain)
        for name in names[names.index(recipient) :]:
            if found := chain[name].filtered("active"):
                return found
        return self.env["res.users"]

    def _get_managers(self):
        """Return the service managers of the ticket's company."""
        group = self.env.ref("psa_core.group_psa_manager")
        return group.all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )

    @api.model
    def _remind(self, reminders):
        """Give activities to people, without making followers of them.

        :param reminders: ``(ticket, user, text in his language)``
        """
        model_id = self.env["ir.model"]._get_id("psa.ticket")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, psa_reminding=True
        )
        activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": ticket.id,
                    "user_id": user.id,
                    "activity_type_id": todo.id if todo else False,
                    "automated": True,
                    "summary": text,
                    "date_deadline": fields.Date.context_today(
                        ticket.with_context(tz=user.tz)
                    ),
                }
                for ticket, user, text in reminders
            ]
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self.env.context.get("psa_reminding"):
            # Who is warned once does not want every mail from then on.
            return True
        return super().message_subscribe(partner_ids, subtype_ids)
