width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out of each convolution
side = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3  # side of its map
layers = zip([3] + width[:-1], width, side, strict=True)
macs = sum(9 * c * d * s * s for c, d, s in layers)
macs += 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # the dense layers

pools = [(64, 112), (128, 56), (256, 28), (512, 14), (512, 7)]  # channels, side
comparisons = sum(3 * d * s * s for d, s in pools)  # the largest of four takes three
instead = sum(4 * d * d * s * s for d, s in pools)  # a convolution of 2 × 2, stride 2
print(comparisons, f"{comparisons / macs:.6f} {instead / comparisons:.1f}")
