import numpy as np

from explainers import flower

page = np.random.default_rng(0).random((426, 640)) >= 0.1  # one dark pixel in ten
photo, dots = (p.reshape(213, 2, 320, 2) for p in (flower.grey()[:-1], 1.0 * page))
mean, top = (f(photo, axis=(1, 3), keepdims=True) - photo for f in (np.mean, np.max))
errors = [np.sqrt(np.mean(mean**2)), np.sqrt(np.mean(top**2)), top.std()]
print(*np.round(errors / photo.std(), 4))  # the last with the brightness corrected
for f in (np.max, np.mean):
    error = np.abs(f(dots, axis=(1, 3), keepdims=True) - dots).mean() / dots.std()
    print(round(error, 4))
