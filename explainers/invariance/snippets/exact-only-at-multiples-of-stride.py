import numpy as np

noise = np.random.default_rng(0).standard_normal((100, 64, 64))


def max_pooled(x, stride):  # three times 2 × 2 is once 8 × 8
    cells = 64 // stride
    return x.reshape(100, cells, stride, cells, stride).max(axis=(2, 4))


def error(move, stride):
    """How far the output is off, of the difference between unrelated maps."""
    before = max_pooled(noise, stride)
    after = max_pooled(np.roll(noise, move, axis=2), stride)
    cells = move // stride  # how far the output has moved, or one cell more
    tried = np.stack([np.roll(before, cells + more, axis=2) for more in (0, 1)])
    squares = np.mean((after - tried) ** 2, axis=(2, 3)).min(axis=0)
    return np.sqrt(squares.mean() / (2 * np.var([before, after])))


for name, stride in (("one pooling", 2), ("two", 4), ("three", 8)):
    exact = [move for move in range(1, 9) if error(move, stride) == 0]
    print(f"{name}: exact first at a move of {exact[0]} pixels")
print(f"one pooling, moved by 1 pixel, is off by: {error(1, 2):.1%}")
