"""The lab of multiplications: two networks, each pooling with a switch; every setting counted here.

The script multiplies nothing: it looks up what the network counter says of a setting.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from explainers.networks.count import count, receptive_field
from explainers.networks.known import network
from explainers.networks.layers import MaxPool2d
from explainers.networks.network import Network

NETWORKS = {"vgg16": "VGG-16", "resnet50": "ResNet-50"}
"""The networks to choose from, and what they are called."""
_ANEW = {"vgg16": " (its first dense layer built anew)", "resnet50": ""}


def poolings(name: str) -> tuple[str, ...]:
    """The names of a network's poolings, from the picture on.

    >>> poolings("resnet50")
    ('maxpool',)
    """
    return tuple(layer.name for layer in network(name).layers if isinstance(layer, MaxPool2d))


def switched(name: str, on: str) -> Network:
    """The network with those of its poolings whose sign is a 1; the others are left out.

    >>> [layer.name for layer in switched("vgg16", "10000").layers[:4]]
    ['conv1_1', 'conv1_2', 'pool1', 'conv2_1']
    """
    left_out = {pool for pool, sign in zip(poolings(name), on, strict=True) if sign == "0"}
    whole = network(name)
    return replace(whole, layers=tuple(x for x in whole.layers if x.name not in left_out))


def counted(name: str, on: str) -> dict[str, Any]:
    """Multiply–accumulates of each block and the receptive field before the dense layers.

    >>> counted("vgg16", "11111")["field"]
    212
    """
    found = count(switched(name, on))
    blocks = {block: round(share * found.macs) for block, share in found.block_shares().items()}
    return {"blocks": list(blocks.values()), "field": receptive_field(switched(name, on)).size}


def first_look() -> dict[str, Any]:
    """What the page of the lab is given: every setting of every network, and the first frame."""
    return {
        "element": "cost-lab",
        "frame": frame(),
        "data": {
            "networks": {
                name: {
                    "label": label,
                    "poolings": poolings(name),
                    "blocks": list(count(name).block_shares()),
                    "anew": _ANEW[name],
                    "settings": {
                        on: counted(name, on)
                        for on in map("".join, product("01", repeat=len(poolings(name))))
                    },
                }
                for name, label in NETWORKS.items()
            }
        },
    }


def frame() -> str:
    """The first frame: VGG-16 as designed, a bar for each of its blocks, and a sentence.

    >>> "VGG-16 as designed: 15.5 billion" in frame()
    True
    """
    found, names = counted("vgg16", "11111"), count("vgg16").block_shares()
    longest = max(found["blocks"])
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td><div class="lab__bar" '
        f'style="width:{100 * macs / longest:.1f}%"></div></td><td>{billions(macs)}</td></tr>'
        for name, macs in zip(names, found["blocks"], strict=True)
    )
    said = (
        f"VGG-16 as designed: {billions(sum(found['blocks']))} billion multiplications for a "
        f"picture; a value of the last map sees {found['field']} × {found['field']} pixels."
    )
    caption = "billions of multiplications, by block"
    return (
        f'<div class="lab__stage"><table class="lab__bars"><caption>{caption}</caption>'
        f'<tbody>{rows}</tbody></table></div><p class="lab__said">{said}</p>'
    )


def billions(macs: int) -> str:
    """A count in billions, with one decimal.

    >>> billions(15470264320)
    '15.5'
    """
    return f"{macs / 1e9:.1f}"
