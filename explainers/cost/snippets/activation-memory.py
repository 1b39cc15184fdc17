# VGG-16, block by block: channels out, convolutions, side
blocks = [
    (64, 2, 224),
    (128, 2, 112),
    (256, 3, 56),
    (512, 3, 28),
    (512, 3, 14),
]
pooled = bare = 4096 + 4096 + 1000  # values that the dense layers hand on
maxima = 0
for channels, depth, side in blocks:
    maxima += channels * (side // 2) ** 2  # what the pooling hands on
    pooled += depth * channels * side**2
    bare += depth * channels * 224**2  # without poolings no map shrinks
pooled += maxima

mega = 10**6
print(f"without poolings: {bare / pooled:.1f} times as many values")
print(f"four bytes each, without: {4 * bare / mega:.0f} MB")
print(f"four bytes each, with: {4 * pooled / mega:.0f} MB")
print(f"places of the maxima, eight bytes each: {8 * maxima / mega:.0f} MB")
