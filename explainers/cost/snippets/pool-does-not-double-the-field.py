conv, pool = (3, 1), (2, 2)  # size and stride
vgg16 = 2 * [conv, conv, pool] + 3 * [conv, conv, conv, pool]

field, distance = 1, 1  # a pixel sees itself, and its neighbour is next to it
for size, stride in vgg16:
    field_before, distance_before = field, distance
    field += (size - 1) * distance  # values of a window are so far apart
    distance *= stride

print("before and after the last pooling, in pixels")
print(f"receptive field: {field_before} and {field}")
print(f"distance from one to the next: {distance_before} and {distance}")
