def field(windows):  # (size, stride) of each layer
    pixels = 1  # backwards from one value of the last map
    for k, s in reversed(windows):
        pixels = s * (pixels - 1) + k
    return pixels


conv, half, pool = (3, 1), (3, 2), (2, 2)
vgg16 = ([conv] * 2 + [pool]) * 2 + ([conv] * 3 + [pool]) * 3
stages = [conv] * 3 + [half] + [conv] * 3 + [half] + [conv] * 5 + [half] + [conv] * 2
print(field(vgg16), field([conv] * 13))
print(field([(7, 2)] + stages), field([(7, 2), half] + stages))
