"""What people use instead of a max pool, or of a pool at all, measured alike.

`aggregates` are functions of the values of one window, `pools` lay them over maps, `model` has the
laws, `measured` what is tried on random windows and maps, `dahlia` the rotated templates, `table`
all of it, row by row.
"""
