PYTHON ?= python3
ARGS ?= head=cosine lambda=10
VENV := .venv
DONE := $(VENV)/.installed

.PHONY: help install train checkpoint test tests lint

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(DONE) ## make .venv and install the pinned packages

$(DONE): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --requirement requirements.lock
	# Last and without looking anything up: the lock holds setuptools and all that is needed.
	$(VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(DONE)

train: $(DONE) ## train on the built-in shelves; overrides: make train ARGS="head=linear"
	$(VENV)/bin/python train.py $(ARGS)

checkpoint: $(DONE) ## make checkpoints/shelves.ckpt anew, which scripts.group takes when none is given
	$(VENV)/bin/python train.py +experiment=out_of_the_box output_dir=logs/out_of_the_box
	$(VENV)/bin/python -m scripts.export checkpoint=logs/out_of_the_box/checkpoints/last.ckpt output=checkpoints/shelves.ckpt

lint: $(DONE) ## style, formatting and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

# As many processes as there are cores, of one thread each: at most 8, as each loads torch.
tests: $(DONE) ## all tests
	OMP_NUM_THREADS=1 $(VENV)/bin/python -m pytest --numprocesses=auto --maxprocesses=8 --dist=worksteal

test: $(DONE) ## everything that is checked: lint and tests, side by side
	$(MAKE) --jobs=2 lint tests
