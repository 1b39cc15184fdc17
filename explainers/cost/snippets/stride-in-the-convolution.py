macs = 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # the dense layers
saved = added = weights = 0
blocks = ((3, 64, 2), (64, 128, 2), (128, 256, 3), (256, 512, 3), (512, 512, 3))
for i, (c, d, depth) in enumerate(blocks):  # channels in and out, convolutions of 3 × 3
    side = 224 // 2**i
    macs += 9 * (c + (depth - 1) * d) * d * side**2
    saved += 9 * d * d * (side**2 - (side // 2) ** 2)  # its last convolution strides
    added += 4 * d * d * (side // 2) ** 2  # a convolution of 2 × 2 for its pooling
    weights += 4 * d * d
print(f"{(macs - saved) / macs:.2f} {(macs + added) / macs:.2f}", weights)
