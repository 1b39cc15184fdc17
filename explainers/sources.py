"""The published sources that the site cites: verified, and each once."""

from __future__ import annotations

from dataclasses import dataclass

from explainers.lookup import did_you_mean

_DOI = "https://doi.org/"


@dataclass(frozen=True)
class Source:
    """One source: how the text names it, its full reference, and where it is found."""

    short: str
    reference: str
    url: str

    @property
    def doi(self) -> str:
        """Its DOI, if it has one: arXiv gives each of its papers one.

        >>> SOURCES["scherer-2010"].doi, SOURCES["zhang-2019"].doi, SOURCES["azulay-2019"].doi
        ('10.1007/978-3-642-15825-4_10', '10.48550/arXiv.1904.11486', '')
        """
        if self.url.startswith(_DOI):
            return self.url.removeprefix(_DOI)
        arxiv = self.url.removeprefix("https://arxiv.org/abs/")
        return f"10.48550/arXiv.{arxiv}" if arxiv != self.url else ""

    @property
    def link(self) -> str:
        """Where it is found, by DOI if it has one."""
        return f"{_DOI}{self.doi}" if self.doi else self.url


def source(key: str) -> Source:
    """The source with that key.

    >>> source("tread")
    Traceback (most recent call last):
    LookupError: there is no source 'tread'; did you mean thread?
    """
    if key not in SOURCES:
        raise LookupError(f"there is no source {key!r}{did_you_mean(key, SOURCES)}")
    return SOURCES[key]


