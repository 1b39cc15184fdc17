#!/bin/sh
# Makes the site's fonts again: fetches the originals, keeps the characters that the site uses.
# Needs npm, pip, and fonttools with brotli. Run it here after widening one of the two lists below;
# tests/site/test_fonts.py says which character is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

text=U+20-7E,A0-FF,131,152,153,2C6,2DA,2DC,2009,2010-2014,2018-201A,201C-201E,2022,2026,2032,2033,2039,203A,20AC,2122,2191,2193,2212
# 1D434–1D467, 210E, 1D6FC–1D71B: the slanted letters that browsers show for <mi>x</mi>.
formula=U+20-7E,A0,AC,AF,B1,B7,D7,2C6,302,304,2013,2026,2032,2061-2064,2192,21D2,2200,2203,2208,2202,220F,2211-2213,2217,221A,221E,2223,2229,222A,222B,2248,2260,2264,2265,22C5,22EF,2308-230B,393,394,398,39B,39E,3A0,3A3,3A6,3A8,3A9,3B1-3C9,3D5,3F5,1D434-1D467,210E,1D6FC-1D71B,1D431,1D430,211D,1D53C,2119

# Names are dropped with --name-IDs: a changed font may not bear the original's.
subset() {
    pyftsubset "$1" --output-file="$here/$2" --unicodes="$3" --flavor=woff2 --no-hinting \
        --name-IDs=0,13,14 --layout-features="$4"
}

source_font() { # package file weights output
    npm pack --silent "@fontsource-variable/$1" >/dev/null
    tar -xzf "fontsource-variable-$1"-*.tgz
    fonttools varLib.instancer -q "package/files/$1-latin-wght-$2.woff2" "wght=$3" -o cut.ttf
    subset cut.ttf "$4" "$text" kern,liga,locl,tnum,lnum
    rm -r package
}

source_font source-sans-3 normal 400:700 text.woff2
source_font source-sans-3 italic 400 text-italic.woff2
source_font source-serif-4 normal 600 heading.woff2
source_font source-code-pro normal 400 code.woff2

pip download --quiet --no-deps ziamath
python -m zipfile -e ziamath-*.whl .
# In formulas ′ is always a superscript: take the prime that is drawn for it. Chromium does not.
python - <<'EOF'
from fontTools.ttLib import TTFont

font = TTFont("ziamath/fonts/STIXTwoMath-Regular.ttf")
for table in font["cmap"].tables:
    if 0x2032 in table.cmap:
        table.cmap[0x2032] = "minute.ssty"
font.save("stix.ttf")
EOF
subset stix.ttf formula.woff2 "$formula" ""
