.PHONY: help install test lint types check bench messages reference

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

install:  ## install the package and the development tools into the current environment
	python -m pip install -e '.[dev]'

test:  ## run the tests
	python -m pytest

lint:  ## check style and formatting
	ruff check .
	ruff format --check .

types:  ## check the types
	mypy

check: lint types test  ## everything that CI runs

bench:  ## run the benchmarks; peers that are not installed are left out
	python benchmarks/startup.py
	python benchmarks/derive.py
	python benchmarks/keras_models.py
	python benchmarks/witness.py
	python benchmarks/sweep.py
	python benchmarks/grading.py

messages:  ## bring the Chinese catalogue up to date with the texts in the code, then compile it
	python tests/catalogue.py

reference:  ## write docs/layers.md and docs/misconceptions.md from the classes
	python docs/reference.py
	python docs/misconceptions_page.py
