"""Numbers of their own for every student, drawn from those that tell misconceptions apart.

variants = Variants(load_exercise("exercise.yaml"), secret)
variants.of("b12901001").numbers          # {"F": 24, "n": 33}
"""

from __future__ import annotations

from .combinations import Combinations, Trial, concrete
from .drawing import Variants, variant
from .human import burdens
from .identity import identity
from .writing import standalone

__all__ = ["Combinations", "Trial", "Variants", "burdens", "concrete", "identity", "standalone", "variant"]
