"""Reading the runs of a sweep and folding them into tables, figures and a page."""
