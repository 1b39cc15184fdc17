conv, pool = (3, 1), (2, 2)  # size, stride
field, jump, pools = 1, 1, []
for layer in ([conv] * 2 + [pool]) * 2 + ([conv] * 3 + [pool]) * 3:  # VGG-16
    k, s = layer
    before = (field, jump)
    field, jump = field + (k - 1) * jump, jump * s
    if layer == pool:
        pools.append((*before, field, jump))
print(*pools[0])  # field and jump before, field and jump after
print(*pools[-1])
