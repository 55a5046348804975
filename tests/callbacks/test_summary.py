"""What a run shows on the terminal."""

from types import SimpleNamespace

from rich.console import Console
from rich.progress import Progress, TextColumn

from callbacks.summary import RichProgressBar


def test_the_progress_bar_is_one_line_of_80_columns():
    measures = TextColumn("loss: 12.345 bcubed_f: 0.418")
    console = Console(width=80)
    progress = Progress(*RichProgressBar().configure_columns(SimpleNamespace()), measures, console=console)
    progress.add_task("Epoch 19/19", total=1234, completed=1234)
    (line,) = console.render_lines(progress.get_renderable(), pad=False)
    text = "".join(segment.text for segment in line)
    assert "1234/1234" in text
    assert text.rstrip().endswith("bcubed_f: 0.418")
