"""What runs inside the process of a student's file; nothing else of gradcheck may be read from there.

The parent's end shares one module with it, `wire`: the format in which calls and answers travel.
"""
