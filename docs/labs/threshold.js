// The largest of some noisy answers, with a petal and without: a threshold is put between them.

/**
 * @typedef {{threshold: number, strength: number, units: number, seen: number}} ThresholdState
 * @typedef {{setting: ThresholdState, table: number[], draws: number[][][]}} ThresholdData
 */

const LOW = -30;
const HIGH = 70;
const STRONGEST = 40;
const ACROSS = 600;
const BASE = 160;

/** @extends {Lab<ThresholdData, ThresholdState>} */
class ThresholdLab extends Lab {
  constructor() {
    super();
    const counts = (/** @type {number} */ most) =>
      Array.from({ length: most }, (_, i) => /** @type {[string, string]} */ ([`${i + 1}`, `${i + 1}`]));
    this.threshold = this.slider("Threshold", LOW, HIGH, (threshold) => this.set({ threshold }));
    this.strength = this.slider("Strength of the petal", 0, STRONGEST, (strength) => this.set({ strength }));
    this.units = this.select("Detectors", counts(9), (value) =>
      this.set({ units: Number(value), seen: Math.min(this.state.seen, Number(value)) }),
    );
    this.seen = this.select("that see the petal", counts(9), (value) => this.set({ seen: Number(value) }));
    this.controls.append(
      this.row("Setting", this.threshold.label, this.strength.label, this.units.label, this.seen.label),
      this.row("More", ...this.sharing()),
    );
    this.dragged(this.querySelector(".lab__densities"));
    this.sync();
  }

  start() {
    return { ...this.data.setting };
  }

  encode() {
    const { threshold, strength, units, seen } = this.state;
    return [threshold, strength, units, seen];
  }

  /** @param {string[]} parts */
  decode([threshold, strength, units, seen]) {
    const state = {
      threshold: wholeIn(threshold, LOW, HIGH),
      strength: wholeIn(strength, 0, STRONGEST),
      units: wholeIn(units, 1, 9),
      seen: wholeIn(seen, 1, 9),
    };
    return Object.values(state).every(Number.isInteger) && state.seen <= state.units ? state : null;
  }

  told() {
    const { threshold, strength, units, seen } = this.state;
    const petal = `${seen} of which ${seen === 1 ? "sees" : "see"} a petal ${counted(strength / 10, "standard deviation")} strong`;
    return `The largest answer of ${counted(units, "noisy detector")}, ${petal}, threshold ${threshold / 10}: ${super.told()}`;
  }

  /** @param {string} name @param {number} low @param {number} high @param {(value: number) => void} action */
  slider(name, low, high, action) {
    const made = element("input", { type: "range", min: `${low}`, max: `${high}`, step: "1" });
    made.addEventListener("input", () => action(Number(made.value)));
    const label = element("label", { textContent: `${name} ` });
    const shown = element("output", {});
    label.append(made, " ", shown);
    return { label, made, shown };
  }

  /** The threshold follows the pointer. @param {Element | null} drawing */
  dragged(drawing) {
    if (!(drawing instanceof SVGElement)) return;
    const follow = (/** @type {PointerEvent} */ event) => {
      const { left, width } = drawing.getBoundingClientRect();
      const tenths = Math.round(LOW + ((event.clientX - left) / width) * (HIGH - LOW));
      this.set({ threshold: Math.min(HIGH, Math.max(LOW, tenths)) });
    };
    let from = NaN;
    drawing.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      from = event.clientX;
      drawing.setPointerCapture(event.pointerId);
      if (event.pointerType === "mouse") follow(event);
    });
    // A finger that goes up or down scrolls the page: it means the threshold if it goes sideways.
    drawing.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" ? from >= 0 : Math.abs(event.clientX - from) > 8) follow(event);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      drawing.addEventListener(end, () => (from = NaN));
  }

  // ---- Numbers ----

  /** How probable it is that the largest answer is below so many tenths. @param {number} tenths @param {boolean} petal */
  below(tenths, petal) {
    const { strength, units, seen } = this.state;
    const at = tenths - LOW + STRONGEST;
    const most = petal ? seen : 0;
    return this.data.table[at] ** (units - most) * this.data.table[at - strength] ** most;
  }

  /** The largest answer of each draw, in hundredths. @param {boolean} petal */
  largest(petal) {
    const { strength, units, seen } = this.state;
    return this.data.draws[Number(petal)].map((noise) =>
      Math.max(...noise.slice(0, units).map((value, i) => value + (petal && i < seen ? 10 * strength : 0))),
    );
  }

  // ---- What one sees ----

  draw() {
    const { threshold } = this.state;
    const line = across(10 * threshold);
    const svg = this.querySelector(".lab__densities");
    if (!svg) return;
    svg.innerHTML =
      `<path class="lab__noise" d="${this.density(false)}"></path>` +
      `<path class="lab__petal" d="${this.density(true)}"></path>` +
      `${this.dots(true)}${this.dots(false)}` +
      `<path class="lab__line" d="M${line} 5V245"></path>` +
      `<circle class="lab__handle" cx="${line}" cy="12" r="9"></circle>`;
    const missed = this.largest(true).filter((value) => value < 10 * threshold).length;
    const alarms = this.largest(false).filter((value) => value >= 10 * threshold).length;
    const all = this.data.draws[0].length;
    this.said.textContent =
      `${missed} of ${all} petals are missed (law: ${percent(this.below(threshold, true))}); ` +
      `${alarms} of ${all} backgrounds raise a false alarm (law: ${percent(1 - this.below(threshold, false))}).`;
    this.sync();
  }

  /** @param {boolean} petal */
  density(petal) {
    const steps = Array.from({ length: HIGH - LOW }, (_, i) => {
      const rise = this.below(LOW + i + 1, petal) - this.below(LOW + i, petal);
      return `L${6 * i + 3} ${Math.floor(BASE - 2500 * rise + 0.5)}`;
    });
    return `M0 ${BASE}${steps.join("")}L${ACROSS} ${BASE}Z`;
  }

  /** @param {boolean} petal */
  dots(petal) {
    const top = BASE + (petal ? 15 : 55);
    return this.largest(petal)
      .map((value, i) => {
        const x = across(Math.min(Math.max(value, 10 * LOW), 10 * HIGH));
        const on = value >= 10 * this.state.threshold ? " on" : "";
        return `<circle class="lab__${petal ? "petal" : "noise"}${on}" cx="${x}" cy="${top + 6 * (i % 5)}" r="3"></circle>`;
      })
      .join("");
  }

  /** Sets the controls to the state. */
  sync() {
    const { threshold, strength, units, seen } = this.state;
    for (const [control, value] of /** @type {const} */ ([
      [this.threshold, threshold],
      [this.strength, strength],
      [this.units, units],
      [this.seen, seen],
    ]))
      control.made.value = `${value}`;
    for (const [slider, value] of /** @type {const} */ ([
      [this.threshold, threshold],
      [this.strength, strength],
    ]))
      slider.shown.textContent = slider.made.ariaValueText = (value / 10).toFixed(1);
    withhold(this.seen.made, (seen) => seen > units);
  }
}

/** Where an answer lies in the drawing. @param {number} hundredths */
const across = (hundredths) => ((hundredths - 10 * LOW) * ACROSS) / (10 * (HIGH - LOW));

/** @param {number} share */
const percent = (share) => `${Math.floor(100 * share + 0.5)} %`;

customElements.define("threshold-lab", ThresholdLab);
