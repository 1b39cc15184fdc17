from math import comb

rate, values = 0.5, 4  # of a 2 × 2 window, spread evenly from 0 to 1
training = 0.0
for kept in range(values + 1):
    chance = comb(values, kept) * (1 - rate) ** kept * rate ** (values - kept)
    largest = kept / (kept + 1)  # mean of the largest of those that are kept
    training += chance * largest / (1 - rate)
inference = values / (values + 1)
print(f"training, times inference: {training / inference:.2f}")
print(f"outputs that are dropped: {rate**values:.2%}")
