# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
pooled = bare = 4096 * 4096 + 4096 * 1000  # the last two dense layers
for inputs, outputs, depth, side in blocks:
    first = 3 * 3 * inputs * outputs  # weights; each multiplies at every place
    others = (depth - 1) * 3 * 3 * outputs * outputs
    pooled += (first + others) * side**2
    bare += (first + others) * 224**2  # without poolings no map shrinks

pooled += 512 * 7**2 * 4096  # the first dense layer sees the last map
bare += 512 * 224**2 * 4096
print(f"without the poolings: {bare / pooled:.1f} times as many")
print(f"multiplications without: {bare:,}")
print(f"multiplications with: {pooled:,}")
