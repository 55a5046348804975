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


def _compact(script: str) -> str:
    """Return a script without indentation and without lines that are comments."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


_TEMPLATES.filters["compact"] = _compact


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
