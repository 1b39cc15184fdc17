"""The build: what there is to make, what it is made of, and how it comes into place.

`plan` lists the artefacts, `sources` says what each is made of, `workers` makes them in processes
of their own, `store` keeps them, `run` puts it together, and `serve` does it while you write.
"""
