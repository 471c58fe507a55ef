"""The witness: runs a network in NumPy and counts. It knows layers by their fields, and none of the rules."""

from .arrays import Array
from .execution import Ran, execute
from .opinion import opinion
from .store import Store

__all__ = ["Array", "Ran", "Store", "execute", "opinion"]
