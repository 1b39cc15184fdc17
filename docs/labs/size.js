// A picture from layer to layer: the side of each map, what is cut off, where it breaks, and which sizes work.

/**
 * @typedef {{size: number, layers: string}} SizeState
 * @typedef {{label: string, pool: [number, number, number] | null}} LayerKind
 * @typedef {{setting: SizeState, most: number, deepest: number, kinds: Record<string, LayerKind>}} SizeData
 * @typedef {{side: number, cut: number, meets: number}} SizeStep
 */

const Sizes = {
  /** What each layer gives, up to the first in which no window fits: there the side is below 1. @param {SizeState} state @param {Record<string, LayerKind>} kinds */
  steps({ size, layers }, kinds) {
    /** @type {SizeStep[]} */
    const found = [];
    /** @type {number[]} */
    const levels = [];
    let side = size;
    for (const sign of layers) {
      const { pool } = kinds[sign];
      if (pool) {
        const [window, stride, padding] = pool;
        const windows = Math.floor((side + 2 * padding - window) / stride) + 1;
        const cut = side + padding - window - (windows - 1) * stride;
        found.push({ side: windows, cut: windows < 1 ? 0 : Math.max(0, cut), meets: 0 });
        if (windows < 1) break;
        if (stride > 1) levels.push(side);
        side = windows;
      } else {
        side *= 2;
        found.push({ side, cut: 0, meets: levels.pop() ?? 0 });
      }
    }
    return found;
  },

  /** @param {SizeStep} step */
  fits: ({ side, cut, meets }) => side >= 1 && !cut && (!meets || meets === side),

  /** The next smaller and the next larger size that works, where there is one. @param {SizeState} state @param {SizeData} data */
  nearest({ size, layers }, { kinds, most }) {
    const works = (/** @type {number} */ size) => Sizes.steps({ size, layers }, kinds).every(Sizes.fits);
    let [down, up] = [size - 1, size + 1];
    while (down >= 1 && !works(down)) down--;
    while (up <= most && !works(up)) up++;
    return [down, up].filter((found) => found >= 1 && found <= most);
  },
};

/** @extends {Lab<SizeData, SizeState>} */
class SizeLab extends Lab {
  constructor() {
    super();
    const { kinds, most } = this.data;
    const to = (/** @type {string} */ value) => {
      const size = wholeIn(value, 1, most);
      if (size) this.set({ size });
    };
    this.typed = element("input", { type: "number", min: "1", max: `${most}`, ariaLabel: "Side of the picture" });
    this.typed.addEventListener("input", () => to(this.typed.value));
    this.typed.addEventListener("blur", () => (this.typed.value = `${this.state.size}`));
    this.slider = element("input", { type: "range", min: "1", max: `${most}`, ariaLabel: "Side of the picture, dragged" });
    this.slider.addEventListener("input", () => to(this.slider.value));
    this.adding = Object.entries(kinds).map(([sign, { label }]) =>
      this.button(label, `Add a layer: ${label}`, () => this.set({ layers: this.state.layers + sign })),
    );
    this.removing = this.row("Layers");
    this.controls.append(
      this.row("Size", element("span", { textContent: "Size" }), this.typed, this.slider),
      this.row("Add", element("span", { textContent: "Add" }), ...this.adding),
      this.removing,
      this.row("More", ...this.sharing()),
    );
    this.sync();
  }

  start() {
    return { ...this.data.setting };
  }

  encode() {
    return [this.state.size, this.state.layers || "-"];
  }

  /** @param {string[]} parts */
  decode([size, signs, ...more]) {
    const layers = signs === "-" ? "" : signs;
    const { kinds, most, deepest } = this.data;
    const state = { size: wholeIn(size, 1, most), layers };
    const known = layers !== undefined && layers.length <= deepest && [...layers].every((sign) => Object.hasOwn(kinds, sign));
    return known && state.size && signs && !more.length ? state : null;
  }

  told() {
    const runs = this.state.layers.match(/(.)\1*/g) ?? [];
    const named = runs.map((run) => this.data.kinds[run[0]].label + (run.length > 1 ? ` (${run.length} times)` : ""));
    return named.length ? `Through ${inWords(named)}: ${super.told()}` : super.told();
  }

  // ---- What one sees ----

