# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
pooled = bare = 0
for inputs, outputs, depth, side in blocks:
    first = 3 * 3 * inputs * outputs  # weights; each multiplies at every place
    others = (depth - 1) * 3 * 3 * outputs * outputs
    pooled += (first + others) * side**2
    bare += (first + others) * 224**2  # without poolings no map shrinks

dense = 512 * 224**2 * 4096  # from each value of the last map to each unit
print(f"convolutions without poolings: {bare / pooled:.0f} times the work")
print(f"their multiplications: {bare:,}")
print(f"weights of a first dense layer on that map: {dense:,}")
