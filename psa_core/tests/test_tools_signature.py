# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import doctest
from io import BytesIO

from PIL import Image, ImageDraw

from odoo.tests import BaseCase

from odoo.addons.psa_core.tools import signature as signature_module
from odoo.addons.psa_core.tools.signature import (
    MAX_ENCODED,
    SignatureMissing,
    SignatureUnreadable,
    clean_name,
    clean_signature,
)


def draw_signature(size=(60, 20), *, drawn=True, kind="PNG"):
    """Return an image of a signature, base64."""
    image = Image.new("RGB" if kind == "JPEG" else "RGBA", size)
    if drawn:
        ImageDraw.Draw(image).line((2, 18, 58, 2), fill="red", width=2)
    buffer = BytesIO()
    image.save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


class TestSignature(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(signature_module).failed, 0)

    def test_a_drawing_is_kept_small(self):
        for size, kept in (((60, 20), (60, 20)), ((2000, 1000), (1000, 500))):
            raw = base64.b64decode(clean_signature(draw_signature(size)))
            with Image.open(BytesIO(raw)) as image:
                self.assertEqual((image.format, image.size), ("PNG", kept))

    def test_nothing_is_drawn(self):
        for encoded in ("", None, False, draw_signature(drawn=False)):
            with self.assertRaises(SignatureMissing):
                clean_signature(encoded)

    def test_unreadable(self):
        for encoded in (
            "no base64",
            {"a": 1},
            "a" * (MAX_ENCODED + 1),
            base64.b64encode(b"no image"),
            # The host reads what is cut off later on as far as it goes.
            draw_signature()[:24],
            draw_signature(kind="JPEG"),
            # A few kilobytes that become gigabytes when they are unpacked.
            draw_signature((5000, 5000)),
        ):
            with self.assertRaises(SignatureUnreadable):
                clean_signature(encoded)

    def test_names(self):
        for name, kept in (
            ("Anna Bellini", "Anna Bellini"),
            (" Anna\n\tBellini\0", "Anna Bellini"),
            ("x" * 300, "x" * 100),
            (" ", ""),
            (None, ""),
            ({"a": 1}, ""),
        ):
            self.assertEqual(clean_name(name), kept)
