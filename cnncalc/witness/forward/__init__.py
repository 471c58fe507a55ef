"""How each family of kinds runs; a module here has the name of its family in `layers`."""
