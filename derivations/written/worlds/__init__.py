"""From what a document defines to numbers: shapes, distinct prime sizes, random arrays. `building` starts it."""
