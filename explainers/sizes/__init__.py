"""Sizes, borders, padding and the order of layers: what a pooling does to a shape, exactly.

`model` has the laws of sizes and `measured` tries them; `order` swaps two layers and measures what
changes, `masking` keeps padding out of a pooling, `numerics` counts what floats and int8 do to it.
"""
