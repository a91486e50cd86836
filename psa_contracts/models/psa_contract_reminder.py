# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import escape

from odoo import api, fields, models


class PsaContractReminder(models.AbstractModel):
    """Whom something about a contract is told, and how."""

    _name = "psa.contract.reminder"
    _description = "Reminders of Contracts"
    _inherit = ["mail.thread"]

    def _get_reminded(self):
        """Return the responsible; who bills stands in for one who is not there."""
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        group = self.env.ref("psa_core.group_psa_billing")
        return group.all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )

    def _remind_of_fault(self, describe, reason):
        """Tell people what went wrong; who has not done it yet is not told again.

        :param describe: gives the text from a contract in the user's language
        :param reason: shown as it is, never as HTML
        """
        reminders = []
        # In sudo: each sees his own activities only.
        for contract in self.sudo():
            told = {(found.user_id, found.summary) for found in contract.activity_ids}
            for user in contract._get_reminded():
                text = describe(contract.with_context(lang=user.lang))
                if (user, text) not in told:
                    reminders.append((contract, user, text))
        self._remind(reminders, note=escape(reason or ""))

    @api.model
    def _remind(self, reminders, note=False):
        """Give activities to people, without making followers of them.

        :param reminders: ``(contract, user, text in the user's language)``
        :param note: HTML
        """
        model_id = self.env["ir.model"]._get_id("psa.contract")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        # In sudo: a salesman who changes an order gives work to who has the contract.
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True, psa_reminding=True)
        )
        activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": contract.id,
                    "user_id": user.id,
                    "activity_type_id": todo.id if todo else False,
                    "automated": True,
                    "summary": text,
                    "note": note,
                    "date_deadline": fields.Date.context_today(
                        contract.with_context(tz=user.tz)
                    ),
                }
                for contract, user, text in reminders
            ]
        )

    def _tell_client_running_low(self):
        """Tell the contacts of contracts what is left of their hours.

        The mails are queued: nothing is sent before this transaction is committed.
        """
        template = self.env.ref("psa_contracts.mail_template_running_low")
        told = self.filtered(lambda contract: contract._get_told_contact().email)
        for lang, contracts in told.grouped(
            lambda contract: contract._get_told_contact().lang
        ).items():
            translated = template.with_context(lang=lang)
            subjects = translated._render_field("subject", contracts.ids)
            bodies = translated._render_field("body_html", contracts.ids)
            for contract in contracts:
                contract.message_post(
                    subject=subjects[contract.id],
                    body=bodies[contract.id],
                    author_id=contract.company_id.partner_id.id,
                    message_type="auto_comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=contract._get_told_contact().ids,
                    email_add_signature=False,
                    notify_skip_followers=True,
                    force_send=False,
                    force_email_lang=lang,
                    mail_headers={"Auto-Submitted": "auto-generated"},
                )

    def _get_told_contact(self):
        self.ensure_one()
        return self.contact_id or self.client_id

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self.env.context.get("psa_reminding"):
            # Who is told once does not want every mail from then on.
            return True
        return super().message_subscribe(partner_ids, subtype_ids)
