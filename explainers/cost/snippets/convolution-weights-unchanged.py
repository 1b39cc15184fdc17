from itertools import pairwise

vgg16 = [64, 64, "M", 128, 128, "M"] + [256] * 3 + ["M"] + ([512] * 3 + ["M"]) * 2


def weights(layers):
    width = [3] + [layer for layer in layers if layer != "M"]  # a max pooling has none
    return sum(3 * 3 * c * d for c, d in pairwise(width))


print(weights(vgg16), weights([layer for layer in vgg16 if layer != "M"]))
