"""Sizes, borders and the order of layers: how large maps are, and what may change places.

`model` has the laws of sizes, windows and depth, `chain` the report of the command, `measured` what
is tried on random maps and on the photograph, `order` which layers may change places with a
pooling, `masking` padding that is data, and `numerics` what NaN, whole numbers and rounding do to a
pooling.
"""
