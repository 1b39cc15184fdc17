"""Multiplications, weights, activations and receptive fields of real networks, counted exactly.

`layers` says what a layer is and costs, `networks` holds known networks as data and reads your
own, `model` counts.
"""
