"""The verdict on one statement: its readings, the conditions it is made under, both sides compared on numbers."""
