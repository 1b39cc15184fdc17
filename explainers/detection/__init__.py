"""Noisy petal detectors: what pooling gains and costs when detectors are noisy.

`model` has the laws, `simulation` the same quantities by seeded simulation under your own
assumptions, `flower` the same questions asked of a photograph.
"""
