"""One output value of one layer, made again number by number."""
