"""Rendering a template to a file that opens without a network."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.whole_file import write_text

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_page(template: str, path: Path, **content: object) -> None:
    """Write a page; its folder is made.

    Args:
        template: Name of the template, as in `group` for group.html.jinja.
        path: The file.
        content: What the template shows, by the names that it uses. Every text is escaped.

    Raises:
        jinja2.UndefinedError: If the template uses a name that is not given.
    """
    text = _TEMPLATES.get_template(f"{template}.html.jinja").render(content)
    write_text(path, text)
