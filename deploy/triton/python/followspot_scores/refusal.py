"""What a caller did wrong, said in one sentence."""


class Refusal(ValueError):
    """
    A request that cannot be answered. The text is for the person who sent it; the others of its batch go on.
    """
