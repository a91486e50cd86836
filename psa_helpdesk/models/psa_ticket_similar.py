# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaTicketSimilar(models.AbstractModel):
    """Finds tickets that are like a ticket."""

    _name = "psa.ticket.similar"
    _description = "Tickets Like a Ticket"
