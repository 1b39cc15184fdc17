"""Does pooling matter in a trained network? Small networks, really trained, on handwritten digits.

`digits` has the pictures, `layers` each layer forward and backward, `model` what a network is and
how it is trained, `arms` which networks are compared, `costs` what they cost, `measured` what is
asked of each, `dropping` trains with dropout; `experiment` trains and records them all, and
`statistics` says what follows. `shown` has those that run in the reader's browser.
"""
