"""What today's networks do: where they pool, stride, merge tokens and attend.

Each row was read in a network's own code, or in code that many use for it, at one commit; or in its
paper. What could not be verified so is left out, and a cell says so.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from explainers.kinds import Choice, checked

VERIFIED = "2026-11-29"
"""When every row was read."""
WAYS = ("max", "mean", "stride", "merge", "attention", "none")
"""How places become fewer, or one: the largest of them, their mean, a convolution that skips, the
channels of several side by side, a weighted mean that asks them; or not at all."""
STEPS = ("first", "between", "within", "last")
"""The first step from the picture; between stages; inside blocks; and from the last map on."""


class Step(NamedTuple):
    """One step of a network.

    Attributes
    ----------
    way
        Of `WAYS`: the main one, if there are several.
    how
        In words.
    """

    way: str
    how: str


class Network(NamedTuple):
    """One row.

    Attributes
    ----------
    name, year
        What it is called, and when its paper or its code came out.
    task
        What it is used for.
    first, between, within, last
        See `STEPS`.
    source
        Key of `explainers.sources`.
    read
        Where each cell was read: repository, file, and the first digits of the commit; or paper.
    """

    name: str
    year: int
    task: str
    first: Step
    between: Step
    within: Step
    last: Step
    source: str
    read: str

    @property
    def ways(self) -> tuple[str, ...]:
        """How places become fewer, step by step.

        >>> NETWORKS[0].name, NETWORKS[0].ways
        ('VGG-16', ('none', 'max', 'none', 'none'))
        """
        return tuple(step.way for step in (self.first, self.between, self.within, self.last))


_NONE = Step("none", "none")
_FLAT = Step("none", "none: flattened")
_MAP = Step("none", "none: it answers place by place")
_SAME = Step("none", "none: as many tokens throughout")
_MEAN = Step("mean", "mean of the whole map")
_TOKEN_MEAN = Step("mean", "mean of all tokens")
_ATTENDS = Step("attention", "attention of all tokens to all")
_PATCHES = Step("stride", "patches: a convolution as wide as its stride")
_TIMM = "huggingface/pytorch-image-models@aa4b585"
_TRANSFORMERS = "huggingface/transformers"
_DIFFUSERS = "huggingface/diffusers@58eb52c"

NETWORKS = (
    Network(
        "VGG-16", 2014, "classification",
        Step("none", "none: 3 × 3 convolutions of stride 1"),
        Step("max", "max of 2 × 2, five times"), _NONE, _FLAT,
        "simonyan-2015", f"{_TIMM}: timm/models/vgg.py; paper",
    ),
    Network(
        "ResNet-50", 2015, "classification",
        Step("max", "7 × 7 convolution of stride 2, then max of 3 × 3, stride 2"),
        Step("stride", "convolutions of stride 2, three times"), _NONE, _MEAN,
        "he-2016", "pytorch/vision@054e54c: torchvision/models/resnet.py",
    ),
    Network(
        "U-Net", 2015, "segmentation",
        Step("none", "none: 3 × 3 convolutions of stride 1"),
        Step("max", "max of 2 × 2, four times; skip connections"), _NONE, _MAP,
        "ronneberger-2015", "paper",
    ),
    Network(
        "PointNet", 2017, "point clouds",
        _NONE, _NONE, _NONE, Step("max", "max over all points"),
        "qi-2017", "charlesq34/pointnet@2618f72: models/pointnet_cls.py",
    ),
    Network(
        "EfficientNet-B0", 2019, "classification",
        Step("stride", "3 × 3 convolution of stride 2"),
        Step("stride", "convolutions of stride 2, channel by channel, four times"),
        Step("mean", "mean of the whole map, to weight channels (squeeze-and-excitation)"), _MEAN,
        "tan-2019", f"{_TIMM}: timm/models/efficientnet.py",
    ),
    Network(
        "Sentence-BERT", 2019, "text",
        _NONE, _NONE, _ATTENDS, Step("mean", "mean of all tokens, unless set otherwise"),
        "reimers-2019",
        "UKPLab/sentence-transformers@85ec645: sentence_transformers/models/Pooling.py",
    ),
    Network(
        "StyleGAN2, discriminator", 2019, "generation",
        _NONE, Step("stride", "blur by (1, 3, 3, 1), then stride 2"), _NONE, _FLAT,
        "karras-2020", "NVlabs/stylegan2-ada-pytorch@d72cc7d: training/networks.py",
    ),
    Network(
        "ViT", 2020, "classification",
        _PATCHES, _SAME, _ATTENDS,
        Step("attention", "class token, or in small variants the mean of all tokens"),
        "dosovitskiy-2021", "google-research/vision_transformer@c6de1e5: vit_jax/models_vit.py",
    ),
    Network(
        "Swin", 2021, "classification, detection",
        _PATCHES, Step("merge", "2 × 2 tokens side by side, then linear; three times"),
        Step("attention", "attention within windows of 7 × 7 tokens"), _TOKEN_MEAN,
        "liu-2021", "microsoft/Swin-Transformer@055c506: models/swin_transformer.py",
    ),
    Network(
        "CLIP, its ResNets", 2021, "pictures and text",
        Step("mean", "3 × 3 convolution of stride 2, then mean of 2 × 2"),
        Step("mean", "mean of 2 × 2 in front of convolutions of stride 1, three times"), _NONE,
        Step("attention", "attention; its query is made of the mean"),
        "radford-2021", "openai/CLIP@0845fc4: clip/model.py",
    ),
    Network(
        "MViTv2", 2021, "classification, detection",
        Step("stride", "7 × 7 convolution of stride 4"),
        Step("stride", "queries by convolutions of stride 2, channel by channel"),
        Step("attention", "attention to keys and values that are strided as well"),
        Step("mean", "class token or mean of all tokens, by setting"),
        "li-2022", f"{_TIMM}: timm/models/mvitv2.py",
    ),
    Network(
        "PoolFormer", 2021, "classification",
        Step("stride", "7 × 7 convolution of stride 4"),
        Step("stride", "3 × 3 convolutions of stride 2, three times"),
        Step("mean", "mean of 3 × 3, stride 1, where others attend"), _MEAN,
        "yu-2022", "sail-sg/poolformer@a075575: models/poolformer.py",
    ),
    Network(
        "Latent diffusion, its U-Net", 2021, "generation",
        _NONE, Step("stride", "3 × 3 convolutions of stride 2, three times; skip connections"),
        Step("attention", "attention of places to each other and to the text"), _MAP,
        "rombach-2022", f"{_DIFFUSERS}: src/diffusers/models/unets/unet_2d_condition.py",
    ),
    Network(
        "ConvNeXt", 2022, "classification, detection",
        Step("stride", "4 × 4 convolution of stride 4"),
        Step("stride", "2 × 2 convolutions of stride 2, three times"), _NONE, _MEAN,
        "liu-2022", "facebookresearch/ConvNeXt@06f7b05: models/convnext.py",
    ),
    Network(
        "ToMe, in a ViT", 2022, "classification",
        _PATCHES, _NONE,
        Step("mean", "in each block the most alike tokens become their mean"),
        Step("attention", "as the network has it"),
        "bolya-2023", "facebookresearch/ToMe@af95e4b: tome/merge.py",
    ),
    Network(
        "Whisper", 2022, "speech",
        Step("stride", "convolution of 3 along time, stride 2"), _SAME, _ATTENDS,
        Step("none", "none: a decoder attends to all places"),
        "radford-2023", "openai/whisper@c0d2f62: whisper/model.py",
    ),
    Network(
        "Hiera", 2023, "classification, video",
        Step("stride", "7 × 7 convolution of stride 4"),
        Step("max", "max of 2 × 2 queries, three times"),
        Step("attention", "attention within units, later of all tokens to all"), _TOKEN_MEAN,
        "ryali-2023", "facebookresearch/hiera@1e3024d: hiera/hiera.py",
    ),
    Network(
        "SigLIP", 2023, "pictures and text",
        _PATCHES, _SAME, _ATTENDS, Step("attention", "attention by one learned query"),
        "zhai-2023",
        f"{_TIMM}: timm/models/vision_transformer.py; "
        "google-research/big_vision@0b73d7b: big_vision/models/vit.py",
    ),
    Network(
        "DINOv2, its classifier", 2023, "features",
        _PATCHES, _SAME, _ATTENDS, Step("mean", "class token beside the mean of the others"),
        "oquab-2024", "facebookresearch/dinov2@b8931f7: dinov2/hub/classifiers.py",
    ),
    Network(
        "BLIP-2", 2023, "pictures into language models",
        _PATCHES, _SAME, _ATTENDS, Step("attention", "attention by 32 learned queries"),
        "li-2023", f"{_TRANSFORMERS}@0377d0f: src/transformers/models/blip_2",
    ),
    Network(
        "YOLO11", 2024, "detection",
        Step("stride", "3 × 3 convolution of stride 2"),
        Step("stride", "3 × 3 convolutions of stride 2, four times"),
        Step("max", "max of 5 × 5, stride 1, three times in a row (SPPF); then attention"), _MAP,
        "ultralytics",
        "ultralytics/ultralytics@0a2ae50: ultralytics/cfg/models/11/yolo11.yaml",
    ),
    Network(
        "InternVL", 2024, "pictures into language models",
        _PATCHES, _SAME, _ATTENDS, Step("merge", "2 × 2 tokens side by side, then linear layers"),
        "chen-2024", f"{_TRANSFORMERS}@00779a6: src/transformers/models/internvl",
    ),
    Network(
        "LLaVA-NeXT, for video", 2024, "pictures into language models",
        _PATCHES, _SAME, _ATTENDS,
        Step("mean", "2 × 2 tokens of a frame to one: mean, max or bilinear, by setting"),
        "li-2024", "LLaVA-VL/LLaVA-NeXT@df17966: llava/model/llava_arch.py",
    ),
    Network(
        "Qwen2-VL", 2024, "pictures into language models",
        _PATCHES, _SAME, _ATTENDS, Step("merge", "2 × 2 tokens side by side, then linear layers"),
        "wang-2024", f"{_TRANSFORMERS}@00b676f: src/transformers/models/qwen2_vl",
    ),
    Network(
        "Gemma 3", 2025, "pictures into language models",
        _PATCHES, _SAME, _ATTENDS, Step("mean", "mean of 4 × 4 tokens: 256 are left"),
        "gemma-2025", f"{_TRANSFORMERS}@0018aa6: src/transformers/models/gemma3",
    ),
)  # fmt: skip
"""The rows, by year."""


@checked
def counted(step: Annotated[str, Choice(STEPS)], way: Annotated[str, Choice(WAYS)]) -> int:
    """Return how many of the networks go this way in this step.

    Parameters
    ----------
    step
        Of `STEPS`.
    way
        Of `WAYS`.

    Examples
    --------
    >>> counted("between", "max")
    3
    """
    return sum(getattr(network, step).way == way for network in NETWORKS)
