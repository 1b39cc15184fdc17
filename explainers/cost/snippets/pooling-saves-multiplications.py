width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out of each convolution
kernels = [9 * c * d for c, d in zip([3] + width[:-1], width, strict=True)]  # 3 × 3


def vgg16(sides, last):  # of the maps, and of what the dense layers see
    convolutions = sum(w * s * s for w, s in zip(kernels, sides, strict=True))
    return convolutions + 512 * last**2 * 4096 + 4096 * 4096 + 4096 * 1000


pooled = vgg16([224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3, last=7)
bare = vgg16([224] * 13, last=224)
print(f"{bare / pooled:.1f}", bare, pooled)
