# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaTicketPortal(models.AbstractModel):
    """What a customer sees of a ticket."""

    _name = "psa.ticket.portal"
    _description = "Ticket on the Portal"
