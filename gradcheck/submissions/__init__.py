"""What is handed in: a folder, a zip, or the download of a learning platform, read as one submission for each student.

Nothing is unpacked to disk, no link is followed, and a file's content is read when it is wanted and not kept.
"""

from .collection import LIMITS, Collection, Limits
from .find import find_submissions
from .main_file import most_functions_of
from .notebook import Cell, cell_of

__all__ = ["LIMITS", "Cell", "Collection", "Limits", "cell_of", "find_submissions", "most_functions_of"]
