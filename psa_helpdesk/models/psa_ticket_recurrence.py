# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import suppress
from datetime import timedelta

import pytz
from markupsafe import Markup
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.psa_core.tools.recurrence import Recurrence

_logger = logging.getLogger(__name__)

#: a note with more days than this is not read
NAMED_DAYS = 12


class PsaTicketRecurrence(models.Model):
    """Opens a ticket from a template again and again: the monthly check of a client.

    Days are counted from the first one, so the 31st comes back after a short month.
    When days were missed (the server was off, the recurrence archived), one ticket is
    opened for the last of them and names the others: a check of March that is done in
    June is one check, and four tickets would only be in the way.
    """

    _name = "psa.ticket.recurrence"
    _description = "Recurring Ticket"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "open_on, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    template_id = fields.Many2one(
        "psa.ticket.template", required=True, check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="restrict",
        index="btree_not_null",
        help="Whom the tickets are for; the client itself when nobody is named.",
    )
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_client_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: tickets of our own, such as checking the backups.",
    )
    team_id = fields.Many2one(
        "psa.ticket.team", check_company=True, help="Empty: the template's."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assignee",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: the template's, or whom the team chooses.",
    )
    interval = fields.Integer(string="Every", default=1, required=True)
    unit = fields.Selection(
        [
            ("day", "Days"),
            ("week", "Weeks"),
            ("month", "Months"),
            ("quarter", "Quarters"),
            ("year", "Years"),
        ],
        required=True,
        default="month",
    )
    date_start = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self._default_date_start(),
        tracking=True,
    )
    date_end = fields.Date(
        string="Last Day", tracking=True, help="No ticket is due after it."
    )
    lead_days = fields.Integer(
        string="Open Before",
        default=0,
        help="Days before the day it is due that a ticket is opened.",
    )
    last_date = fields.Date(
        readonly=True, copy=False, help="The last day a ticket was opened for."
    )
    next_date = fields.Date(
        string="Next Due",
        compute="_compute_next_date",
        store=True,
        help="Empty: there is none before the end.",
    )
    open_on = fields.Date(
        string="Next Opens",
        compute="_compute_next_date",
        store=True,
        index="btree_not_null",
        help="When the next ticket is opened.",
    )
    error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the ticket that is due could not be opened; it is tried again.",
    )
    ticket_ids = fields.One2many("psa.ticket", "recurrence_id", string="Tickets")
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    _interval_positive = models.Constraint(
        "CHECK (interval > 0 AND lead_days >= 0)",
        "The interval is at least one, and tickets are not opened after they are due.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day cannot be before the first one."
    )

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    def _default_company_id(self):
        return self.env.company

    def _default_date_start(self):
        return fields.Date.context_today(self)

    @api.depends("template_id", "partner_id", "client_id")
    def _compute_name(self):
        for recurrence in self:
            names = (recurrence.template_id.name, recurrence.client_id.name)
            recurrence.name = " · ".join(filter(None, names))

    @api.depends("partner_id")
    def _compute_client_id(self):
        for recurrence in self:
            recurrence.client_id = (
                recurrence.partner_id.commercial_partner_id or recurrence.client_id
            )

    @api.depends("date_start", "date_end", "interval", "unit", "lead_days", "last_date")
    def _compute_next_date(self):
        for recurrence in self:
            due = recurrence._get_next_date(recurrence.last_date)
            recurrence.next_date = due
            recurrence.open_on = due and due - timedelta(days=recurrence.lead_days)

    def _compute_ticket_count(self):
        counts = dict(
            self.env["psa.ticket"]._read_group(
                [("recurrence_id", "in", self.ids)], ["recurrence_id"], ["__count"]
            )
        )
        for recurrence in self:
            recurrence.ticket_count = counts.get(recurrence, 0)

    def _get_next_date(self, after):
        """Return the first day that is due after a date, or False after the end.

        :param after: a date, or nothing for the very first day
        """
        self.ensure_one()
        start = self.date_start
        if not start or self.interval < 1:
            return False
        due = start
        if after and after >= start:
            due = Recurrence(self.interval, self.unit, start).next_start(after)
        return False if self.date_end and due > self.date_end else due

    # ------------------------------------------------------------
    # Opening tickets
    # ------------------------------------------------------------

    @api.model
    def _cron_create_tickets(self):
        """Open the tickets that are due, one recurrence and transaction at a time.

        One that fails says why on itself, to its team leader once, and is tried again;
        the others go on.
        """
        cron = self.env["ir.cron"]
        # It may be tomorrow already where a company works.
        latest = fields.Date.today() + timedelta(days=1)
        due = self.search(Domain("open_on", "<=", latest), order="open_on, id")
        cron._commit_progress(remaining=len(due))
        for recurrence in due:
            recurrence._open_safely()
            if not cron._commit_progress(1):
                break

    def _open_safely(self):
        """Open what is due; a failure leaves nothing behind but its reason.

        One that somebody is changing right now is left to the next run.
        """
        try:
            with self.env.cr.savepoint():
                recurrence = self.try_lock_for_update()
                if recurrence.active:
                    recurrence._open_due()
                self.env.flush_all()
        except SerializationFailure:
            _logger.info("Recurrence %s was changed meanwhile", self.id)
        except Exception as error:
            _logger.exception("No ticket of recurrence %s", self.id)
            with suppress(SerializationFailure), self.env.cr.savepoint():
                if self.try_lock_for_update():
                    self._report_error(str(error) or type(error).__name__)
                self.env.flush_all()

    def _open_due(self):
        """Open the ticket that is due today, if one is."""
        self.ensure_one()
        days = self._get_due_dates()
        if days:
            self._open_ticket(days[-1], days[:-1])

    def _get_due_dates(self):
        """Return the days whose tickets should be open by now and are not."""
        zone = pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        until = now.date() + timedelta(days=self.lead_days)
        days = []
        day = self.next_date
        while day and day <= until:
            days.append(day)
            day = self._get_next_date(day)
        return days

    def _open_ticket(self, day, missed):
        """Open the ticket of a day.

        :param missed: earlier days that get no ticket of their own any more
        """
        # In sudo: nobody sets by hand for which day a ticket is.
        ticket = (
            self.env["psa.ticket"]
            .sudo()
            .with_company(self.company_id)
            .create(self._prepare_ticket_values(day))
            .with_env(self.env)
        )
        if missed:
            shown = [format_date(self.env, each) for each in missed[:NAMED_DAYS]]
            ticket.message_post(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "No ticket was opened for %(count)s earlier days: %(days)s.",
                    count=len(missed),
                    days=", ".join(shown) + (" …" if len(missed) > NAMED_DAYS else ""),
                ),
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        self.last_date = day
        if self.error:
            self.error = False
            self.activity_unlink(["mail.mail_activity_data_warning"])
        return ticket

    def _prepare_ticket_values(self, day):
        """Return the values of the ticket of a day.

        Extend: add what your addon needs on it (a contract).

        The template's assignee is left out when archived: the team chooses.

        :raise UserError: when something else of it is archived
        """
        self.ensure_one()
        team = self.team_id or self.template_id.team_id
        for record in (
            self.client_id,
            self.partner_id,
            self.template_id,
            self.user_id,
            team,
        ):
            if record and not record.active:
                raise UserError(self.env._("“%s” is archived.", record.display_name))
        contact = self.partner_id
        lang = (contact or self.client_id or self.company_id.partner_id).lang
        values = self.template_id.with_context(lang=lang)._prepare_ticket_values()
        if not team:
            team = self.env["psa.ticket.team"]._get_default(self.company_id)
        values.update(
            company_id=self.company_id.id,
            partner_id=contact.id,
            client_id=self.client_id.id,
            team_id=team.id,
            recurrence_id=self.id,
            recurrence_date=day,
        )
        if self.user_id:
            values["user_id"] = self.user_id.id
        return values

    def _report_error(self, reason):
        """Show why nothing was opened, and tell who can help the first time."""
        is_new = not self.error
        self.error = reason
        if is_new:
            team = self.team_id or self.template_id.team_id
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("No recurring ticket was opened"),
                note=Markup("<p>%s</p>") % reason,
                user_id=(team.leader_id or self.create_uid).id,
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_now(self):
        """Open the next ticket before its day; the cron does not open it again."""
        self.ensure_one()
        self.check_access("write")
        if not self.next_date:
            raise UserError(self.env._("No further ticket is due before the end."))
        days = self._get_due_dates() or [self.next_date]
        return self._open_ticket(days[-1], days[:-1])._get_form_action()

    def action_open_tickets(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_all"
            ),
            "display_name": self.name,
            "domain": [("recurrence_id", "=", self.id)],
            "context": {},
        }
