import numpy as np

clip = np.maximum(np.random.default_rng(0).standard_normal(20), 0)
shares = []
for longest in (40, 80):  # the longest clip in the batch
    padded = np.pad(clip, (0, longest - len(clip)))
    mask = np.arange(longest) < len(clip)
    assert padded[mask].max() == clip.max()
    assert padded[mask].mean() == clip.mean()
    shares.append(padded.mean() / clip.mean())
print(f"left of the mean, beside a clip of forty: {shares[0]:.0%}")
print(f"left of the mean, beside a clip of eighty: {shares[1]:.0%}")
