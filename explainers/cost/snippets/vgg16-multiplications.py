# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
convolutions = 0
for inputs, outputs, depth, side in blocks:
    first = 3 * 3 * inputs * outputs  # weights; each multiplies at every place
    others = (depth - 1) * 3 * 3 * outputs * outputs
    convolutions += (first + others) * side**2

dense = 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # each weight once
macs = convolutions + dense
print(f"multiplications, each with its addition: {macs:,}")
print(f"of them in the dense layers: {dense:,}")
print(f"multiplications and additions counted apart: {2 * macs:,}")
