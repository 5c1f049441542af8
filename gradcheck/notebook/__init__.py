"""IPython and Jupyter: `%load_ext gradcheck`, then `%%gradcheck` above a cell or `%gradcheck FILE`."""
