"""Judges the report's claims by what was measured."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="claims")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Take in what was measured, judge every claim, and write table and pictures."""
    # Imported late: matplotlib and SciPy take a second, and who asks for --help should not wait for them.
    from scripts.claim_verdicts.command import run_claims

    run_claims(cfg)


if __name__ == "__main__":
    start(main, "claims")
