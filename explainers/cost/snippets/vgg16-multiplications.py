width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out of each convolution
side = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3  # side of its map
kernels = [9 * c * d for c, d in zip([3] + width[:-1], width, strict=True)]  # 3 × 3
dense = 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # once for each weight

convolutions = sum(w * s * s for w, s in zip(kernels, side, strict=True))
parameters = sum(kernels) + dense + sum(width) + 4096 + 4096 + 1000  # with the biases
print(convolutions + dense, convolutions, dense, parameters)
