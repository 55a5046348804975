"""Made-up crops for tests of the audit."""

import numpy as np
from scipy.ndimage import gaussian_filter

from analysis.audit.audit import Audit, audit
from analysis.audit.samples import Samples

PRODUCTS, PHOTOS, PER_PHOTO, WIDTH = 12, 16, 2, 24


def made_up(seed: int = 0) -> dict[str, np.ndarray]:
    """Return crops of twelve products on sixteen photos: product + light of the photo + noise."""
    generator = np.random.default_rng(seed)
    means = 3 * generator.normal(size=(PRODUCTS, WIDTH))
    labels = np.repeat(np.arange(PRODUCTS), PHOTOS * PER_PHOTO)
    photo = np.tile(np.repeat(np.arange(PHOTOS), PER_PHOTO), PRODUCTS)
    light = generator.normal(size=(PHOTOS, WIDTH))
    features = means[labels] + light[photo] + generator.normal(size=(len(labels), WIDTH))
    noise = generator.uniform(0, 255, (len(labels), 56, 56, 3))
    return {
        "features": features,
        "labels": labels,
        "photos": np.array([f"photo{number}" for number in photo]),
        "contents": np.array([f"content{number}" for number in range(len(labels))]),
        "pictures": gaussian_filter(noise, (0, 1, 1, 0)).astype(np.uint8),
    }


def audited(columns: dict[str, np.ndarray]) -> Audit:
    """Return the audit of such crops."""
    return audit(Samples(**columns))
