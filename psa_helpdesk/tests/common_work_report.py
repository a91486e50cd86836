# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from io import BytesIO

from PIL import Image, ImageDraw

from .common import PsaHelpdeskCommon


def draw_signature(drawn=True):
    """Return an image of a signature, base64."""
    image = Image.new("RGBA", (60, 20), (255, 255, 255, 0))
    if drawn:
        ImageDraw.Draw(image).line((2, 18, 58, 2), fill="black", width=2)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class PsaWorkReportCommon(PsaHelpdeskCommon):
    """A ticket with work of two technicians, and what it takes to sign its report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.work_type_travel = cls.env.ref("psa_core.work_type_travel")
        cls.signature = draw_signature()
        cls.ticket = cls._create_ticket(user_id=cls.technician.id)
        cls.entry = cls._create_work(name="Cleaned the rollers")
        cls.drive = cls._create_work(
            name="There and back",
            psa_work_type_id=cls.work_type_travel.id,
            unit_amount=0.5,
        )
        cls.colleagues = cls._create_work(cls.colleague, name="Ordered a new roller")
        cls.product = cls.env["product.product"].create({"name": "Roller kit"})

    @classmethod
    def _create_work(cls, user=None, ticket=None, **kwargs):
        return cls._create_entry(
            user,
            **{
                "psa_ticket_id": (ticket or cls.ticket).id,
                "task_id": False,
                "project_id": False,
                "psa_work_type_id": cls.work_type_remote.id,
                **kwargs,
            },
        )

    @classmethod
    def _create_report(cls, record=None, user=None):
        """Press the button on the ticket, or on another record."""
        record = (record or cls.ticket).with_user(user or cls.technician)
        return record.create_work_reports()

    @classmethod
    def _sign(cls, report, name="Anna Bellini", **kwargs):
        return report._sign(name, cls.signature, **kwargs)
