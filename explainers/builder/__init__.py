"""The build: what there is to make, in which order, what is out of date, and where it is kept."""
