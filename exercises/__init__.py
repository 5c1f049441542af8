"""The bundled exercises, one folder each."""
