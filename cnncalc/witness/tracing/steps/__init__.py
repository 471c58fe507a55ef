"""How a value of each family of kinds is made again, number by number."""
