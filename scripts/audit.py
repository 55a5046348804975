"""Tells what is wrong with a training set: duplicated and mixed classes, mislabelled crops, copies, leaks."""

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="audit")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Audit a training set, and write page, record and proposed label map."""
    # Imported late: torch and scikit-learn take seconds, and who asks for --help should not wait for them.
    from scripts.auditing.command import run_audit

    prepare_process()
    run_audit(cfg)


if __name__ == "__main__":
    start(main, "audit")
