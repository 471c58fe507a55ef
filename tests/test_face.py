"""The Python interface, as a notebook uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc import Conv2D, Dense, Flatten, Input, MaxPooling2D, Sequential

MNIST = Path(__file__).parents[1] / "examples" / "mnist_cnn.yaml"


def test_load_and_summarize() -> None:
    found = cnncalc.summarize(cnncalc.load(MNIST))
    assert found.total_params == 1_199_882
    assert found.rows[1].params == 320
    assert found.to_dict()["schema"] == 1
    assert cnncalc.load(str(MNIST), input=(32, 32, 3)).inputs == {"input": (32, 32, 3)}


def test_a_mapping_will_do() -> None:
    assert cnncalc.summarize({"input": [4], "layers": [{"Dense": 10}]}).total_params == 50


def test_it_prints_as_a_table() -> None:
    text = repr(cnncalc.summarize({"input": [4], "layers": [{"Dense": 10}]}))
    assert "Total params: 50" in text
    assert text.splitlines()[3].split() == ["dense", "Dense", "10", "50"]


def test_a_notebook_gets_html() -> None:
    html = cnncalc.summarize({"name": "a<b", "input": [4], "layers": [{"Dense": 10}]})._repr_html_()
    assert html.count("<tr>") == 3 + 7  # a heading, two layers, the totals
    assert "a&lt;b" in html


def test_built_in_code_is_built_from_a_file() -> None:
    layers = [
        Conv2D(32, (3, 3), activation="relu"),
        Conv2D(64, 3),
        MaxPooling2D(),
        Flatten(),
        Dense(128),
        Dense(10, name="out"),
    ]
    coded = Sequential([Input((28, 28, 1)), *layers])
    assert cnncalc.summarize(coded).total_params == 1_199_882
    assert cnncalc.summarize(Sequential(layers, input=(28, 28, 1))).rows[-1].name == "out"


def test_positional_arguments_are_kerass() -> None:
    """Conv2D(filters, kernel_size, strides): a stride of 3, as in Keras 3, not a 3x3 kernel as in Keras 1."""
    row = cnncalc.summarize(Sequential([Conv2D(32, 3, 3)], input=(28, 28, 1))).rows[1]
    assert (row.output_shape, row.params) == ((9, 9, 32), 320)


def test_wrong_calls() -> None:
    with pytest.raises(TypeError, match="at most 8 positional"):
        Conv2D(*range(9))
    with pytest.raises(TypeError, match="got filters twice"):
        Conv2D(3, filters=4)
    with pytest.raises(cnncalc.ArchitectureError, match="Conv2D needs kernel_size"):
        Sequential([Conv2D(3)], input=(8, 8, 1))
    with pytest.raises(AttributeError):
        cnncalc.Conv4D  # noqa: B018 - asking is the test


def test_errors_are_value_errors() -> None:
    with pytest.raises(ValueError, match="there is no layer kind 'Conv'"):
        cnncalc.summarize({"input": [4], "layers": ["Conv"]})


def test_every_public_name_is_listed() -> None:
    assert {"Conv2D", "load", "Sequential", "summarize"} <= set(dir(cnncalc))
