"""The grammar of written formulas: tokens become terms. `sides` is where it starts; one module a kind of term."""
