// A picture from layer to layer: the side of each map, what is cut off, where it breaks, and which sizes are good.

/**
 * @typedef {{size: number, layers: string}} SizeState
 * @typedef {{label: string, pool: [number, number, number] | null}} LayerKind
 * @typedef {{setting: SizeState, most: number, deepest: number, largest: number,
 *   kinds: Record<string, LayerKind>}} SizeData
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

  /** Whether it is as large as the map that it meets, if it meets one. @param {SizeStep} step */
  joins: ({ side, meets }) => !meets || meets === side,

  /** @param {SizeStep[]} steps */
  fit: (steps) => steps.every((step) => step.side >= 1 && Sizes.joins(step)),

  /** @param {SizeStep[]} steps */
  lose: (steps) => steps.some(({ cut }) => cut > 0),

  /** Whether a doubling comes after a halving: a skip connection joins them. @param {SizeState} state @param {Record<string, LayerKind>} kinds */
  skips({ layers }, kinds) {
    const pools = [...layers].map((sign) => kinds[sign].pool);
    const halved = pools.findIndex((pool) => pool && pool[1] > 1);
    return halved >= 0 && pools.includes(null, halved);
  },

  /** The next smaller and the next larger size that is good, where there is one. @param {SizeState} state @param {SizeData} data @param {(steps: SizeStep[]) => boolean} good */
  nearest({ size, layers }, { kinds, most }, good) {
    const works = (/** @type {number} */ size) => good(Sizes.steps({ size, layers }, kinds));
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
    this.wrong = false;
    /** What the field goes back to when what is typed is no size. */
    this.settled = this.state.size;
    this.typed = element("input", { type: "number", min: "1", max: `${most}`, ariaLabel: "Side of the picture" });
    this.typed.setAttribute("aria-describedby", "lab-hint");
    this.typed.addEventListener("input", () => this.type(this.typed.value));
    for (const when of ["focus", "change"])
      this.typed.addEventListener(when, () => (this.settled = this.state.size));
    this.typed.addEventListener("blur", () => this.sync());
    this.slider = element("input", { type: "range", min: "1", max: `${most}`, ariaLabel: "Side of the picture, dragged" });
    this.slider.addEventListener("input", () => this.set({ size: Number(this.slider.value) }));
    this.adding = Object.entries(kinds).map(([sign, { label }]) =>
      this.button(label, `Add a layer: ${label}`, () => this.set({ layers: this.state.layers + sign })),
    );
    this.hint = element("p", { className: "lab__hint", id: "lab-hint" });
    this.hint.setAttribute("role", "status");
    this.controls.append(
      this.row("Size", element("span", { textContent: "Size" }), this.typed, this.slider),
      this.row("Add", element("span", { textContent: "Add" }), ...this.adding),
      this.hint,
    );
    this.find(".lab__controls:not(.lab__above)").append(this.row("More", ...this.sharing()));
    this.sync();
  }

  /** Shows a size that is typed; of what is none, it keeps the picture from before, and says so. @param {string} value */
  type(value) {
    const size = wholeIn(value, 1, this.data.most);
    if (size || this.state.size !== this.settled) this.set({ size: size || this.settled });
    this.wrong = !size;
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
    return named.length ? `Through ${inWords(named)}: ${super.told().replace(/^A/, "a")}` : super.told();
  }

  // ---- What one sees ----

  draw() {
    const { kinds, largest } = this.data;
    const signs = [...this.state.layers];
    const steps = Sizes.steps(this.state, kinds);
    const all = [{ side: this.state.size, cut: 0, meets: 0 }, ...steps];
    const end = all.findIndex(({ side }) => side < 1 || side > largest);
    const maps = end < 0 ? all : all.slice(0, end);
    const longest = Math.max(...maps.map(({ side }) => side));
    const names = ["picture", ...signs.map((sign, i) => `${i + 1}. ${kinds[sign].label}`)];
    const rows = names.map((name, i) => {
      const cut = all[i + 1]?.cut ?? 0;
      const cells = maps[i] ? [bars(maps[i].side, cut, longest), grouped(maps[i].side), notes(maps[i], cut)] : ["", "–", ""];
      if (i === end) cells[2] = marked(this.whyNot(kinds[signs[i - 1]].pool, all[i - 1].side));
      return `<tr><th scope="row">${name}</th>${[...cells, ""].map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
    });
    this.find(".lab__sizes tbody").innerHTML = rows.join("");
    this.said.textContent = this.sentence(steps);
    this.wrong = false;
    this.sync();
  }

  /** Why there is no map: as frameworks say it, or that it would be too large. @param {LayerKind["pool"]} pool @param {number} side */
  whyNot(pool, side) {
    if (!pool) return `over ${grouped(this.data.largest)}`;
    const [window, , padding] = pool;
    const room = side + 2 * padding;
    return `no room: ${room} − ${window} = ${grouped(room - window)}`;
  }

  /** @param {SizeStep[]} steps */
  sentence(steps) {
    const { size } = this.state;
    const { largest } = this.data;
    const before = [size, ...steps.map(({ side }) => side)];
    const picture = `A picture of ${square(size)}`;
    if (!steps.length) return `${picture}, and no layer yet.`;
    const large = before.findIndex((side) => side > largest);
    if (large > 0) return `${picture} grows over ${square(largest)} at layer ${large}: the lab stops there.`;
    const last = before[steps.length];
    const became = last < 1 ? `breaks at layer ${steps.length}: no window fits into ${square(before[steps.length - 1])}.` : `becomes ${square(last)}${this.judged(steps)}`;
    return `${picture} ${became} ${this.instead(steps)}`;
  }

  /** What is to be said of maps that all are there. @param {SizeStep[]} steps */
  judged(steps) {
    const numbers = (/** @type {(step: SizeStep) => boolean} */ is) => steps.flatMap((step, i) => (is(step) ? [`${i + 1}`] : []));
    const cuts = numbers(({ cut }) => cut > 0);
    const misfits = numbers((step) => !Sizes.joins(step));
    const which = (/** @type {string[]} */ list) => `layer${list.length > 1 ? "s" : ""} ${inWords(list)}`;
    const cut = cuts.length ? `${which(cuts)} ${cuts.length > 1 ? "each cut" : "cuts"} off a row.` : "";
    const does = misfits.length > 1 ? "do not fit their skip connections" : "does not fit its skip connection";
    const parts = [cut, `${which(misfits)} ${does}.`].filter(Boolean);
    if (misfits.length) return `.${parts.map((part) => part.replace("l", " L")).join("")}`;
    const joined = Sizes.skips(this.state, this.data.kinds);
    if (cut) return `: it ${joined ? "fits" : "runs"}, but ${cut}`;
    return joined ? ": it fits." : ".";
  }

  /** Which sizes are good instead, or as well: they must lose no row, too, if nothing else is wrong. @param {SizeStep[]} steps */
  instead(steps) {
    const joined = Sizes.skips(this.state, this.data.kinds);
    const lossless = !joined || (Sizes.fit(steps) && Sizes.lose(steps));
    const good = (/** @type {SizeStep[]} */ steps) => Sizes.fit(steps) && !(lossless && Sizes.lose(steps));
    const found = Sizes.nearest(this.state, this.data, good);
    const other = good(steps) ? "other " : "";
    const most = grouped(this.data.most);
    if (!found.length && !joined) return `Every ${other}size up to ${most} breaks or loses a row.`;
    const s = found.length > 1 ? "" : "s";
    const wanted = [joined && `fit${s}`, lossless && `lose${s} no row`].filter(Boolean).join(" and ");
    if (!found.length) return `No ${other}size up to ${most} ${wanted}.`;
    return `The nearest ${other}size${found.length > 1 ? "s" : ""} that ${wanted}: ${inWords(found.map(grouped))}.`;
  }

  /** Sets the controls to the state. */
  sync() {
    const { size, layers } = this.state;
    const { kinds, most, deepest } = this.data;
    const typing = document.activeElement === this.typed;
    if (!typing) this.typed.value = `${size}`;
    this.typed.ariaInvalid = `${this.wrong && typing}`;
    this.slider.value = `${size}`;
    // A button that is disabled would lose the focus.
    const full = layers.length >= deepest;
    for (const button of this.adding) button.ariaDisabled = `${full}`;
    const usual = `From 1 to ${grouped(most)} rows, and ${deepest} layers at most.`;
    const hint = this.wrong ? `Type a whole number from 1 to ${grouped(most)}.` : full ? `${deepest} layers at most: remove one to add another.` : usual;
    if (this.hint.textContent !== hint) this.hint.textContent = hint;
    this.hint.classList.toggle("x", hint !== usual);
    [...layers].forEach((sign, i) => {
      const remove = this.button("×", `Remove layer ${i + 1}: ${kinds[sign].label}`, () => this.leaveOut(i));
      this.places[i + 1].replaceChildren(remove);
    });
  }

  /** The last cell of each row. */
  get places() {
    return this.querySelectorAll(".lab__sizes td:last-child");
  }

  /** Whoever removes by keyboard goes on from the next layer. @param {number} at */
  leaveOut(at) {
    const { layers } = this.state;
    this.set({ layers: layers.slice(0, at) + layers.slice(at + 1) });
    const left = this.places[Math.min(at + 1, layers.length - 1)].querySelector("button");
    (left ?? this.adding[0]).focus();
  }
}

/** What goes on of a map, and what the next layer cuts off. @param {number} side @param {number} cut @param {number} longest */
const bars = (side, cut, longest) => {
  const parts = /** @type {[string, number][]} */ ([["bar", side - cut], ...(cut ? [["cut", cut]] : [])]);
  const drawn = parts.map(([name, part]) => `<div class="lab__${name}" style="width:${Math.floor((1000 * part) / longest + 0.5) / 10}%"></div>`);
  return `<div class="lab__side">${drawn.join("")}</div>`;
};

/** What stands beside a map: whether it fits what it meets, and what the next layer drops. @param {SizeStep} step @param {number} cut */
const notes = (step, cut) => {
  const met = Sizes.joins(step) ? `= ${grouped(step.meets)}` : marked(`≠ ${grouped(step.meets)}`);
  return [step.meets && met, cut && marked(`next layer cuts off ${cut}`)].filter(Boolean).join(", ");
};

/** @param {string} text */
const marked = (text) => `<span class="x">${text}</span>`;

/** A number as it is written: thousands apart, and a minus. @param {number} number */
const grouped = (number) => number.toLocaleString("en-US").replace("-", "−");

/** @param {number} side */
const square = (side) => `${grouped(side)} × ${grouped(side)}`;

/** Names or numbers in a sentence. @param {string[]} names */
const inWords = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

customElements.define("size-lab", SizeLab);
