"""Files of weights: NumPy's archives, Keras's files, and PyTorch's state dicts in the safetensors format.

Nothing in a file is run: no pickle, no code, and no number that stands in another file.
"""

from __future__ import annotations

from .reading import Weights, read_weights
from .writing import write_weights

__all__ = ["Weights", "read_weights", "write_weights"]
