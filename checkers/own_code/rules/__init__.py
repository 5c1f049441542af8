"""The rules by which gradient functions are recognised, one module each; every rule reads facts and yields units."""
