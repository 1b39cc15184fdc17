import numpy as np

# One strong value among zeros, at each of eight places: further on they repeat.
maps = np.zeros((8, 32, 32))
maps[np.arange(8), 16, np.arange(8)] = 1
moved = np.roll(maps, 1, axis=2)
rng = np.random.default_rng(0)


def pooled(x):  # max over 2 × 2 windows side by side
    half = x.shape[1] // 2
    return x.reshape(8, half, 2, half, 2).max(axis=(2, 4))


def convolved(x, kernel):  # round the border
    places = np.ndenumerate(kernel)
    return sum(weight * np.roll(x, at, axis=(1, 2)) for at, weight in places)


def hidden(kernels):  # a pooling, and one more behind each kernel
    before, after = pooled(maps), pooled(moved)
    for kernel in kernels:
        before, after = (pooled(convolved(x, kernel)) for x in (before, after))
    return np.mean(np.all(before == after, axis=(1, 2)))


nothing = np.ones((2, 1, 1))  # leaves a map as it is
networks = [hidden(rng.random((2, 3, 3))) for _ in range(500)]
print(f"moves that three poolings hide: {hidden(nothing):.1%}")
print(f"moves that one hides: {hidden([]):.1%}")
print(f"three, convolutions between them: {np.mean(networks):.1%}")
