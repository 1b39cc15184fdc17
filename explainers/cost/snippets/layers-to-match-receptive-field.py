conv, pool = (3, 1), (2, 2)  # size, stride
vgg16 = ([conv] * 2 + [pool]) * 2 + ([conv] * 3 + [pool]) * 3
field = 1  # backwards from one value of the last map
for k, s in reversed(vgg16):
    field = s * (field - 1) + k
layers = 0
while 1 + 2 * layers < field:  # each convolution of 3 × 3 adds two pixels
    layers += 1
print(layers, field, vgg16.count(conv))
