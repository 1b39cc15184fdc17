# VGG-16, block by block: channels out, convolutions, side
blocks = [
    (64, 2, 224),
    (128, 2, 112),
    (256, 3, 56),
    (512, 3, 28),
    (512, 3, 14),
]
pooled = bare = 4096 + 4096 + 1000  # activations of the dense layers
maxima = 0
for channels, depth, side in blocks:
    maxima += channels * (side // 2) ** 2  # those of the pooling
    pooled += depth * channels * side**2
    bare += depth * channels * 224**2  # without poolings no map shrinks
pooled += maxima

mega = 10**6
print(f"without poolings: {bare / pooled:.0f} times as many activations")
print(f"four bytes each, without: {4 * bare / mega:.0f} MB")
print(f"four bytes each, with: {4 * pooled / mega:.0f} MB")
print(f"indices of the maxima, eight bytes each: {8 * maxima / mega:.0f} MB")
kept = 4 * pooled + 8 * maxima
print(f"without, against both of these: {4 * bare / kept:.1f} times as much")
