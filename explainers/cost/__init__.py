"""What depth costs, what published counters count besides, and what the clock says.

Networks themselves are counted in `explainers.networks`.
"""
