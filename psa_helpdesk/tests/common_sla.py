# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon


class PsaSlaCommon(PsaHelpdeskCommon):
    """A team that works Monday to Friday, 8:00 to 16:00 UTC, and a policy with targets.

    First response 1 h, resolution 8 h (critical: 4 h round the clock), next response
    2 h. Every test begins on a Monday at 8:00 unless it says otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Eight to four",
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (
                            0,
                            0,
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 16,
                                "day_period": "morning",
                            },
                        )
                        for day in range(5)
                    ),
                ],
            }
        )
        cls.policy = cls._create_policy(
            "Office",
            ("first_response", 1, {}),
            ("next_response", 2, {}),
            ("resolution", 8, {}),
            ("resolution", 4, {"priority": "3", "around_the_clock": True}),
        )
        cls.team.write({"calendar_id": cls.calendar.id, "sla_policy_id": cls.policy.id})
        # The company of the demo data has one.
        cls.company.psa_sla_policy_id = False
        cls._sync_requested()

    @classmethod
    def _create_policy(cls, name, *targets, **kwargs):
        return cls.env["psa.sla.policy"].create(
            {
                "name": name,
                "target_ids": [
                    (0, 0, {"kind": kind, "amount": hours, "unit": "hours", **values})
                    for kind, hours, values in targets
                ],
                **kwargs,
            }
        )

    @classmethod
    def _create_mail_ticket(cls, **kwargs):
        """A ticket whose customer waits for an answer."""
        return cls._create_ticket(cls.env.user, channel="mail", **kwargs)

    def _row(self, ticket, kind="resolution", cycle=1):
        ticket = ticket.sudo()
        return ticket.sla_ids.filtered(
            lambda row: row.kind == kind and row.cycle == cycle
        )

    def _answer(self, ticket):
        """The technician writes to the customer."""
        ticket.with_user(self.technician).message_post(
            body="We are on it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _ask(self, ticket):
        """The customer writes."""
        ticket.sudo().message_post(
            body="Any news?",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.contact.id,
        )

    @classmethod
    def _sync_requested(cls):
        """Let tickets follow changed policies and hours, as the job does."""
        tickets = cls.env["psa.ticket"].search([("sla_sync_requested", "=", True)])
        tickets._sync_requested_sla(fields.Datetime.now())

    def _check(self):
        """What the job does, without its commits."""
        self._sync_requested()
        now = fields.Datetime.now()
        rows = self.env["psa.ticket.sla"]
        due = rows.search([("next_check_at", "<=", now)], order="id")
        due._check(now)

    def _events(self, ticket, kind="resolution"):
        logs = self.env["psa.ticket.sla.log"].search(
            [("ticket_id", "=", ticket.id), ("kind", "=", kind)]
        )
        return [(log.event, log.at) for log in logs]


MONDAY_8 = at(8)
