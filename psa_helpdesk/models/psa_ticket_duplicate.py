# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, is_html_empty
from odoo.tools.mail import email_split_and_format

#: messages that tell what happened to a ticket stay with it
OWN_MESSAGES = ("notification", "user_notification")
OPEN_TIMERS = ("running", "paused", "forgotten")


class PsaTicketDuplicate(models.AbstractModel):
    """Merging: tickets about the same thing go on as one of them.

    What customers and technicians wrote, recorded and agreed moves to the target; the
    duplicates stay, cancelled, with their own history and the number people know.
    """

    _name = "psa.ticket.duplicate"
    _description = "Duplicates of a Ticket"
    _inherit = ["psa.ticket.time"]

    def _psa_timer_entry_values(self):
        # A timer that was open on a duplicate records on the ticket that goes on.
        self.ensure_one()
        survivor = self._get_survivor()
        if survivor != self:
            return survivor._psa_timer_entry_values()
        return super()._psa_timer_entry_values()

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    def _merge(self, target):
        """Merge these tickets into a target of the same client.

        :raise UserError: when they must not be merged
        """
        target.ensure_one()
        sources = self - target
        (sources | target).check_access("write")
        (sources | target)._wait_for_lock()
        sources._check_may_merge(target)
        sources._merge_into(target)

    def _check_may_merge(self, target):
        """Raise a UserError when these tickets must not go on as the target."""
        if not self:
            raise UserError(self.env._("Choose another ticket to merge into."))
        merged = (self | target).filtered("merged_into_id")[:1]
        if merged:
            raise UserError(
                self.env._(
                    "%(ticket)s goes on as %(target)s already.",
                    ticket=merged.display_name,
                    target=merged.merged_into_id.display_name,
                )
            )
        for ticket in self:
            if ticket.company_id != target.company_id:
                raise UserError(
                    self.env._("Tickets of two companies cannot be merged.")
                )
            ticket._check_same_customer(target)
            if ticket.is_open and not target.is_open:
                raise UserError(
                    self.env._(
                        "%(target)s is over while %(ticket)s is open. Reopen it first.",
                        ticket=ticket.display_name,
                        target=target.display_name,
                    )
                )
            if ticket.incident_ids - target and target.kind != "problem":
                raise UserError(
                    self.env._(
                        "%(ticket)s is a problem with incidents and %(target)s is "
                        "none. Merge them the other way round.",
                        ticket=ticket.display_name,
                        target=target.display_name,
                    )
                )

    def _check_same_customer(self, target):
        """Raise a UserError when what one customer wrote would reach another."""
        if self._is_same_customer(target):
            return
        for ticket in self | target:
            if not ticket.client_id and not ticket.email_normalized:
                raise UserError(
                    self.env._(
                        "%s has neither a client nor a mail address. Choose its "
                        "client first.",
                        ticket.display_name,
                    )
                )
        raise UserError(
            self.env._(
                "%(ticket)s and %(target)s are of different clients. If they are not, "
                "correct the client first.",
                ticket=self.display_name,
                target=target.display_name,
            )
        )

    def _is_same_customer(self, other):
        """Whether two tickets are of one client, or of one unknown sender."""
        if self.client_id or other.client_id:
            return self.client_id == other.client_id
        return bool(self.email_normalized) and (
            self.email_normalized == other.email_normalized
        )

    def _merge_into(self, target):
        """Move what these tickets have to the target, and end them.

        Extend: call super() and move what your addon keeps for a ticket. Both are
        locked, the merge is allowed, and the user need not have the right to do each
        part of it by hand.
        """
        # In sudo: approved entries, messages and timers of colleagues move too.
        sources, target = self.sudo(), target.sudo()
        values = sources._prepare_merge_values(target)
        sources._merge_thread(target)
        sources._merge_people(target)
        sources._merge_work(target)
        sources._merge_kin(target)
        target.write(values)
        sources.filtered(lambda ticket: ticket.state != "cancelled")._move_to(
            "cancelled", no_time_reason=self.env._("Merged into %s.", target.number)
        )
        sources.write({"merged_into_id": target.id})
        sources._note_merge(target)

    def _prepare_merge_values(self, target):
        """Return what changes on the target: the first and last of what happened."""
        tickets = self | target
        values = {
            "opened_at": min(tickets.mapped("opened_at")),
            "answer_count": sum(tickets.mapped("answer_count")),
            "tag_ids": [Command.link(tag.id) for tag in self.tag_ids],
        }
        for name in ("last_answer_at", "last_customer_message_at"):
            values[name] = max(filter(None, tickets.mapped(name)), default=False)
        values["first_answer_at"] = min(
            filter(None, tickets.mapped("first_answer_at")), default=False
        )
        if target.is_open and any(self.mapped("has_unread_reply")):
            values["has_unread_reply"] = True
        for name in ("partner_id", "reported_by_id", "project_id", "serial_number"):
            if not target[name] and (found := next(filter(None, self.mapped(name)), 0)):
                values[name] = found if isinstance(found, str) else found.id
        if not target.task_id and not target.project_id and self.task_id:
            task = self.task_id[0]
            values.update(task_id=task.id, project_id=task.project_id.id)
        return values

    def _merge_thread(self, target):
        """Move messages with their files, activities and ratings."""
        here = [("res_id", "in", self.ids)]
        moved = {"res_id": target.id}
        by_model = [("model", "=", "psa.ticket"), *here]
        self.env["mail.message"].search(
            [*by_model, ("message_type", "not in", OWN_MESSAGES)]
        ).write(moved)
        by_model = [("res_model", "=", "psa.ticket"), *here]
        for model in ("ir.attachment", "mail.activity", "rating.rating"):
            records = self.env[model].with_context(active_test=False)
            records.search(by_model).write(moved)
        self.env["psa.incoming.mail"].search([("ticket_id", "in", self.ids)]).write(
            {"ticket_id": target.id}
        )

    def _merge_people(self, target):
        """Keep everybody informed who was: requesters, followers and those in CC."""
        people = self.message_partner_ids | self.partner_id | self.reported_by_id
        target.message_subscribe((people - target.message_partner_ids).ids)
        known = set((people | target.partner_id).mapped("email_normalized"))
        known.add(target.email_normalized)
        copies = []
        texts = [target.email_cc, *self.mapped("email_cc"), *self.mapped("email_from")]
        for address in email_split_and_format(", ".join(filter(None, texts))):
            normalized = email_normalize(address)
            if normalized not in known:
                known.add(normalized)
                copies.append(address)
        target.email_cc = ", ".join(copies)

    def _merge_work(self, target):
        """Move work entries, open timers and steps.

        Settled entries move too: the ticket is not what was approved or invoiced, and
        what was done for it must be found in one place. Their hours stay as they are.
        """
        entries = self.env["account.analytic.line"].with_context(psa_keep_settled=True)
        entries.search([("psa_ticket_id", "in", self.ids)]).write(
            {"psa_ticket_id": target.id}
        )
        self._merge_timers(target)
        names = set(target.checklist_ids.mapped("name"))
        self.checklist_ids.filtered(lambda item: item.name not in names).write(
            {"ticket_id": target.id}
        )

    def _merge_timers(self, target):
        """Move open timers; a person has at most one on a ticket."""
        timers = self.env["psa.timer"]
        open_timers = timers.search(
            [
                ("res_model", "=", "psa.ticket"),
                ("res_id", "in", (self | target).ids),
                ("state", "in", OPEN_TIMERS),
            ],
            order="id",
        )
        users = open_timers.filtered(lambda timer: timer.res_id == target.id).user_id
        for timer in open_timers.filtered(lambda timer: timer.res_id != target.id):
            # Who has one there keeps both; the other records on the target as well.
            if timer.user_id not in users:
                users |= timer.user_id
                timers |= timer
        timers.write({"res_id": target.id, "record_name": target.display_name})

    def _merge_kin(self, target):
        """Let children, incidents, duplicates and relations belong to the target."""
        self._merge_branch(target, "parent_id", "child_ids")
        self._merge_branch(target, "problem_id", "incident_ids")
        self.merged_ids.write({"merged_into_id": target.id})
        related = self.related_ids - self - target
        self.write({"related_ids": [Command.clear()]})
        target.write({"related_ids": [Command.link(other.id) for other in related]})

    def _merge_branch(self, target, up, down):
        """Move what hangs below these tickets below the target, without a circle."""
        above = target._get_chain(up)
        outer = next(
            (
                ticket
                for ticket in self[up] - self - target
                if target not in ticket._get_chain(up)
            ),
            self.browse(),
        )
        below = self[down] - self - target
        (below - above).write({up: target.id})
        (below & above).write({up: outer.id})
        if not target[up] or target[up] in self:
            target.write({up: outer.id})

    def _get_chain(self, up):
        """Return the tickets above this one, over a field that leads upwards."""
        chain = self.browse()
        ticket = self[up]
        while ticket and ticket not in chain:
            chain |= ticket
            ticket = ticket[up]
        return chain

    def _note_merge(self, target):
        """Leave a note on both sides; the target gets the words of the duplicates."""
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        parts = []
        for ticket in self:
            parts.append(
                Markup("<p>%s</p>")
                % self.env._("%s was merged into this ticket.", ticket._get_html_link())
            )
            if not is_html_empty(ticket.description):
                parts.append(Markup("<blockquote>%s</blockquote>") % ticket.description)
            ticket.message_post(
                body=Markup("<p>%s</p>")
                % self.env._("Merged into %s.", target._get_html_link()),
                **note,
            )
        target.message_post(body=Markup().join(parts), **note)
