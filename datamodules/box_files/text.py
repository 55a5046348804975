"""The text of a box file, whatever its encoding and its line ends."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

# UTF-32's little-endian mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Code pages in the order in which they are guessed, the oldest set of letters of each, and what text in it is made of:
# a page that decodes the bytes into common letters of its own language is likelier than one that decodes them at all.
LATIN = r"[\u00a0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u0160\u0161\u2013-\u2019]"
PAGES = (
    ("cp949", "iso2022_kr", r"[\uac00-\ud7a3\u3131-\u318e]"),
    ("cp932", "shift_jis", r"[\u3041-\u30ff\u4e00-\u9fff\u3005\u3006\uff01-\uff5e]"),
    ("cp1251", "cp1251", r"(?<![A-Za-z])[\u0410-\u044f\u0401\u0451\u2116](?![A-Za-z])"),
    # Letters with marks stand alone or in twos between plain ones.
    ("cp1252", "cp1252", rf"(?<![\u0080-\uffff]){LATIN}{{1,2}}(?![\u0080-\uffff])"),
    ("gb18030", "gb2312", r"[\u4e00-\u9fff\u3001\uff01-\uff5e]"),
    ("big5", "big5", r"[\u4e00-\u9fff\u3001\uff01-\uff5e]"),
)
XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Text:
    """Decoded content.

    Attributes:
        content: Text with line feeds alone, without byte order mark, XML's declaration and blanks at its ends.
        warning: What was guessed; empty if nothing was.
    """

    content: str
    warning: str = ""


def decode(data: bytes, file: Path) -> Text:
    """Return the text of a file's bytes.

    Raises:
        ValueError: If it is empty, or in no encoding that is known; the encoding that it names is in the message.
    """
    text, warning = _by_mark(data, file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").strip(" \t\n\x00\x1a")
    if not text:
        raise ValueError(f"{file} is empty: it holds no boxes")
    return Text(XML_DECLARATION.sub("", text).lstrip() if text.startswith("<?xml") else text, warning)


def _by_mark(data: bytes, file: Path) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, file), ""
    if unmarked := _unmarked_utf(data):
        return _strictly(data, unmarked, file), ""
    declared = XML_ENCODING.match(data)
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    if declared and not declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs")):
        return _strictly(data, declared[1].decode().lower().replace("ks_c_5601-1987", "cp949"), file), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _guess(data, file)


def _unmarked_utf(data: bytes) -> str | None:
    """Return the wide encoding of a text that has no mark and begins with ASCII."""
    head = data[:8]
    if len(head) >= 4 and head[0] and not any(head[1:4]):
        return "utf-32-le"
    if len(head) >= 4 and head[3] and not any(head[:3]):
        return "utf-32-be"
    if len(head) >= 4 and head[0] and head[2] and not head[1] and not head[3]:
        return "utf-16-le"
    return "utf-16-be" if len(head) >= 4 and head[1] and head[3] and not head[0] and not head[2] else None


def _strictly(data: bytes, encoding: str, file: Path) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise ValueError(
            f"{file} says that it is {encoding} and cannot be read so: {error}; save it as UTF-8"
        ) from error


def _guess(data: bytes, file: Path) -> tuple[str, str]:
    """Return the text by the code page that makes the most of it letters of its own language."""
    fits: dict[str, tuple[float, str]] = {}
    for page, common, letters in PAGES:
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            fits[page] = (_share_of_letters(text, common, letters), text)
    if not fits:
        raise ValueError(f"{file} is in no encoding that is known, and in no format of boxes; save it as UTF-8")
    best = max(fits, key=lambda page: fits[page][0])
    others = ", ".join(page for page in fits if page != best)
    warning = f"{file} is not UTF-8; it is read as {best}" + (f" and might be {others}" if others else "")
    return fits[best][1], f"{warning}: names may be wrong; save it as UTF-8"


def _share_of_letters(text: str, common: str, letters: str) -> float:
    """Return the fraction of non-ASCII characters that are letters of one language's oldest character set."""
    found = [letter for letter in "".join(re.findall(letters, text)) if letter.encode(common, "ignore")]
    return len(found) / max(1, sum(not letter.isascii() for letter in text))
