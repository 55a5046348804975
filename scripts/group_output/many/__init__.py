"""More photos than one page holds: a page for each, and a page of small pictures that lead to them."""
