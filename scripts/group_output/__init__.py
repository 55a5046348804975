"""What grouping photos leaves: files per photo, the page of all photos, a table on the terminal."""
