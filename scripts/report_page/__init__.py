"""The parts of the report on a sweep: reading runs, folding them into rows, pictures and pages."""
