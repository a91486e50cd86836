# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class PsaSlaPolicy(models.Model):
    """What is promised to a client: how fast, and during which hours."""

    _name = "psa.sla.policy"
    _description = "SLA Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Hours of Service",
        index="btree_not_null",
        help="When its clocks run. Empty: the hours of the team, then those of the "
        "company, then round the clock.",
    )
    target_ids = fields.One2many(
        "psa.sla.target", "policy_id", string="Targets", copy=True
    )
    description = fields.Text(translate=True)

    @api.constrains("company_id")
    def _check_used_by_company(self):
        """:raise ValidationError: when tickets of another company have the policy"""
        for policy in self.filtered("company_id"):
            # In sudo: also those of companies the administrator does not see now.
            tickets = self.env["psa.ticket"].sudo().with_context(active_test=False)
            if tickets.search_count(
                [
                    ("sla_policy_id", "=", policy.id),
                    ("company_id", "!=", policy.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "Tickets of other companies have the policy “%s”. Copy it "
                        "instead.",
                        policy.name,
                    )
                )

    @api.model
    @tools.ormcache("policy_id")
    def _get_promises(self, policy_id):
        """Return the id of the policy's calendar and its targets, the strictest first.

        :return: ``(calendar_id or False, ((target_id, kind, priority or False,
            type_ids, seconds, around_the_clock), ...))``
        """
        # A type that is archived still limits the target.
        policy = self.sudo().with_context(active_test=False).browse(policy_id)
        targets = policy.target_ids.sorted(
            lambda target: (not target.type_ids, not target.priority, target.seconds)
        )
        return policy.calendar_id.id, tuple(
            (
                target.id,
                target.kind,
                target.priority,
                frozenset(target.type_ids.ids),
                target.seconds,
                target.around_the_clock,
            )
            for target in targets
        )

    @api.model
    def _get_targets(self, policy_id, priority, type_id):
        """Return {kind: (target_id, seconds, around_the_clock)} for such a ticket.

        A target for the type goes before one for all types, then one for the priority
        before one for all, then the shorter one.
        """
        found = {}
        if policy_id:
            for (
                target_id,
                kind,
                of_priority,
                types,
                seconds,
                always,
            ) in self._get_promises(policy_id)[1]:
                fits = of_priority in (False, priority) and (
                    not types or type_id in types
                )
                if fits and kind not in found:
                    found[kind] = target_id, seconds, always
        return found

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        if {"active", "company_id"} & vals.keys():
            # Also for tickets that have another one now, and get this one.
            self.env["psa.ticket"]._request_sla_sync([])
        elif {"calendar_id", "target_ids"} & vals.keys():
            self._request_sync()
        return result

    def unlink(self):
        self._request_sync()
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", policy.name)}
            if "name" not in (default or {})
            else vals
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _request_sync(self):
        """Let the job look again at the open tickets that have these policies."""
        self.env["psa.ticket"]._request_sla_sync([("sla_policy_id", "in", self.ids)])
