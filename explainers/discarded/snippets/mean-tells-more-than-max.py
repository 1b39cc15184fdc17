import numpy as np


def bits(ways):
    """Entropy of a result that comes about in so many equally likely ways."""
    chances = ways / ways.sum()
    return -np.sum(chances * np.log2(chances))


byte = np.ones(256)  # one way to have each level
pair = np.convolve(byte, byte)
sums = np.convolve(pair, pair)  # ways to have each sum of four bytes
as_byte = (np.arange(sums.size) + 2) // 4  # each sum's mean, rounded
rounded = np.bincount(as_byte, sums)
level = np.arange(256.0)
maxima = (level + 1) ** 4 - level**4  # all four up to it, not all four below
print(f"bits that the exact mean tells: {bits(sums):.1f}")
print(f"bits that the maximum tells: {bits(maxima):.1f}")
print(f"bits that the rounded mean tells: {bits(rounded):.1f}")
