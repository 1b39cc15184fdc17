"""What is thrown away: what a pooled map keeps of the map before it, counted.

`model` has the exact laws and counts, `measured` measures how well pictures are rebuilt, where
the gradient goes, and how well positions can be read from a pooled map.
"""