SOURCES = {
    "thread": Source(
        "the thread",
        "What is the effect of using pooling layers in CNNs? Artificial Intelligence "
        "Stack Exchange, question 21532.",
        "https://ai.stackexchange.com/questions/21532",
    ),
    "boureau-2010": Source(
        "Boureau, Ponce & LeCun 2010",
        "Y.-L. Boureau, J. Ponce and Y. LeCun (2010). A theoretical analysis of feature pooling "
        "in visual recognition. ICML, 111–118.",
        "https://nyuscholars.nyu.edu/en/publications/"
        "a-theoretical-analysis-of-feature-pooling-in-visual-recognition",
    ),
    "goodfellow-2016": Source(
        "Goodfellow, Bengio & Courville 2016",
        "I. Goodfellow, Y. Bengio and A. Courville (2016). Deep Learning. MIT Press, section 9.3.",
        "https://www.deeplearningbook.org/contents/convnets.html",
    ),
    "krizhevsky-2012": Source(
        "Krizhevsky, Sutskever & Hinton 2012",
        "A. Krizhevsky, I. Sutskever and G. E. Hinton (2012). ImageNet classification with deep "
        "convolutional neural networks. NIPS, 1097–1105.",
        "https://papers.nips.cc/paper/"
        "4824-imagenet-classification-with-deep-convolutional-neural-networks",
    ),
    "islam-2021": Source(
        "Islam et al. 2021",
        "M. A. Islam, M. Kowal, S. Jia, K. G. Derpanis and N. D. B. Bruce (2021). Global pooling, "
        "more than meets the eye: position information is encoded channel-wise in CNNs. ICCV.",
        "https://arxiv.org/abs/2108.07884",
    ),
    "islam-2021b": Source(
        "Islam et al. 2021b",
        "M. A. Islam, M. Kowal, S. Jia, K. G. Derpanis and N. D. B. Bruce (2021). Position, "
        "padding and predictions: a deeper look at position information in CNNs. arXiv:2101.12322.",
        "https://arxiv.org/abs/2101.12322",
    ),
    "shifman-2024": Source(
        "Shifman & Weiss 2024",
        "O. Shifman and Y. Weiss (2024). Lost in translation: modern neural networks still "
        "struggle with small realistic image transformations. ECCV.",
        "https://arxiv.org/abs/2404.07153",
    ),
    "michaeli-2023": Source(
        "Michaeli, Michaeli & Soudry 2023",
        "H. Michaeli, T. Michaeli and D. Soudry (2023). Alias-free convnets: fractional shift "
        "invariance via polynomial activations. CVPR.",
        "https://arxiv.org/abs/2303.08085",
    ),
    "liu-2022": Source(
        "Liu et al. 2022",
        "Z. Liu, H. Mao, C.-Y. Wu, C. Feichtenhofer, T. Darrell and S. Xie (2022). A ConvNet for "
        "the 2020s. CVPR.",
        "https://arxiv.org/abs/2201.03545",
    ),
    "ryali-2023": Source(
        "Ryali et al. 2023",
        "C. Ryali, Y.-T. Hu, D. Bolya, C. Wei, H. Fan, P.-Y. Huang, V. Aggarwal, A. Chowdhury, "
        "O. Poursaeed, J. Hoffman, J. Malik, Y. Li and C. Feichtenhofer (2023). Hiera: a "
        "hierarchical vision transformer without the bells-and-whistles. ICML.",
        "https://arxiv.org/abs/2306.00989",
    ),
    "gemma-2025": Source(
        "Gemma Team 2025",
        "Gemma Team (2025). Gemma 3 technical report.",
        "https://arxiv.org/abs/2503.19786",
    ),
    "yu-2024": Source(
        "Yu et al. 2024",
        "W. Yu, C. Si, P. Zhou, M. Luo, Y. Zhou, J. Feng, S. Yan and X. Wang (2024). MetaFormer "
        "baselines for vision. IEEE Transactions on Pattern Analysis and Machine Intelligence "
        "46(2), 896–912.",
        "https://arxiv.org/abs/2210.13452",
    ),
    "krizhevsky-2014": Source(
        "Krizhevsky 2014",
        "A. Krizhevsky (2014). One weird trick for parallelizing convolutional neural networks.",
        "https://arxiv.org/abs/1404.5997",
    ),
    "luo-2016": Source(
        "Luo, Li, Urtasun & Zemel 2016",
        "W. Luo, Y. Li, R. Urtasun and R. Zemel (2016). Understanding the effective receptive "
        "field in deep convolutional neural networks. NIPS.",
        "https://arxiv.org/abs/1701.04128",
    ),
    "scherer-2010": Source(
        "Scherer, Müller & Behnke 2010",
        "D. Scherer, A. Müller and S. Behnke (2010). Evaluation of pooling operations in "
        "convolutional architectures for object recognition. ICANN, 92–101.",
        "https://doi.org/10.1007/978-3-642-15825-4_10",
    ),
    "ruderman-2018": Source(
        "Ruderman et al. 2018",
        "A. Ruderman, N. C. Rabinowitz, A. S. Morcos and D. Zoran (2018). Pooling is neither "
        "necessary nor sufficient for appropriate deformation stability in CNNs. arXiv:1804.04438.",
        "https://arxiv.org/abs/1804.04438",
    ),
    "zhang-2019": Source(
        "Zhang 2019",
        "R. Zhang (2019). Making convolutional networks shift-invariant again. ICML, "
        "arXiv:1904.11486.",
        "https://arxiv.org/abs/1904.11486",
    ),
    "azulay-2019": Source(
        "Azulay & Weiss 2019",
        "A. Azulay and Y. Weiss (2019). Why do deep convolutional networks generalize so poorly to "
        "small image transformations? JMLR 20(184), 1–25.",
        "https://jmlr.org/papers/v20/19-519.html",
    ),
    "chaman-2021": Source(
        "Chaman & Dokmanić 2021",
        "A. Chaman and I. Dokmanić (2021). Truly shift-invariant convolutional neural networks. "
        "CVPR, arXiv:2011.14214.",
        "https://arxiv.org/abs/2011.14214",
    ),
    "lecun-1998": Source(
        "LeCun et al. 1998",
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). Gradient-based learning applied to "
        "document recognition. Proceedings of the IEEE 86(11), 2278–2324.",
        "https://doi.org/10.1109/5.726791",
    ),
    "simonyan-2015": Source(
        "Simonyan & Zisserman 2015",
        "K. Simonyan and A. Zisserman (2015). Very deep convolutional networks for large-scale "
        "image recognition. ICLR, arXiv:1409.1556.",
        "https://arxiv.org/abs/1409.1556",
    ),
    "springenberg-2015": Source(
        "Springenberg et al. 2015",
        "J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller (2015). Striving for "
        "simplicity: the all convolutional net. ICLR workshop, arXiv:1412.6806.",
        "https://arxiv.org/abs/1412.6806",
    ),
    "he-2016": Source(
        "He et al. 2016",
        "K. He, X. Zhang, S. Ren and J. Sun (2016). Deep residual learning for image recognition. "
        "CVPR, arXiv:1512.03385.",
        "https://arxiv.org/abs/1512.03385",
    ),
    "araujo-2019": Source(
        "Araujo, Norris & Sim 2019",
        "A. Araujo, W. Norris and J. Sim (2019). Computing receptive fields of convolutional "
        "neural networks. Distill.",
        "https://doi.org/10.23915/distill.00021",
    ),
    "hinton-2014": Source(
        "Hinton 2014",
        "G. Hinton (2014). AMA on r/MachineLearning, Reddit, November 2014.",
        "https://www.reddit.com/r/MachineLearning/comments/2lmo0l/ama_geoffrey_hinton/",
    ),
    "brendel-2019": Source(
        "Brendel & Bethge 2019",
        "W. Brendel and M. Bethge (2019). Approximating CNNs with bag-of-local-features models "
        "works surprisingly well on ImageNet. ICLR, arXiv:1904.00760.",
        "https://arxiv.org/abs/1904.00760",
    ),
    "sabour-2017": Source(
        "Sabour, Frosst & Hinton 2017",
        "S. Sabour, N. Frosst and G. E. Hinton (2017). Dynamic routing between capsules. NIPS, "
        "arXiv:1710.09829.",
        "https://arxiv.org/abs/1710.09829",
    ),
    "gu-2019": Source(
        "Gu & Tresp 2020",
        "J. Gu and V. Tresp (2020). Improving the robustness of capsule networks to image affine "
        "transformations. CVPR. arXiv:1911.07968.",
        "https://arxiv.org/abs/1911.07968",
    ),
    "kauderer-abrams-2017": Source(
        "Kauderer-Abrams 2017",
        "E. Kauderer-Abrams (2017). Quantifying translation-invariance in convolutional neural "
        "networks. arXiv:1801.01450.",
        "https://arxiv.org/abs/1801.01450",
    ),
    "yu-2022": Source(
        "Yu et al. 2022",
        "W. Yu, M. Luo, P. Zhou, C. Si, Y. Zhou, X. Wang, J. Feng and S. Yan (2022). MetaFormer is "
        "actually what you need for vision. CVPR, arXiv:2111.11418.",
        "https://arxiv.org/abs/2111.11418",
    ),
    "ronneberger-2015": Source(
        "Ronneberger, Fischer & Brox 2015",
        "O. Ronneberger, P. Fischer and T. Brox (2015). U-Net: convolutional networks for "
        "biomedical image segmentation. MICCAI, 234–241.",
        "https://arxiv.org/abs/1505.04597",
    ),
    # Networks of today, regions, and what comes back: read for the table of the alternatives.
    "tan-2019": Source(
        "Tan & Le 2019",
        "M. Tan and Q. V. Le (2019). EfficientNet: rethinking model scaling for convolutional "
        "neural networks. ICML.",
        "https://arxiv.org/abs/1905.11946",
    ),
    "reimers-2019": Source(
        "Reimers & Gurevych 2019",
        "N. Reimers and I. Gurevych (2019). Sentence-BERT: sentence embeddings using siamese "
        "BERT-networks. EMNLP.",
        "https://arxiv.org/abs/1908.10084",
    ),
    "karras-2020": Source(
        "Karras et al. 2020",
        "T. Karras, S. Laine, M. Aittala, J. Hellsten, J. Lehtinen and T. Aila (2020). Analyzing "
        "and improving the image quality of StyleGAN. CVPR.",
        "https://arxiv.org/abs/1912.04958",
    ),
    "liu-2021": Source(
        "Liu et al. 2021",
        "Z. Liu, Y. Lin, Y. Cao, H. Hu, Y. Wei, Z. Zhang, S. Lin and B. Guo (2021). Swin "
        "transformer: hierarchical vision transformer using shifted windows. ICCV.",
        "https://arxiv.org/abs/2103.14030",
    ),
    "radford-2021": Source(
        "Radford et al. 2021",
        "A. Radford, J. W. Kim, C. Hallacy, A. Ramesh, G. Goh, S. Agarwal, G. Sastry, A. Askell, "
        "P. Mishkin, J. Clark, G. Krueger and I. Sutskever (2021). Learning transferable visual "
        "models from natural language supervision. ICML.",
        "https://arxiv.org/abs/2103.00020",
    ),
    "li-2022": Source(
        "Li et al. 2022",
        "Y. Li, C.-Y. Wu, H. Fan, K. Mangalam, B. Xiong, J. Malik and C. Feichtenhofer (2022). "
        "MViTv2: improved multiscale vision transformers for classification and detection. CVPR.",
        "https://arxiv.org/abs/2112.01526",
    ),
    "rombach-2022": Source(
        "Rombach et al. 2022",
        "R. Rombach, A. Blattmann, D. Lorenz, P. Esser and B. Ommer (2022). High-resolution image "
        "synthesis with latent diffusion models. CVPR.",
        "https://arxiv.org/abs/2112.10752",
    ),
    "bolya-2023": Source(
        "Bolya et al. 2023",
        "D. Bolya, C.-Y. Fu, X. Dai, P. Zhang, C. Feichtenhofer and J. Hoffman (2023). Token "
        "merging: your ViT but faster. ICLR.",
        "https://arxiv.org/abs/2210.09461",
    ),
    "radford-2023": Source(
        "Radford et al. 2023",
        "A. Radford, J. W. Kim, T. Xu, G. Brockman, C. McLeavey and I. Sutskever (2023). Robust "
        "speech recognition via large-scale weak supervision. ICML.",
        "https://arxiv.org/abs/2212.04356",
    ),
    "zhai-2023": Source(
        "Zhai et al. 2023",
        "X. Zhai, B. Mustafa, A. Kolesnikov and L. Beyer (2023). Sigmoid loss for language image "
        "pre-training. ICCV.",
        "https://arxiv.org/abs/2303.15343",
    ),
    "oquab-2024": Source(
        "Oquab et al. 2024",
        "M. Oquab, T. Darcet, T. Moutakanni, H. Vo and others (2024). DINOv2: learning robust "
        "visual features without supervision. Transactions on Machine Learning Research.",
        "https://arxiv.org/abs/2304.07193",
    ),
    "li-2023": Source(
        "Li et al. 2023",
        "J. Li, D. Li, S. Savarese and S. Hoi (2023). BLIP-2: bootstrapping language-image "
        "pre-training with frozen image encoders and large language models. ICML.",
        "https://arxiv.org/abs/2301.12597",
    ),
    "ultralytics": Source(
        "Ultralytics YOLO11",
        "G. Jocher and J. Qiu (2024). Ultralytics YOLO11. The layers are listed in "
        "ultralytics/cfg/models/11/yolo11.yaml.",
        "https://github.com/ultralytics/ultralytics",
    ),
    "chen-2024": Source(
        "Chen et al. 2024",
        "Z. Chen and others (2024). How far are we to GPT-4V? Closing the gap to commercial "
        "multimodal models with open-source suites.",
        "https://arxiv.org/abs/2404.16821",
    ),
    "li-2024": Source(
        "Li et al. 2024",
        "B. Li and others (2024). LLaVA-OneVision: easy visual task transfer.",
        "https://arxiv.org/abs/2408.03326",
    ),
    "wang-2024": Source(
        "Wang et al. 2024",
        "P. Wang and others (2024). Qwen2-VL: enhancing vision-language model's perception of the "
        "world at any resolution.",
        "https://arxiv.org/abs/2409.12191",
    ),
    "girshick-2015": Source(
        "Girshick 2015",
        "R. Girshick (2015). Fast R-CNN. ICCV.",
        "https://arxiv.org/abs/1504.08083",
    ),
    "he-2017": Source(
        "He et al. 2017",
        "K. He, G. Gkioxari, P. Dollár and R. Girshick (2017). Mask R-CNN. ICCV.",
        "https://arxiv.org/abs/1703.06870",
    ),
    "badrinarayanan-2017": Source(
        "Badrinarayanan et al. 2017",
        "V. Badrinarayanan, A. Kendall and R. Cipolla (2017). SegNet: a deep convolutional "
        "encoder-decoder architecture for image segmentation. IEEE Transactions on Pattern "
        "Analysis and Machine Intelligence 39(12), 2481–2495.",
        "https://doi.org/10.1109/TPAMI.2016.2644615",
    ),
    "odena-2016": Source(
        "Odena, Dumoulin & Olah 2016",
        "A. Odena, V. Dumoulin and C. Olah (2016). Deconvolution and checkerboard artifacts. "
        "Distill.",
        "https://doi.org/10.23915/distill.00003",
    ),
    "pytorch": Source(
        "the PyTorch documentation",
        "PyTorch documentation, torch.nn, section “Pooling layers”.",
        "https://docs.pytorch.org/docs/stable/nn.html",
    ),
    "tensorflow": Source(
        "the TensorFlow documentation",
        "TensorFlow documentation, module tf.nn, section “Notes on padding”.",
        "https://www.tensorflow.org/api_docs/python/tf/nn",
    ),
    "yolov5": Source(
        "YOLOv5",
        "G. Jocher and others (2020). YOLOv5 by Ultralytics. The pooling is the class SPPF of "
        "models/common.py.",
        "https://github.com/ultralytics/yolov5",
    ),
    "digits": Source(
        "the digits of Alpaydin & Kaynak 1998",
        "E. Alpaydin and C. Kaynak (1998). Optical Recognition of Handwritten Digits, test set. "
        "UCI Machine Learning Repository, CC BY 4.0. Our pictures are placed on a larger canvas.",
        "https://doi.org/10.24432/C50P49",
    ),
    "radenovic-2019": Source(
        "Radenović, Tolias & Chum 2019",
        "F. Radenović, G. Tolias and O. Chum (2019). Fine-tuning CNN image retrieval with no human "
        "annotation. IEEE Transactions on Pattern Analysis and Machine Intelligence 41(7), "
        "1655–1668.",
        "https://arxiv.org/abs/1711.02512",
    ),
    "zeiler-2013": Source(
        "Zeiler & Fergus 2013",
        "M. D. Zeiler and R. Fergus (2013). Stochastic pooling for regularization of deep "
        "convolutional neural networks. ICLR.",
        "https://arxiv.org/abs/1301.3557",
    ),
    "ilse-2018": Source(
        "Ilse, Tomczak & Welling 2018",
        "M. Ilse, J. M. Tomczak and M. Welling (2018). Attention-based deep multiple instance "
        "learning. ICML.",
        "https://arxiv.org/abs/1802.04712",
    ),
    "dosovitskiy-2021": Source(
        "Dosovitskiy et al. 2021",
        "A. Dosovitskiy, L. Beyer, A. Kolesnikov, D. Weissenborn, X. Zhai, T. Unterthiner, "
        "M. Dehghani, M. Minderer, G. Heigold, S. Gelly, J. Uszkoreit and N. Houlsby (2021). An "
        "image is worth 16x16 words: transformers for image recognition at scale. ICLR.",
        "https://arxiv.org/abs/2010.11929",
    ),
    "qi-2017": Source(
        "Qi, Su, Mo & Guibas 2017",
        "C. R. Qi, H. Su, K. Mo and L. J. Guibas (2017). PointNet: deep learning on point sets for "
        "3D classification and segmentation. CVPR.",
        "https://arxiv.org/abs/1612.00593",
    ),
    "finn-2016": Source(
        "Finn et al. 2016",
        "C. Finn, X. Y. Tan, Y. Duan, T. Darrell, S. Levine and P. Abbeel (2016). Deep spatial "
        "autoencoders for visuomotor learning. ICRA.",
        "https://arxiv.org/abs/1509.06113",
    ),
    "sunkara-2022": Source(
        "Sunkara & Luo 2022",
        "R. Sunkara and T. Luo (2022). No more strided convolutions or pooling: a new CNN building "
        "block for low-resolution images and small objects. ECML PKDD.",
        "https://arxiv.org/abs/2208.03641",
    ),
    "radford-2016": Source(
        "Radford, Metz & Chintala 2016",
        "A. Radford, L. Metz and S. Chintala (2016). Unsupervised representation learning with "
        "deep convolutional generative adversarial networks. ICLR.",
        "https://arxiv.org/abs/1511.06434",
    ),
    "snyder-2018": Source(
        "Snyder et al. 2018",
        "D. Snyder, D. Garcia-Romero, G. Sell, D. Povey and S. Khudanpur (2018). X-vectors: robust "
        "DNN embeddings for speaker recognition. ICASSP, 5329–5333.",
        "https://doi.org/10.1109/ICASSP.2018.8461375",
    ),
    "dahlia": Source(
        "the dahlia",
        "Photograph of a dahlia by the Flickr user vultilion, CC BY 2.0, as shipped with "
        "scikit-learn (flower.jpg). Our figures are adapted from it: unrolled, cut and rearranged, "
        "marked and with noise added.",
        "https://creativecommons.org/licenses/by/2.0/",
    ),
}

# What the thread says, in other words.
THREAD = {
    "T1": "A feature map is sensitive to where the feature is in the picture.",
    "T2": "Down-sampling the map makes it robust to small moves.",
    "T3": "If any of four neighbouring detectors fires, the petal is detected: robust to noise.",
    "T4": "A shifted petal is still captured.",
    "T5": "Convolution is what gives translation invariance in general.",
    "T6": "Multiplications run into billions; pooling saves them, so networks can be deeper.",
    "T7": "Only the strongest feature is kept, and dropping the rest helps detection.",
    "T8": "Combinations of features are detected that are no real object.",
}
