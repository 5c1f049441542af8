"""What is wrong with an equality: the small change that makes it right, and what is said of it.

`correction` is where it starts, `repair` tries the changes of `edits`, `refinement` names the mistake by what stands
around it, `messages` says it.
"""
