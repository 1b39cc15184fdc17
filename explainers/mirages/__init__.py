"""Objects that are not there: which rearrangements of its parts a pooled map cannot tell.

`model` counts them exactly, `measured` measures how often a detector accepts one, `dahlia` does
so on the photograph; `figures` and `claims` show what comes out.
"""
