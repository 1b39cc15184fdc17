import numpy as np

# One strong value among zeros, at each place of a map of 32 × 32.
maps = np.eye(1024).reshape(1024, 32, 32)
moved = np.roll(maps, 1, axis=2)
weights = np.random.default_rng(0).random((3, 3))


def pooled(x):  # max over 2 × 2 windows side by side
    half = x.shape[1] // 2
    return x.reshape(1024, half, 2, half, 2).max(axis=(2, 4))


def convolved(x):  # round the border
    places = np.ndenumerate(weights)
    return sum(weight * np.roll(x, at, axis=(1, 2)) for at, weight in places)


def three_poolings(x):
    return pooled(pooled(pooled(x)))


def with_convolutions(x):
    return pooled(convolved(pooled(convolved(pooled(x)))))


def hidden(network):
    return np.mean(np.all(network(maps) == network(moved), axis=(1, 2)))


print(f"moves that three poolings hide: {hidden(three_poolings):.1%}")
print(f"moves that one hides: {hidden(pooled):.1%}")
print(f"three, convolutions between them: {hidden(with_convolutions):.1%}")
