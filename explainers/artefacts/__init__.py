"""The makers: each turns a part of the catalogue into files, by ``make(job)``."""
