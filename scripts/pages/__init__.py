"""Pages for the browser: one base page, a template for each kind of page, and one style sheet."""
