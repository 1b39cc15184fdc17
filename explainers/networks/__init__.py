"""Multiplications, weights, activations and receptive fields of networks, counted exactly.

`layers` says what a layer is and costs, `network` what a network is, `known` holds published ones
as data, and `poolings` changes their poolings; `files` reads your own. `count` counts them, and
`table` shows what it found.
"""