  draw() {
    const { size, layers } = this.state;
    const steps = Sizes.steps(this.state, this.data.kinds);
    const all = [{ side: size, cut: 0, meets: 0 }, ...steps];
    const longest = Math.max(...all.map(({ side }) => side));
    const names = ["picture", ...[...layers].map((sign, i) => `${i + 1}. ${this.data.kinds[sign].label}`)];
    const rows = names.map((name, i) => {
      const step = all[i];
      const cells = step ? `<td>${bars(step.side, all[i + 1]?.cut ?? 0, longest)}</td><td>${grouped(step.side)}</td>${beside(step)}` : "<td></td><td>–</td><td></td>";
      return `<tr><th scope="row">${name}</th>${cells}</tr>`;
    });
    this.find(".lab__sizes tbody").innerHTML = rows.join("");
    this.said.textContent = this.sentence(steps);
    this.sync();
  }

  /** @param {SizeStep[]} steps */
  sentence(steps) {
    const { size } = this.state;
    if (!steps.length) return `A picture of ${grouped(size)} × ${grouped(size)}, and no layer yet.`;
    const numbers = (/** @type {(step: SizeStep) => boolean} */ is) => steps.flatMap((step, i) => (is(step) ? [`${i + 1}`] : []));
    const cuts = numbers(({ cut }) => cut > 0);
    const misfits = numbers((step) => step.meets > 0 && !Sizes.fits(step));
    const which = (/** @type {string[]} */ list) => `Layer${list.length > 1 ? "s" : ""} ${inWords(list)}`;
    return [
      this.became(steps),
      cuts.length && `${which(cuts)} ${cuts.length > 1 ? "each cut" : "cuts"} off a row.`,
      misfits.length && `${which(misfits)} ${misfits.length > 1 ? "do not fit their skip connections" : "does not fit its skip connection"}.`,
      this.instead(steps.every(Sizes.fits) ? "other " : ""),
    ]
      .filter(Boolean)
      .join(" ");
  }

  /** @param {SizeStep[]} steps */
  became(steps) {
    const before = [this.state.size, ...steps.map(({ side }) => side)].map((side) => `${grouped(side)} × ${grouped(side)}`);
    const picture = `A picture of ${before[0]}`;
    if ((steps.at(-1)?.side ?? 0) < 1) return `${picture} breaks at layer ${steps.length}: no window fits into a map of ${before.at(-2)}.`;
    return `${picture} becomes ${before.at(-1)}${steps.every(Sizes.fits) ? ": it works" : ""}.`;
  }

  /** Which sizes work. @param {string} other */
  instead(other) {
    const found = Sizes.nearest(this.state, this.data);
    if (!found.length) return `No ${other}size up to ${grouped(this.data.most)} works.`;
    return `The nearest ${other}${found.length > 1 ? "sizes that work" : "size that works"}: ${inWords(found.map(grouped))}.`;
  }

  /** Sets the controls to the state. */
  sync() {
    const { size, layers } = this.state;
    if (document.activeElement !== this.typed) this.typed.value = `${size}`;
    this.slider.value = `${size}`;
    for (const button of this.adding) button.disabled = layers.length >= this.data.deepest;
    this.removing.replaceChildren(
      element("span", { textContent: layers ? "Remove layer" : "No layer to remove" }),
      ...[...layers].map((sign, i) =>
        this.button(`${i + 1}`, `Remove layer ${i + 1}: ${this.data.kinds[sign].label}`, () => this.leaveOut(i)),
      ),
    );
  }

  /** Whoever removes by keyboard goes on from the next layer. @param {number} at */
  leaveOut(at) {
    const { layers } = this.state;
    this.set({ layers: layers.slice(0, at) + layers.slice(at + 1) });
    const left = this.removing.querySelectorAll("button");
    (left[Math.min(at, left.length - 1)] ?? this.adding[0]).focus();
  }
}

/** What goes on of a map, and what the next layer cuts off. @param {number} side @param {number} cut @param {number} longest */
const bars = (side, cut, longest) => {
  if (side < 1) return "";
  const parts = /** @type {[string, number][]} */ ([["bar", side - cut], ...(cut ? [["cut", cut]] : [])]);
  const drawn = parts.map(([name, part]) => `<div class="lab__${name}" style="width:${Math.floor((1000 * part) / longest + 0.5) / 10}%"></div>`);
  return `<div class="lab__side">${drawn.join("")}</div>`;
};

/** What stands beside a side: whether it fits. @param {SizeStep} step */
const beside = (step) => {
  const fits = Sizes.fits(step);
  const cut = step.cut ? `cuts off ${step.cut}` : "";
  const meets = step.meets ? `${fits ? "=" : "≠"} ${grouped(step.meets)}` : "";
  return `<td${fits ? "" : ' class="x"'}>${step.side < 1 ? "breaks" : cut || meets}</td>`;
};

/** A number as it is written: thousands apart, and a minus. @param {number} number */
const grouped = (number) => number.toLocaleString("en-US").replace("-", "−");

/** Names or numbers in a sentence. @param {string[]} names */
const inWords = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

customElements.define("size-lab", SizeLab);
