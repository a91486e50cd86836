# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What somebody drew and wrote to sign, as a browser sends it."""

from __future__ import annotations

import base64
from io import BytesIO

from PIL import Image

#: of what the browser sends, in characters of base64
MAX_ENCODED = 1_000_000
#: of what is drawn: a large screen has less
MAX_PIXELS = 4_000_000
#: of what is kept
SIZE = (1000, 500)
MAX_NAME = 100


class SignatureMissing(ValueError):
    """Nothing was drawn."""


class SignatureUnreadable(ValueError):
    """This is no image of a signature."""


def clean_name(name: object) -> str:
    """Return the name as it is kept, empty when there is none.

    >>> clean_name("  Anna \\x1b Bellini ")
    'Anna Bellini'
    """
    if not isinstance(name, str):
        return ""
    printable = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(printable.split())[:MAX_NAME]


def clean_signature(encoded: object) -> str:
    """Return what is drawn on an image of a signature, as a small PNG, base64.

    :raise SignatureMissing: when nothing is drawn on it
    :raise SignatureUnreadable: when it is no PNG, or too large
    """
    if not encoded:
        raise SignatureMissing
    if not isinstance(encoded, (str, bytes)) or len(encoded) > MAX_ENCODED:
        raise SignatureUnreadable
    try:
        raw = base64.b64decode(encoded, validate=True)
        with Image.open(BytesIO(raw), formats=["PNG"]) as image:
            # Before it is unpacked: a few kilobytes become gigabytes.
            if image.width * image.height > MAX_PIXELS:
                raise SignatureUnreadable
            drawing = image.convert("RGBA")
    except SignatureUnreadable:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise SignatureUnreadable from error
    if all(low == high for low, high in drawing.getextrema()):
        raise SignatureMissing
    drawing.thumbnail(SIZE)
    buffer = BytesIO()
    drawing.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
