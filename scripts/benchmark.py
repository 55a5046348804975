"""Measures this project beside its peers and beside the least that could do the same work."""

import hydra
from omegaconf import DictConfig

from scripts.benchmarks.command import run_benchmark
from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="benchmark")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Run one benchmark."""
    run_benchmark(cfg)


if __name__ == "__main__":
    start(main, "benchmark", first_word="name")
