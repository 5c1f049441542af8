"""What a document's letters and statements mean, before there are numbers.

`usage` counts how names are written, `letters` and `symbols` say which quantities they are, `kinds` what each statement
is, `drafting` what is defined; `session` holds it all while statements are judged.
"""
