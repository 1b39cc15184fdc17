import numpy as np

rng = np.random.default_rng(1)
degrees, middle, far, window = 10, 5, 20, 2
place = window * rng.random((200000, 2))  # in the window
direction = 2 * np.pi * rng.random(200000)


def move(radius):
    return 2 * radius * np.sin(np.radians(degrees) / 2)


def stay(radius):
    way = np.stack([np.cos(direction), np.sin(direction)], axis=1)
    there = place + move(radius) * way
    return ((there >= 0) & (there < window)).all(axis=1).mean()


print(f"so many stay, {middle} pixels out: {stay(middle):.1%}")
print(f"{far} pixels out they move by: {move(far):.2f} pixels")
