#!/bin/sh
# Makes the package's fonts again: fetches the originals, keeps the signs that figures may need.
# Needs npm and fonttools. Run it here after widening the list below; tests/test_typeface.py says which
# sign is missing. Bold is a file of its own: neither Matplotlib nor Pillow takes weights from a
# variable font as the pages' are (docs/assets/fonts/subset.sh), which have the same letters.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

# Latin 1, dashes and quotes, ′ ″ … €, sub- and superscripts, Greek, arrows, − √ ∞ ≈ ≠ ≤ ≥, ▲ ▼ ▾ ○ ●
signs=U+20-7E,A0-FF,131,152,153,2009,2010-2014,2018-201A,201C-201E,2022,2026,2032,2033,20AC,2122
signs=$signs,2070,2074-2079,2080-2089,391-3A9,3B1-3C9,2190-2193,2212,221A,221E,2248,2260,2264,2265
signs=$signs,25B2,25BC,25BE,25CB,25CF

cat >rename.py <<'EOF'
"""Give a font another name, as a changed one may not bear the original's, and plain measures."""
import sys

from fontTools.ttLib import TTFont

path, family, style = sys.argv[1:]
font = TTFont(path, recalcTimestamp=False)
for number, name in {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}"}.items():
    font["name"].setName(name.replace(" ", "") if number == 6 else name, number, 3, 1, 0x409)
# Semibold counts as bold: so it can be asked for together with fonts that have no other weight.
font["OS/2"].usWeightClass = {"Regular": 400, "Bold": 700}[style]
# Matplotlib puts the middle between baseline and ascender beside what a label is of: of capitals and
# digits, not of Å. The gap makes a line 1.2 high. Pillow takes what encloses Å, from hhea.
font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = 700, -240, 260
font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = 910, -260, 0
font.save(path)
EOF

face() { # package, version, file, output, family, style
    npm pack --silent "$1@$2" >/dev/null
    tar -xzf "$1-$2.tgz"
    pyftsubset "package/TTF/$3.ttf" --output-file="$here/$4.ttf" --unicodes="$signs" \
        --no-hinting --no-glyph-names --name-IDs=0,13,14 --layout-features=kern
    python rename.py "$here/$4.ttf" "$5" "$6"
    rm -r package
}

face source-sans 3.52.0 SourceSans3-Regular text "Pooling Text" Regular
face source-sans 3.52.0 SourceSans3-Bold text-bold "Pooling Text" Bold
# Of the cuts for different sizes, the one that comes nearest to the pages' headings.
face source-serif 4.5.1 SourceSerif4SmText-Semibold heading "Pooling Heading" Bold
face source-code-pro 2.42.0 SourceCodePro-Regular code "Pooling Code" Regular
