"""Architectures: reading them from files, and the graph of layers that results."""

from __future__ import annotations

from .build import build, load
from .model import Architecture, Node, producer

__all__ = ["Architecture", "Node", "build", "load", "producer"]
