# VGG-16, block by block: channels in, channels out, convolutions
blocks = [(3, 64, 2), (64, 128, 2), (128, 256, 3), (256, 512, 3), (512, 512, 3)]
side = 224
parameters = 0
for inputs, outputs, depth in blocks:
    parameters += 3 * 3 * inputs * outputs
    parameters += (depth - 1) * 3 * 3 * outputs * outputs
    parameters += depth * outputs  # the biases
    side //= 2  # the pooling

pooled = 512 * side**2 * 4096  # from each value of the last map to each unit
bare = 512 * 224**2 * 4096
parameters += pooled + 4096 * 4096 + 4096 * 1000  # the three dense layers
parameters += 4096 + 4096 + 1000  # their biases
print(f"without poolings: {bare / pooled:,.0f} times as many weights")
print(f"weights with them: {pooled:,}")
print(f"these are: {pooled / parameters:.0%} of all parameters")
