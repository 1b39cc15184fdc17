"""What is thrown away: what a pooled map keeps of the map before it, counted.

`model` has the laws of what is kept, `gradients` those of who receives gradient, and `counts` how
many maps look the same. `measured` measures how well pictures are rebuilt, where the gradient goes,
and how well positions can be read from a pooled map.
"""
