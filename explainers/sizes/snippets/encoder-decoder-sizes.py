def given_back(side, poolings=4):
    """Rows that come back from an encoder and a decoder of this depth."""
    for _ in range(poolings):
        side = side // 2  # the last row of an odd map is in no 2 × 2 window
    return side * 2**poolings


side, multiple = 100, 16
print(f"rows that come back of {side}: {given_back(side)}")
while given_back(side) != side:
    side += 1
assert side % multiple == 0
print(f"next size that comes back whole: {side}")
