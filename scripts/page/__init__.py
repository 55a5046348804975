"""The page that shows the groups of one or several photos; `scripts.page.write.write_page` makes it."""
