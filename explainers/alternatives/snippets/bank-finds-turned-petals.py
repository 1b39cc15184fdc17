import numpy as np

from explainers.alternatives.dahlia import hit_by_angle

templates, alarm = 12, 0.05
angles = (0, 45, 90)  # between the petals and the first template
found = hit_by_angle(angles, templates, false_alarm=alarm)
upright, aslant = np.round(found.single.value[:2], 4)
print(f"the bank, across: {found.bank.value[2]:.3f}")
print(f"one template, aslant: {aslant:.3f}, upright {upright:.3f}")
