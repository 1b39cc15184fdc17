width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out
kernels = [9 * c * d for c, d in zip([3] + width[:-1], width, strict=True)]  # 3 × 3
side = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3  # with poolings
pooled = sum(w * s * s for w, s in zip(kernels, side, strict=True))
bare = sum(kernels) * 224**2
fc6 = [512 * last**2 * 4096 for last in (7, 224)]  # first dense layer
rest = 4096 * 4096 + 4096 * 1000  # the other two
print(bare, f"{bare / pooled:.1f}", fc6[1])
ours, without = pooled + fc6[0] + rest, bare + fc6[1] + rest
print(without, f"{without / ours:.1f}")
