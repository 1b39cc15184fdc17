conv, pool = (3, 1), (2, 2)  # size, stride
field, jump, pools = 1, 1, []
for layer in ([conv] * 2 + [pool]) * 2 + ([conv] * 3 + [pool]) * 3:  # VGG-16
    k, s = layer
    before = (field, jump)
    field, jump = field + (k - 1) * jump, jump * s
    if layer == pool:
        pools.append((before[0], field, before[1], jump))
print(*pools[0][:2])  # field before and after the first pooling
print(*pools[-1])  # field before and after the last one, jump before and after it
