"""Pictures as text that stands inside a page."""

import base64
import io

from PIL import Image


def data_uri(content: bytes, media_type: str) -> str:
    """Return the address of a file that holds the file itself.

    Args:
        content: The file's bytes.
        media_type: What it is, as in `image/svg+xml`.
    """
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


def jpeg_uri(picture: Image.Image, quality: int, progressive: bool = False) -> str:
    """Return a picture's address as JPEG.

    Args:
        picture: The picture.
        quality: Of the JPEG, 1 to 95.
        progressive: Whether it appears coarsely first, which makes a large picture smaller.
    """
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, progressive=progressive, optimize=True)
    return data_uri(stream.getvalue(), "image/jpeg")
