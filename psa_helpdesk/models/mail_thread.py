# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from email.utils import formataddr
from functools import partial
from xmlrpc.client import Binary

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.incoming import Incoming
from ..tools.mail_kind import real_sender
from ..tools.mail_quote import storable
from ..tools.mail_repair import repair

_logger = logging.getLogger(__name__)

#: how often a mail is processed again when somebody works on its ticket
TRIES = 5
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
_TEXTS = (
    "message_id",
    "subject",
    "email_from",
    "from",
    "to",
    "cc",
    "recipients",
    "to_filtered",
    "cc_filtered",
    "references",
    "in_reply_to",
    "body",
)


class MailThread(models.AbstractModel):
    """The gateway, as far as mails concern tickets. Other mails pass as they did."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        if isinstance(message, Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode()

        released = self.env.context.get("psa_incoming")
        if released and released.is_released:
            return super().message_process(
                model, message, custom_values=custom_values, thread_id=thread_id
            )

        def process(incoming):
            thread = self.with_context(psa_incoming=incoming)
            result = super(MailThread, thread).message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
            self.env["psa.incoming.mail"]._record(incoming)
            return result

        open_mail = partial(self._psa_open_mail, message, model)
        incoming = open_mail()
        if not incoming.is_for_tickets:
            return process(incoming)
        return self._psa_process_safely(process, incoming, open_mail)

    @api.model
    def _psa_open_mail(self, raw, model):
        """Return a mail that has come in, before anything is known but its headers."""
        incoming = Incoming(raw)
        teams, names, _own = self.env["mail.alias"]._psa_get_addresses()
        incoming.is_for_tickets = (
            model == "psa.ticket"
            or "-psa.ticket@" in incoming.references()
            or any(
                address in teams or address.partition("@")[0] in names
                for address in incoming.recipients()
            )
        )
        return incoming

    @api.model
    def _psa_process_safely(self, process, incoming, open_mail):
        """Process a mail; whatever is wrong with it, it is kept and the next one comes.

        :param process: called with the mail
        :param open_mail: returns the mail, afresh for each further try
        """
        # The host tries a call again when somebody else changed the same ticket, but
        # not a mail that it fetches: that one would be marked as read and lost.
        is_fetched = bool(self.env.context.get("default_fetchmail_server_id"))
        for number in range(TRIES if is_fetched else 1):
            if number:
                incoming = open_mail()
            try:
                with self.env.cr.savepoint():
                    return process(incoming)
            except CONCURRENCY_ERRORS as error:
                if not is_fetched:
                    raise
                # Each fetched mail has a transaction of its own.
                self.env.cr.rollback()
                failure = error
            except Exception as error:
                failure = error
                break
        return self._psa_hold(incoming, failure)

    @api.model
    def _psa_hold(self, incoming, error):
        """Keep a mail that could not be processed; False, as nothing came of it."""
        try:
            if not self._psa_is_duplicate(error):
                with self.env.cr.savepoint():
                    self.env["psa.incoming.mail"]._hold_after(incoming, error)
                return False
        except UniqueViolation as violation:
            if not self._psa_is_duplicate(violation):
                raise
        _logger.info("Mail %s came twice", incoming.message_id)
        return False

    @api.model
    def _psa_is_duplicate(self, error):
        """Did another worker take the same mail while this one was at it?"""
        constraint = isinstance(error, UniqueViolation) and error.diag.constraint_name
        return constraint == "psa_incoming_mail_message_id_unique"

    @api.model
    def _psa_release(self, raw, decision, team, ticket):
        """Process a held mail as a person has decided.

        :param decision: ticket, reply or note
        :param ticket: the one to add it to, or nothing for a new one
        :return: id of the ticket, or False when the mail cannot be processed
        """
        incoming = Incoming(raw, is_released=True, is_for_tickets=True)
        incoming.decide(decision, ticket=ticket and ticket.id)
        incoming.team_id, incoming.company_id = team.id, team.company_id.id
        thread = self.sudo().with_context(psa_incoming=incoming)
        try:
            with self.env.cr.savepoint():
                thread.message_process("psa.ticket", raw)
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            _logger.warning("Mail %s stays held", incoming.message_id, exc_info=True)
            return False
        return incoming.ticket_id

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def message_parse(self, message, save_original=False):
        incoming = self.env.context.get("psa_incoming")
        if not incoming or not incoming.is_for_tickets:
            return super().message_parse(message, save_original=save_original)
        repair(message)
        self._psa_name_sender(incoming, message)
        message_dict = super().message_parse(message, save_original=save_original)
        for name in _TEXTS:
            if message_dict.get(name):
                message_dict[name] = storable(message_dict[name])
        message_dict["message_id"] = incoming.key
        message_dict["recipients"] = incoming.add_recipients(message_dict["recipients"])
        return message_dict

    @api.model
    def _psa_name_sender(self, incoming, message):
        """Write into a mail that was sent on for somebody who really wrote it.

        Not for technicians: only the sender is checked by mail servers, and in their
        name anybody could write to customers.
        """
        own = self.env["mail.alias"]._psa_get_addresses()[2]
        # What it is can be told from who sent it, so that comes first.
        kind = incoming.classify(message, own).kind
        name, address = real_sender(message)
        if not address or address in own or kind in ("bounce", "report", "own"):
            return
        user = self._mail_find_user_for_gateway(address)
        if user and not user.share:
            return
        sender = formataddr((storable(name), address))
        del message["From"]
        message["From"] = sender
        incoming.set_sender(sender)

    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.is_for_tickets:
            payload_dict = {**payload_dict, "body": storable(payload_dict["body"])}
        return super()._message_parse_extract_payload_postprocess(message, payload_dict)

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        incoming = self.env.context.get("psa_incoming")
        if not incoming or not incoming.is_for_tickets:
            return super()._detect_is_bounce(message, message_dict)
        own = self.env["mail.alias"]._psa_get_addresses()[2]
        kind = incoming.classify(message, own).kind
        if incoming.is_released:
            return False
        # The host takes the receipt of a reader for a bounce, and marks what was read
        # as not delivered.
        if kind == "report":
            return False
        return kind == "bounce" or super()._detect_is_bounce(message, message_dict)

    # ------------------------------------------------------------
    # Routing
    # ------------------------------------------------------------

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.is_released:
            return self.env["psa.ticket"]._route_released(incoming, message_dict)
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if incoming is None:
            return routes
        return self.env["psa.ticket"]._route_mail(
            incoming, message, message_dict, routes
        )

    def _message_parse_post_process(self, message, message_dict, routes):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.decision and not incoming.is_released:
            # The host would ask again for what the decision has found out: unknown
            # senders stay unknown, own addresses belong to no partner.
            message_dict = dict(message_dict)
            if incoming.is_author_known:
                message_dict["email_from"] = False
            own = self.env["mail.alias"]._psa_get_addresses()[2]
            if own.issuperset(incoming.recipients()):
                message_dict["recipients"] = False
        return super()._message_parse_post_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.kind and incoming.kind.temporary:
            # "Not yet delivered" says nothing against the address.
            return
        super()._routing_handle_bounce(email_message, message_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        incoming = self.env.context.get("psa_incoming")
        tickets = incoming and [route for route in routes if route[0] == "psa.ticket"]
        if not tickets:
            return super()._detect_loop_sender(message, message_dict, routes)
        if incoming.is_released:
            return False
        thread = self.with_context(psa_no_loop_notice=True)
        is_loop = super(MailThread, thread)._detect_loop_sender(
            message, message_dict, routes
        )
        if is_loop:
            incoming.hold("loop", tickets[0][1])
        return is_loop

    @api.model
    def _detect_loop_headers(self, msg_dict):
        is_loop = super()._detect_loop_headers(msg_dict)
        incoming = self.env.context.get("psa_incoming")
        if is_loop and incoming and incoming.is_for_tickets:
            incoming.hold("loop")
        return is_loop

    def _routing_create_bounce_email(
        self, email_from, body_html, message, **mail_values
    ):
        # The mail is held where people see it; a notice for each would go on with the
        # loop that was just cut.
        if self.env.context.get("psa_no_loop_notice"):
            return
        incoming = self.env.context.get("psa_incoming")
        kind = incoming and incoming.is_for_tickets and incoming.kind
        if kind and kind.is_automatic:
            # Robots are not told that an alias refuses them; the mail is held.
            return
        super()._routing_create_bounce_email(
            email_from, body_html, message, **mail_values
        )
