"""What a person can put right."""


class Mistake(Exception):
    """One sentence that names the place and says what to do; the program ends with code 2."""
