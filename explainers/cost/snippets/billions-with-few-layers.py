# VGG-16, block by block: channels in, channels out, convolutions
blocks = [(3, 64, 2), (64, 128, 2), (128, 256, 3), (256, 512, 3), (512, 512, 3)]


def layers_to_a_billion(side):
    layers = done = 0
    for inputs, outputs, depth in blocks:
        for _ in range(depth):
            layers += 1
            done += 3 * 3 * inputs * outputs * side**2
            if done >= 10**9:
                return layers
            inputs = outputs
        side //= 2  # the pooling after each block
    return None  # not with all of them


print(f"layers of VGG-16 to a billion, 224 × 224: {layers_to_a_billion(224)}")
print(f"layers of VGG-16 to a billion, 64 × 64: {layers_to_a_billion(64)}")

conv1 = 11 * 11 * 3 * 96 * 55**2  # the AlexNet of 2012
conv2 = 5 * 5 * 48 * 256 * 27**2  # in two towers, each sees half the channels
pairs = 256 * 384 + 192 * 384 + 192 * 256  # of channels, in and out
conv3_to_5 = 3 * 3 * pairs * 13**2
dense = 256 * 6 * 6 * 4096 + 4096 * 4096 + 4096 * 1000
alexnet = conv1 + conv2 + conv3_to_5 + dense
print(f"multiplications of the AlexNet of 2012: {alexnet:,}")
