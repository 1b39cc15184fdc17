# VGG-16: the output channels of each convolution, and the poolings
vgg16 = [64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool"]
vgg16 += [512, 512, 512, "pool", 512, 512, 512, "pool"]


def convolution_weights(layers):
    weights, inputs = 0, 3
    for layer in layers:
        if layer != "pool":  # a max pooling has no weight
            weights += 3 * 3 * inputs * layer  # whatever the size of the map
            inputs = layer
    return weights


without = [layer for layer in vgg16 if layer != "pool"]
print(f"weights with the poolings: {convolution_weights(vgg16):,}")
print(f"weights without: {convolution_weights(without):,}")
