"""Running untrusted files on an instructor's machine: boxes, what they are made of, and whether they hold."""
