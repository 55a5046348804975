"""What is read: crops, photos with boxes, splits, transforms and the synthetic shelves.

A box is (x1, y1, x2, y2) in pixels of the photo after EXIF orientation, x2 and y2 exclusive.
"""
