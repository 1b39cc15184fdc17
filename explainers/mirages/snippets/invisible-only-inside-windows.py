from itertools import combinations

# Three like features in two 2 × 2 windows: places 0 to 3 and places 4 to 7.
hidden = crossed = 0
for places in combinations(range(8), 3):
    in_first = sum(place < 4 for place in places)
    in_second = 3 - in_first
    if in_first and in_second:  # both maxima are 1, as at the start
        hidden += 1
        crossed += in_second == 2  # at the start, two were in the first window
print(f"arrangements with the same pooled map: {hidden}")
print(f"of these, with one in the other window: {crossed}")
