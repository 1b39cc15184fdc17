# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
pooled = 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # the dense layers
strided = convolved = pooled
for inputs, outputs, depth, side in blocks:
    first = 3 * 3 * inputs * outputs  # weights; each multiplies at every place
    other = 3 * 3 * outputs * outputs
    block = (first + (depth - 1) * other) * side**2
    after = (side // 2) ** 2  # positions after the pooling
    pooled += block
    strided += block - other * side**2 + other * after  # the last one strides
    convolved += block + 2 * 2 * outputs * outputs * after

print("multiplications, against those with the poolings")
print(f"strides in the convolutions: {strided / pooled:.0%}")
print(f"a convolution for each pooling: {convolved / pooled:.2f} times as many")
