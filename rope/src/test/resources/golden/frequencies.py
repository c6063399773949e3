"""Writes frequencies.tsv: every scaling's frequencies from its published formula, with 40 digits.

    python frequencies.py > frequencies.tsv        (needs mpmath; the version used is in the output's first line)

Independent of the Java code: formulas are typed in from the papers, arithmetic is mpmath's. One line a pair:
encoding, settings, head size, base, trained length, sequence length, attention scale, pair, radians per token.
"""
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 40
TAU = 2 * mp.pi


def theta(base, d, j):
    return mpf(base) ** (mpf(-2 * j) / d)


def clamp(x, low, high):
    return min(max(x, low), high)


def unscaled(d, b, length, n, o):
    return [theta(b, d, j) for j in range(d // 2)], mpf(1)


def linear(d, b, length, n, o):
    return [theta(b, d, j) / o["factor"] for j in range(d // 2)], mpf(1)


def ntk(d, b, length, n, o):
    base = b * o["factor"] ** (mpf(d) / (d - 2))
    return [theta(base, d, j) for j in range(d // 2)], mpf(1)


def abf(d, b, length, n, o):
    base = o["newBase"] if "newBase" in o else b * o["factor"]
    return [theta(base, d, j) for j in range(d // 2)], mpf(1)


def dynamic_ntk(d, b, length, n, o):
    s = o["dynamicFactor"]
    stretch = s * max(mpf(n), length) / length - (s - 1)
    base = b * stretch ** (mpf(d) / (d - 2))
    return [theta(base, d, j) for j in range(d // 2)], mpf(1)


def turns_ramp(th, length, fast, slow):
    wavelength = TAU / th
    if wavelength < length / fast:
        return mpf(1)
    if wavelength > length / slow:
        return mpf(0)
    return (length / wavelength - slow) / (fast - slow)


def ntk_by_parts(d, b, length, n, o):
    out = []
    for j in range(d // 2):
        th = theta(b, d, j)
        gamma = turns_ramp(th, mpf(length), o["betaFast"], o["betaSlow"])
        out.append((1 - gamma) * th / o["factor"] + gamma * th)
    return out, mpf(1)


def g(s, k):
    return mpf(1) if s <= 1 else mpf(1) / 10 * k * mp.log(s) + 1


def yarn(d, b, length, n, o):
    s = o["factor"]

    def correction(turns):
        return d * mp.log(length / (turns * TAU)) / (2 * mp.log(b))

    low, high = correction(o["betaFast"]), correction(o["betaSlow"])
    if o.get("truncate", 1):
        low, high = mp.floor(low), mp.ceil(high)
    low, high = max(low, mpf(0)), min(high, mpf(d - 1))
    if low == high:
        high += mpf(1) / 1000
    out = []
    for j in range(d // 2):
        th = theta(b, d, j)
        gamma = 1 - clamp((j - low) / (high - low), mpf(0), mpf(1))
        out.append(th / s * (1 - gamma) + th * gamma)
    if "attentionFactor" in o:
        m = o["attentionFactor"]
    elif o.get("mscale") and o.get("mscaleAllDim"):
        m = g(s, o["mscale"]) / g(s, o["mscaleAllDim"])
    else:
        m = g(s, 1)
    return out, m


def yarn_paper(d, b, length, n, o):
    s = o["factor"]
    out = []
    for j in range(d // 2):
        wavelength = TAU / theta(b, d, j)
        gamma = turns_ramp(TAU / wavelength, mpf(length), o["betaFast"], o["betaSlow"])
        out.append(TAU / ((1 - gamma) * s * wavelength + gamma * wavelength))
    return out, g(s, 1)


def dynamic_yarn(d, b, length, n, o):
    return yarn(d, b, length, n, dict(o, factor=max(mpf(1), mpf(n) / length)))


def longrope(d, b, length, n, o):
    divisors = o["longFactors"] if n > length else o["shortFactors"]
    s = o["factor"]
    m = o.get("attentionFactor", mpf(1) if s <= 1 else mp.sqrt(1 + mp.log(s) / mp.log(length)))
    return [theta(b, d, j) / divisors[j] for j in range(d // 2)], m


def llama3(d, b, length, n, o):
    s, low, high = o["factor"], o["lowFrequencyFactor"], o["highFrequencyFactor"]
    out = []
    for j in range(d // 2):
        th = theta(b, d, j)
        wavelength = TAU / th
        if wavelength < length / high:
            out.append(th)
        elif wavelength > length / low:
            out.append(th / s)
        else:
            t = (length / wavelength - low) / (high - low)
            out.append((1 - t) * th / s + t * th)
    return out, mpf(1)


def proportional(d, b, length, n, o):
    # In double on purpose, as Hugging Face counts: 0.3 * 80 is 24 there, though a little less exactly.
    rotated = int(float(o["rotatedShare"]) * d // 2)
    return [theta(b, d, j) / o["factor"] if j < rotated else mpf(0) for j in range(d // 2)], mpf(1)


def ntk_critical(d, b, length, n, o):
    base = b ** mp.log(o["factor"] * length / TAU, length / TAU)
    return [theta(base, d, j) for j in range(d // 2)], mpf(1)


def mrrope(d, b, length, n, o):
    # As the authors' yarn_radix3 goes: one divisor a pair, by where it lies.
    s = o["factor"]
    bounds = [d * mp.log(mpf(length) / (turns * TAU)) / (2 * mp.log(b)) for turns in (o["betaFast"], o["betaSlow"])]
    low, high = max(int(mp.floor(bounds[0])), 0), min(int(mp.ceil(bounds[1])), d - 1)
    out = []
    for i in range(d // 2):
        if i < low + 1:
            divisor = mpf(1)
        elif i > high - 1:
            divisor = s
        else:
            divisor = s ** (mpf((i + 1 - low) * (i - low)) / ((high - low) * (high - low + 1)))
        out.append(theta(b, d, i) / divisor)
    return out, g(s, 1)


def cope(d, b, length, n, o):
    # In double on purpose, as above: a share of the pairs in the place of the authors' 20 of 64.
    clip = int(float(o["clippedShare"]) * d // 2)
    kept = d // 2 - clip
    mask = [mpf(1)] * kept + ([mpf(1)] if clip == 1 else [(1 + mp.cos(mp.pi * k / (clip - 1))) / 2 for k in range(clip)])
    # mpmath's cos(pi) is -1 but for the last digit, torch's exactly.
    return [theta(b, d, j) * (mask[j] if mask[j] > mpf(10) ** -30 else 0) for j in range(d // 2)], mpf(1)


METHODS = {
    "rope": unscaled, "linear": linear, "ntk": ntk, "abf": abf, "dynamic-ntk": dynamic_ntk,
    "ntk-by-parts": ntk_by_parts, "yarn": yarn, "yarn-paper": yarn_paper, "dynamic-yarn": dynamic_yarn,
    "longrope": longrope, "llama3": llama3, "proportional": proportional,
    "ntk-critical": ntk_critical, "mrrope": mrrope, "cope": cope,
}


def resonance(frequencies):
    """Nearest whole wavelength, ties to even (mpmath's nint)."""
    return [th if th == 0 else TAU / mp.nint(TAU / th) for th in frequencies]


def cases():
    """(name, settings, headSize, base, trainedLength, sequenceLength)"""
    shapes = [(128, 10000, 4096, 4096), (64, 10000, 64, 64), (64, 500000, 8192, 8192), (80, 1000000, 2048, 2048)]
    settings = {
        "rope": ["", ], "linear": ["factor=8", "factor=2.5"], "ntk": ["factor=8", "factor=4"],
        "abf": ["factor=4", "newBase=500000"], "dynamic-ntk": ["dynamicFactor=1", "dynamicFactor=2"],
        "ntk-by-parts": ["factor=8", "factor=4;betaFast=2"],
        "yarn": ["factor=8", "factor=4;betaFast=2", "factor=8;truncate=0", "factor=16;attentionFactor=1.25",
                 "factor=40;mscale=0.707;mscaleAllDim=1"],
        "yarn-paper": ["factor=8", "factor=4;betaFast=2"], "dynamic-yarn": ["betaFast=32", "betaFast=2"],
        "llama3": ["factor=8", "factor=32;lowFrequencyFactor=2;highFrequencyFactor=8"],
        "proportional": ["rotatedShare=0.25", "rotatedShare=0.3;factor=4"],
        "ntk-critical": ["factor=8", "factor=2.5"], "mrrope": ["factor=8", "factor=4;betaFast=2", "factor=16;betaSlow=4"],
        "cope": ["", "clippedShare=0.5", "clippedShare=0.05"],
    }
    for name, choices in settings.items():
        for text in choices:
            for d, b, length, n in shapes:
                lengths = [n, n // 2, 3 * n + 1] if name.startswith("dynamic") else [n]
                for m in lengths:
                    yield name, text, d, b, length, m
    for d, b, length, n in shapes[:2]:
        short = ",".join(str(1 + j / 100) for j in range(d // 2))
        long = ",".join(str(1 + j * 0.37) for j in range(d // 2))
        for m in (length, length + 1):
            for extra in ("factor=8", "factor=8;attentionFactor=1.5"):
                yield "longrope", f"{extra};shortFactors={short};longFactors={long}", d, b, length, m


DEFAULTS = {"factor": mpf(1), "dynamicFactor": mpf(1), "betaFast": mpf(32), "betaSlow": mpf(1),
            "lowFrequencyFactor": mpf(1), "highFrequencyFactor": mpf(4), "rotatedShare": mpf(1),
            "clippedShare": mpf(20) / 64}


def parse(text):
    settings = dict(DEFAULTS)
    for item in filter(None, text.split(";")):
        key, value = item.split("=")
        # float() first: what Java reads is the double nearest to the text.
        settings[key] = [mpf(float(v)) for v in value.split(",")] if key.endswith("Factors") else mpf(float(value))
    return settings


def main():
    print(f"# python {sys.version.split()[0]}, mpmath {mpmath.__version__}, {mp.dps} digits; frequencies.py")
    print("encoding\tsettings\theadSize\tbase\ttrainedLength\tsequenceLength\tattentionScale\tradiansPerToken (all pairs)")
    for name, text, d, b, length, n in cases():
        frequencies, scale = METHODS[name](d, mpf(b), length, n, parse(text))
        for prefix, values in (("", frequencies), ("resonance-", resonance(frequencies))):
            row = [prefix + name, text, d, b, length, n, mp.nstr(scale, 20), " ".join(mp.nstr(v, 20) for v in values)]
            print("\t".join(str(v) for v in row))


if __name__ == "__main__":
    main()
