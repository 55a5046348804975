"""Which group of which photo is drawn in which style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from analysis.figures.palette import NUM_STYLES


def assign_styles(photos: Sequence[Collection[int]], across_photos: bool = True) -> list[dict[int, int]]:
    """Number the styles of the clusters of each photo, so that two clusters of one photo never share one.

    Where clusters stand for one product in all photos, each keeps its style in all of them, as far as there are enough
    styles: those that meet in no photo may share one (greedy colouring). Clusters of more photos come first.

    Args:
        photos: Clusters of each photo, none negative.
        across_photos: Whether a cluster stands for one product in all photos; else each photo is a case of its own.

    Returns:
        Style of each cluster, by photo. A photo of more clusters than there are styles repeats them.
    """
    if not across_photos:
        return [assign_styles([clusters])[0] for clusters in photos]
    meetings: dict[int, set[int]] = {}
    for clusters in photos:
        for cluster in clusters:
            meetings.setdefault(cluster, set()).update(clusters)
    counts = Counter(cluster for clusters in photos for cluster in set(clusters))
    shared: dict[int, int] = {}
    for cluster in sorted(counts, key=lambda cluster: (-counts[cluster], cluster)):
        style = _lowest_free({shared[other] for other in meetings[cluster] if other in shared})
        if style < NUM_STYLES:
            shared[cluster] = style
    return [_of_photo(clusters, shared) for clusters in photos]


def _of_photo(clusters: Collection[int], shared: dict[int, int]) -> dict[int, int]:
    styles = {cluster: shared[cluster] for cluster in clusters if cluster in shared}
    taken = set(styles.values())
    for cluster in sorted(set(clusters) - styles.keys()):
        styles[cluster] = _lowest_free(taken)
        taken.add(styles[cluster])
    return styles


def _lowest_free(taken: set[int]) -> int:
    return next(style for style in range(len(taken) + 1) if style not in taken)
