"""Local translation invariance: what stays of a pooled map when the picture moves.

`model` has the exact laws, `measured` measures pooling operators on maps of your own,
`examples` are small enough to check by hand, and `dahlia` moves a photograph.
"""
