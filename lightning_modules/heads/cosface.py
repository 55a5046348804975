"""CosFace: the margin is subtracted from the cosine."""

from lightning_modules.heads.margin import MarginHead


class CosFaceHead(MarginHead):
    """Large margin cosine loss of Wang et al., CosFace (2018): cos(theta) - margin for the right product.

    The margin is a difference of cosines within 0..1; the paper takes 0.35. Arguments: see :class:`MarginHead`.
    """

    name = "cosface"
