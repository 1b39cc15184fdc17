# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
macs = 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # the dense layers
comparisons = instead = 0
for inputs, outputs, depth, side in blocks:
    first = 3 * 3 * inputs * outputs  # weights; each multiplies at every place
    others = (depth - 1) * 3 * 3 * outputs * outputs
    macs += (first + others) * side**2
    windows = (side // 2) ** 2
    comparisons += 3 * outputs * windows  # the largest of four takes three
    instead += 2 * 2 * outputs * outputs * windows  # by a convolution

share = comparisons / macs
print(f"comparisons: {share:.3%} as many as multiplications")
print(f"convolutions instead: {instead / comparisons:.0f} times as many")
