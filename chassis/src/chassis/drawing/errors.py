"""Why a picture is not drawn."""


class Unusable(ValueError):
    """What is wrong with the picture, for whoever gave it."""
