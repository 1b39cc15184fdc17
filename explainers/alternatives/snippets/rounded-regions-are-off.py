import numpy as np

stride, length, parts = 16, 100, 7
part = np.arange(parts)
off = []
for begins in range(stride):
    ends = begins + length
    first = int(begins / stride + 0.5)  # rounded to whole cells
    last = int(ends / stride + 0.5)
    wide = last - first + 1
    low = first + np.floor(part * wide / parts)
    high = first + np.ceil((part + 1) * wide / parts)
    looked_at = (low + high) / 2 * stride
    own = begins + (part + 0.5) * length / parts
    off.append(looked_at - own)
print(f"spread of what is looked at: {np.std(off):.1f} pixels")
