def field(layers):
    """Pixels a side that can change one value of the last map."""
    seen = 1
    for size, stride in reversed(layers):
        seen = (seen - 1) * stride + size  # in the map before this layer
    return seen


conv, pool = (3, 1), (2, 2)  # size and stride
vgg16 = 2 * [conv, conv, pool] + 3 * [conv, conv, conv, pool]

# ResNet-50: only the 3 × 3 convolutions of its blocks widen the field
first, max_pool, strided = (7, 2), (3, 2), (3, 2)
stages = 3 * [conv]
for blocks in (4, 6, 3):
    stages += [strided] + (blocks - 1) * [conv]

print(f"VGG-16, with its poolings: {field(vgg16)} pixels")
print(f"VGG-16, without: {field(13 * [conv])} pixels")
with_pooling = [first, max_pool] + stages
print(f"ResNet-50, with its pooling: {field(with_pooling)} pixels")
print(f"ResNet-50, without: {field([first] + stages)} pixels")
