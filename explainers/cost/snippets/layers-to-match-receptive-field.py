def convolutions(kernel, wanted):
    """How many it takes, one after the other, without stride."""
    field, layers = 1, 0
    while field < wanted:
        field += kernel - 1
        layers += 1
    return layers


conv, pool = (3, 1), (2, 2)  # size and stride
vgg16 = 2 * [conv, conv, pool] + 3 * [conv, conv, conv, pool]
field = 1
for size, stride in reversed(vgg16):  # back from one value of the last map
    field = (field - 1) * stride + size

print(f"without pooling, 3 × 3: {convolutions(3, field)} convolutions")
print(f"VGG-16 with its poolings: {vgg16.count(conv)} convolutions")
print(f"receptive field of VGG-16: {field} pixels")
print(f"without pooling, 7 × 7: {convolutions(7, field)} convolutions")
