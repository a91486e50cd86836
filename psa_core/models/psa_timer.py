# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain

OPEN_STATES = ("running", "paused", "forgotten")
BUS_NOTIFICATION = "psa_core/timer"
# More would make the menu a list to search in.
SUGGESTED_TASKS = 4


class PsaTimer(models.Model):
    """A stretch of timed work of one user, on one record or on none yet.

    Technicians read their timers and change them only through the methods below, which
    lock the row first: two tabs, two devices or a repeated click do one thing once.
    """

    _name = "psa.timer"
    _inherit = ["psa.timer.entry", "psa.timer.overdue"]
    _description = "Timer"
    _order = "id desc"
    _rec_name = "record_name"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("forgotten", "Forgotten"),
            ("stopped", "Stopped"),
            ("discarded", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="running",
        help="Forgotten: ran too long; waits to be told how long the work really was.",
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    record_name = fields.Char(
        string="Work On", readonly=True, help="Kept in case the record is deleted."
    )
    description = fields.Char(readonly=True, help="What the customer will read.")
    client_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    work_type_id = fields.Many2one("psa.work.type", readonly=True, ondelete="set null")
    segment_ids = fields.One2many("psa.timer.segment", "timer_id", readonly=True)
    suggested_minutes = fields.Integer(
        readonly=True, copy=False, help="How long a forgotten timer probably was."
    )
    entry_id = fields.Many2one(
        "account.analytic.line",
        string="Work Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _running_uniq = models.UniqueIndex(
        "(user_id) WHERE state = 'running'", "One timer runs per person."
    )
    _record_uniq = models.UniqueIndex(
        "(user_id, res_model, res_id) WHERE res_id IS NOT NULL"
        " AND state IN ('running', 'paused', 'forgotten')",
        "One open timer per person and record.",
    )
    _open_idx = models.Index(
        "(user_id) WHERE state IN ('running', 'paused', 'forgotten')"
    )

    # ------------------------------------------------------------
    # Called by the browser
    # ------------------------------------------------------------

    @api.model
    def start_timer(self, res_model=False, res_id=False, description=""):
        """Time a record, or nothing yet; what runs is paused, not lost.

        An open timer on the record is resumed instead of starting a second one.

        :raise UserError: without an employee, or when the record takes no time.
        """
        self._check_may_record()
        record = self._get_startable(res_model, res_id)
        timers = self._lock_open()
        same = timers.filtered(
            lambda timer: (
                record and (timer.res_model, timer.res_id) == (record._name, record.id)
            )
        )
        if same.state == "forgotten":
            raise UserError(
                self.env._(
                    "Say first how long the earlier work on “%(record)s” took.",
                    record=same.record_name,
                )
            )
        timers.filtered(
            lambda timer: timer.state == "running" and timer != same
        )._hold()
        if same:
            same.filtered(lambda timer: timer.state == "paused")._run()
        else:
            self._create_running(record, self._to_text(description))
        if record:
            record._psa_timer_started()
        return self._publish()

    def pause_timer(self):
        """Pause this timer; pausing a paused one changes nothing."""
        self._lock_own().filtered(lambda timer: timer.state == "running")._hold()
        return self._publish()

    def resume_timer(self):
        """Run this timer again, pausing the one that runs."""
        timers = self._lock_open()
        timer = self._lock_own()
        if timer.state == "paused":
            timers.filtered(lambda other: other.state == "running")._hold()
            timer._run()
        return self._publish()

    def discard_timer(self):
        """Close this timer without recording its time; it stays on file.

        A service manager may do so too: nobody else can for someone who has left.
        """
        timer = self._lock_own(or_manager=True)
        if timer.state in OPEN_STATES:
            timer._close_segment()
            timer.state = "discarded"
            if timer.user_id != self.env.user:
                timer.with_user(timer.user_id)._publish()
        return self._publish()

    def action_discard(self):
        """Discard from a form or a list."""
        for timer in self:
            timer.discard_timer()
        return True

    def stop_timer(self, description=False, client_id=False, work_type_id=False):
        """Stop this timer and write its work entry, or ask if it was forgotten.

        Stopping it again, from another tab or after a lost answer, changes nothing.
        """
        timer = self._lock_own()
        if timer.state in ("running", "paused"):
            timer._set_details(description, client_id, work_type_id)
            if timer.state == "running" and timer._is_overdue():
                timer._mark_forgotten()
            else:
                timer._close_segment()
                timer._record(timer.segment_ids._get_seconds())
        return self._publish()

    def confirm_timer(
        self, minutes, description=False, client_id=False, work_type_id=False
    ):
        """Write the entry of a forgotten timer with the minutes its user remembers.

        :raise UserError: when the minutes are not between 1 and a day.
        """
        timer = self._lock_own()
        if timer.state == "forgotten":
            self._check_minutes(minutes)
            timer._set_details(description, client_id, work_type_id)
            timer._record(round(minutes * 60))
        return self._publish()

    @api.model
    @api.readonly
    def get_widget_data(self):
        """Return what the widget in the menu bar shows of the current user."""
        timers = self.sudo().search(self._open_domain(), order="id")
        employee = self.env.user.employee_id
        work_types = self.env["psa.work.type"].search([("active", "=", True)])
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "timers": [timer._widget_values() for timer in timers],
            "work_types": [{"id": wt.id, "name": wt.name} for wt in work_types],
            "suggestions": self._get_suggestions(),
            "default_work_type_id": self._default_quick_type().id,
            "today": self.env["psa.work.day"]._get_today(employee),
            "can_record": bool(employee),
            "message": False if employee else self._no_employee_message(),
        }

    @api.model
    def _get_suggestions(self):
        """Return the records the current user works on, to start from the menu.

        Extend: put yours first (tickets), each as ``{"res_model", "res_id", "name",
        "client"}``, few of them, in one query.
        """
        tasks = self.env["project.task"].search(
            Domain("user_ids", "in", self.env.uid)
            & Domain("is_closed", "=", False)
            & Domain("project_id.allow_timesheets", "=", True)
            & Domain("has_template_ancestor", "=", False),
            order="priority desc, write_date desc, id desc",
            limit=SUGGESTED_TASKS,
        )
        return [
            {
                "res_model": task._name,
                "res_id": task.id,
                "name": task.name,
                "client": task.partner_id.commercial_partner_id.name or "",
            }
            for task in tasks
        ]

    @api.model
    def _to_pair(self, record):
        """Return a record as the browser takes it: [id, name], or False."""
        return [record.id, record.display_name] if record else False

    def _widget_values(self):
        self.ensure_one()
        running = self.segment_ids.filtered(lambda segment: not segment.date_stop)
        return {
            "id": self.id,
            "state": self.state,
            "name": self.record_name or self.env._("Work not assigned yet"),
            "description": self.description or "",
            "client_id": self._to_pair(self.client_id),
            "res_model": self.res_model,
            "res_id": self.res_id,
            "work_type_id": self._to_pair(self.work_type_id),
            "seconds": self.segment_ids._get_seconds(),
            "running_since": fields.Datetime.to_string(running.date_start) or False,
            "suggested_minutes": self.state == "forgotten" and self.suggested_minutes,
            "needs_client": not self.res_id and not self.client_id,
        }

    # ------------------------------------------------------------
    # Locks and checks
    # ------------------------------------------------------------

    @api.model
    def _open_domain(self):
        return Domain("user_id", "=", self.env.uid) & Domain("state", "in", OPEN_STATES)

    @api.model
    def _lock_open(self):
        """Return the user's open timers, locked until the end of the transaction."""
        timers = self.sudo().search(self._open_domain(), order="id")
        self._wait_for_lock(timers)
        return timers

    def _lock_own(self, or_manager=False):
        """Return this timer, locked and as it is now.

        :param or_manager: a service manager may change it as well.
        :raise AccessError: when it is somebody else's.
        """
        self.ensure_one()
        self.browse().check_access("read")
        timer = self.sudo()
        self._wait_for_lock(timer)
        allowed = timer.user_id == self.env.user or (
            or_manager and self.env.user.has_group("psa_core.group_psa_manager")
        )
        if not allowed:
            raise AccessError(
                self.env._("Only the person who started a timer changes it.")
            )
        return timer

    @api.model
    def _wait_for_lock(self, timers):
        """Lock rows, waiting for whoever holds them.

        The host's lock methods do not wait, and a second click has to. A row changed
        meanwhile raises a serialization failure, on which the host repeats the request.
        """
        if timers:
            timers.flush_recordset()
            self.env.cr.execute(
                "SELECT id FROM psa_timer WHERE id IN %s ORDER BY id FOR UPDATE",
                [tuple(timers.ids)],
            )
            timers.invalidate_recordset()

    @api.model
    def _get_startable(self, res_model, res_id):
        """Return the record to time, or False for a timer without one."""
        if not res_model:
            return False
        if not self.env["psa.timer.mixin"]._psa_is_timeable(res_model):
            raise UserError(self.env._("This kind of record cannot be timed."))
        record = self.env[res_model].browse(res_id if isinstance(res_id, int) else [])
        if not record.exists():
            raise UserError(self.env._("This record was deleted meanwhile."))
        record.check_access("read")
        if not record._psa_timer_entry_values().get("project_id"):
            raise UserError(record._psa_timer_no_entry_message())
        return record

    # ------------------------------------------------------------
    # Changes of state (on locked records, in sudo)
    # ------------------------------------------------------------

    @api.model
    def _create_running(self, record, description):
        values = record._psa_timer_entry_values() if record else {}
        client = self.env["res.partner"].browse(values.get("partner_id"))
        try:
            with self.env.cr.savepoint():
                timer = self.sudo().create(
                    {
                        "user_id": self.env.uid,
                        "company_id": self.env.company.id,
                        "res_model": record and record._name,
                        "res_id": record and record.id,
                        "record_name": record and record.display_name,
                        "description": description,
                        "client_id": client.commercial_partner_id.id,
                        "work_type_id": values.get("psa_work_type_id"),
                    }
                )
                timer.flush_recordset()
        except UniqueViolation as exc:
            # Another tab started one after this transaction began: the host repeats the
            # request, which then sees it.
            raise ConcurrencyError("a timer was started meanwhile") from exc
        timer._open_segment()

    def _open_segment(self):
        # The database allows one open segment: what was closed has to be there first.
        self.segment_ids.flush_recordset(["date_stop"])
        self.segment_ids.create(
            [
                {"timer_id": timer.id, "date_start": fields.Datetime.now()}
                for timer in self
            ]
        )

    def _close_segment(self, at=None):
        """Close the open segment at an instant (UTC), now by default."""
        for segment in self.segment_ids.filtered(lambda segment: not segment.date_stop):
            # Never before its start, even if the server's clock was set back.
            segment.date_stop = max(segment.date_start, at or fields.Datetime.now())

    def _run(self):
        """Let paused timers run on; work of an earlier day becomes its own entry.

        So every timer, and every entry, is of one day.
        """
        for timer in self:
            owner = timer.with_user(timer.user_id).with_company(timer.company_id)
            began = owner._get_local_date(timer.segment_ids[:1].date_start)
            if began < owner._get_local_date(fields.Datetime.now()):
                timer._record(timer.segment_ids._get_seconds())
                timer.flush_recordset()
                timer.copy({"state": "running"})._open_segment()
            else:
                timer.state = "running"
                timer._open_segment()

    def _hold(self):
        """Pause running timers; one that ran too long is asked about instead."""
        overdue = self.filtered(lambda timer: timer._is_overdue())
        overdue._mark_forgotten()
        held = self - overdue
        held._close_segment()
        held.state = "paused"
        held.flush_recordset()

    def _set_details(self, description, client_id, work_type_id):
        """Take over what the user typed while stopping."""
        vals = {}
        if text := self._to_text(description):
            vals["description"] = text
        if client := self._get_client(client_id):
            vals["client_id"] = client.id
        if work_type := self._get_work_type(work_type_id):
            vals["work_type_id"] = work_type.id
        self.write(vals)

    @api.model
    def _publish(self):
        """Tell every tab and device of the user, and return the same data."""
        data = self.get_widget_data()
        self.env.user._bus_send(BUS_NOTIFICATION, data)
        return data
