# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketSlaTimeline(models.AbstractModel):
    """What happened to a target, for the timeline on the form of its ticket."""

    _name = "psa.ticket.sla.timeline"
    _description = "Timeline of an SLA"

    def _prepare_timeline(self, sync, logs):
        """Return this target as the timeline shows it; durations are working seconds.

        :param sync: what knows the clocks
        :param logs: what happened to it, in this order
        """
        self.ensure_one()
        clock = sync.clock_of(self)
        timer = self._get_timer()
        used = timer.used(clock, sync.now)
        labels = dict(self._fields["kind"]._description_selection(self.env))
        results = dict(self._fields["result"]._description_selection(self.env))
        to_string = fields.Datetime.to_string
        return {
            "id": self.id,
            "label": labels[self.kind],
            "kind": self.kind,
            "cycle": self.cycle,
            "state": self.state,
            "result": self.result,
            "result_label": results[self.result],
            "policy": self.policy_id.name or "",
            "hours": self.env._("Round the clock")
            if self.around_the_clock or not self.calendar_id
            else self.calendar_id.name,
            "target": timer.target,
            "used": used,
            "deadline": to_string(self.deadline),
            "waive_reason": self.waive_reason or "",
            "may_waive": self._may_waive(),
            "events": self._prepare_timeline_events(logs, clock, used),
        }

    def _may_waive(self):
        """Can the user still say that this target shall not count?"""
        return (
            not self.waived_at
            and bool(self._get_timer().is_open or self.breached_at)
            and self.env.user.has_group("psa_core.group_psa_manager")
        )

    def _prepare_timeline_events(self, logs, clock, used):
        """Return what happened, each with the working seconds used by then.

        :param used: until now; who changed the hours of service meanwhile has changed
            what earlier times are worth, but not what was counted
        """
        labels = dict(
            self.env["psa.ticket.sla.log"]
            ._fields["event"]
            ._description_selection(self.env)
        )
        events = []
        spent, since = 0, self.started_at
        for log in logs:
            if since:
                spent += max(0, clock.seconds_between(since, log.at))
                since = max(since, log.at)
            if log.event == "resume":
                since = log.at
            elif log.event in ("pause", "reach", "stop"):
                since = None
            events.append(
                {
                    "event": log.event,
                    "label": labels[log.event],
                    "at": fields.Datetime.to_string(log.at),
                    "used": min(spent, used),
                    "by": log.sudo().user_id.name or "",
                    "detail": log.detail or "",
                }
            )
        return events
