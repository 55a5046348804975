"""Noticing that a JPEG is damaged: Pillow decodes it to garbage without a word."""

import simplejpeg

END_OF_JPEG = b"\xff\xd9"


def damage_of_jpeg(content: bytes) -> str:
    """Return what libjpeg says of the compressed data of a JPEG, empty where it is whole.

    All of it is decoded, yet only an eighth of the pixels in grey: that takes a quarter of the time of reading it.

    Args:
        content: The file's bytes.
    """
    try:
        simplejpeg.decode_jpeg(content, "GRAY", fastdct=True, min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        # Of what this library cannot decode it cannot say anything; Pillow may.
        return "" if str(error).startswith("tj") else str(error)
    return ""
