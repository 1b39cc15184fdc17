"""How large a map is after its poolings, what its borders do, and what becomes of small objects.

`model` has the counts and the laws, `measured` what is tried on random maps and on the photograph.
"""
