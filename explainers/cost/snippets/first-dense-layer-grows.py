width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out of each convolution
kernels = sum(9 * c * d for c, d in zip([3] + width[:-1], width, strict=True))  # 3 × 3
pooled = 512 * (224 // 2**5) ** 2 * 4096  # 512 maps, 4096 units
bare = 512 * 224**2 * 4096
biases = sum(width) + 4096 + 4096 + 1000
parameters = kernels + pooled + 4096 * 4096 + 4096 * 1000 + biases
print(bare // pooled, pooled, f"{pooled / parameters:.3f}", bare)
