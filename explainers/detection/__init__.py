"""Noisy petal detectors: what pooling gains and costs when detectors are noisy.

`model` has the laws, `measured` the same quantities by seeded simulation under your own
assumptions, `dahlia` the same questions asked of a photograph.
"""
