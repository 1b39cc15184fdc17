// A map of numbers, its windows, and the pooled map: to be moved, edited and shuffled.

/**
 * @typedef {{content: string, method: string, window: number, stride: number, dy: number, dx: number,
 *   shuffle: string, seed: number, edits: Record<string, number>}} PoolState
 * @typedef {{setting: {content: string, method: string, window: number, stride: number, actions: string[]},
 *   contents: Record<string, {label: string, numbers: number[]}>,
 *   operators: Record<string, [string, string]>,
 *   laws: Record<string, Record<string, number>>}} PoolData
 */

const SIDE = 12;
const CELLS = SIDE * SIDE;

/** What each operator keeps of a map, in whole parts. */
const Pool = {
  /** @param {string} method @param {number} window */
  parts: (method, window) => ({ mean: window ** 2, "max blur": 16 })[method] ?? 1,

  /** The cell r rows below and c columns right of the corner, round. @param {number} r @param {number} c */
  at: (r, c) => modulo(r, SIDE) * SIDE + modulo(c, SIDE),

  /** The cells of the window that begins at a place. @param {number} top @param {number} left @param {number} window */
  cells: (top, left, window) =>
    Array.from({ length: window ** 2 }, (_, i) => Pool.at(top + Math.floor(i / window), left + (i % window))),

  /** The first of the largest. @param {number[]} map @param {number[]} cells */
  winner: (map, cells) => cells.reduce((best, cell) => (map[cell] > map[best] ? cell : best)),

  /** @param {number[]} map @param {string} method @param {number} window @param {number} top @param {number} left @returns {number} */
  value(map, method, window, top, left) {
    if (method === "subsample") return map[Pool.at(top, left)];
    const cells = Pool.cells(top, left, window);
    if (method === "mean") return cells.reduce((sum, cell) => sum + map[cell], 0);
    if (method === "max") return map[Pool.winner(map, cells)];
    const weights = [1, 2, 1];
    return weights.reduce(
      (sum, down, i) =>
        sum +
        weights.reduce(
          (row, across, j) => row + down * across * Pool.value(map, "max", window, top + i - 1, left + j - 1),
          0,
        ),
      0,
    );
  },

  /** Where windows begin along a side. @param {number} stride */
  begins: (stride) => Array.from({ length: SIDE / stride }, (_, i) => i * stride),

  /** The pooled map. @param {number[]} map @param {string} method @param {number} window @param {number} stride */
  pooled: (map, method, window, stride) =>
    Pool.begins(stride).flatMap((top) =>
      Pool.begins(stride).map((left) => Pool.value(map, method, window, top, left)),
    ),

  /** The map, moved down and to the right. @param {number[]} map @param {number} dy @param {number} dx */
  moved: (map, dy, dx) =>
    map.map((_, cell) => map[Pool.at(Math.floor(cell / SIDE) - dy, (cell % SIDE) - dx)]),

  /** The map, its numbers exchanged inside windows or across them; a seed says how. @param {number[]} map @param {string} where @param {number} seed @param {number} stride */
  shuffled(map, where, seed, stride) {
    const made = [...map];
    const random = randomFrom(seed);
    const groups =
      where === "across"
        ? [map.map((_, cell) => cell)]
        : Pool.begins(stride).flatMap((top) => Pool.begins(stride).map((left) => Pool.cells(top, left, stride)));
    for (const cells of groups)
      for (let last = cells.length - 1; last > 0; last--) {
        const other = Math.floor(random() * (last + 1));
        [made[cells[last]], made[cells[other]]] = [made[cells[other]], made[cells[last]]];
      }
    return made;
  },
};

/** The same numbers in [0, 1) on every machine and for ever: links depend on them. @param {number} seed */
const randomFrom = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** @extends {Lab<PoolData, PoolState>} */
class PoolLab extends Lab {
  constructor() {
    super();
    this.chosen = -1;
    this.hovered = -1;
    this.written = -1; // the cell whose number is in the field
    this.typing = false; // whether a digit follows another
    const d = this.data;
    const named = Object.entries(d.contents).map(([key, { label }]) => /** @type {[string, string]} */ ([key, label]));
    const ways = Object.entries(d.operators).map(([key, [label]]) => /** @type {[string, string]} */ ([key, label]));
    const sizes = [1, 2, 3, 4, 5].map((k) => /** @type {[string, string]} */ ([`${k}`, `${k} × ${k}`]));
    const steps = [1, 2, 3, 4].map((s) => /** @type {[string, string]} */ ([`${s}`, `${s}`]));
    this.selects = {
      content: this.select("Map", named, (content) => this.set({ ...this.plain(), content })),
      method: this.select("Keep", ways, (method) => this.set({ method })),
      window: this.select("Window", [...sizes, ["12", "whole map"]], (window) => this.resize(Number(window))),
      stride: this.select("Stride", [...steps, ["12", "12"]], (stride) => this.set({ stride: Number(stride), ...this.unmixed() })),
    };
    this.value = element("input", { type: "number", min: "0", max: "99", disabled: true });
    this.value.addEventListener("blur", () => {
      this.written = -1;
      this.sync();
    });
    this.value.addEventListener("input", () => this.edit(wholeIn(this.value.value, 0, 99)));
    const cell = element("label", { textContent: "Number in the chosen cell " });
    cell.append(this.value);
    this.tally = element("div", { className: "lab__tally", hidden: true });
    const arrows = [
      this.button("↑", "Move up", () => this.move(-1, 0)),
      this.button("←", "Move left", () => this.move(0, -1)),
      this.button("→", "Move right", () => this.move(0, 1)),
      this.button("↓", "Move down", () => this.move(1, 0)),
    ];
    this.inside = this.button("Shuffle inside windows", "Shuffle inside windows: the numbers of each window", () =>
      this.mix("inside"),
    );
    const across = this.button("Shuffle the whole map", "Shuffle the whole map: all its numbers", () =>
      this.mix("across"),
    );
    const tries = this.button("Try all moves", "Try all moves by up to two", () => this.tryAll());
    this.find(".lab__stage").append(this.row("Move", ...arrows, element("span", { textContent: "move the picture" })));
    this.controls.append(
      ...(d.setting.actions.includes("inside") ? [this.row("Shuffle", this.inside, across)] : []),
      this.row("Setting", ...Object.values(this.selects).map(({ label }) => label), cell),
      this.row("More", tries, ...this.sharing()),
      this.tally,
    );
    this.listen();
    this.sync();
  }

  start() {
    const { content, method, window, stride } = this.data.setting;
    return { content, method, window, stride, dy: 0, dx: 0, shuffle: "", seed: 0, edits: {} };
  }

  encode() {
    const { content, method, window, stride, dy, dx, shuffle, seed, edits } = this.state;
    const changed = Object.entries(edits).map(([cell, value]) => `e${cell}-${value}`);
    const how = shuffle ? [`${shuffle}${seed}`] : [];
    return [content, method.replace(" ", "-"), window, stride, dy, dx, ...how, ...changed];
  }

  /** @param {string[]} parts */
  decode([content, method, window, stride, dy, dx, ...more]) {
    /** @type {PoolState} */
    const state = {
      ...this.start(),
      content,
      method: method?.replace("-", " "),
      window: wholeIn(window, 1, SIDE),
      stride: wholeIn(stride, 1, SIDE),
      dy: wholeIn(dy, -5, 6),
      dx: wholeIn(dx, -5, 6),
    };
    for (const part of more.filter(Boolean)) {
      const [, cell, value] = /^e(\d+)-(\d+)$/.exec(part) ?? [];
      const [, where, seed] = /^(inside|across)(\d{1,9})$/.exec(part) ?? [];
      if (where) Object.assign(state, { shuffle: where, seed: Number(seed) });
      else if (Number(cell) < CELLS && Number(value) < 100) state.edits[Number(cell)] = Number(value);
      else return null;
    }
    if (state.shuffle === "inside" && state.window !== state.stride) return null;
    const known = Object.hasOwn(this.data.contents, content) && Object.hasOwn(this.data.operators, state.method);
    const sized = [state.window, state.stride, state.dy, state.dx].every(Number.isInteger);
    const fits = state.window === SIDE ? state.stride === SIDE : state.window <= 5 && state.stride <= 4;
    if (!known || !sized || !fits) return null;
    const plain = Pool.moved(this.unedited(state), state.dy, state.dx);
    for (const [cell, value] of Object.entries(state.edits)) if (plain[Number(cell)] === value) delete state.edits[cell];
    return state;
  }

  /** The map as the page has it, and as it is shown. */
  maps() {
    const { content, dy, dx, edits } = this.state;
    const before = this.data.contents[content].numbers;
    const now = Pool.moved(this.unedited(this.state), dy, dx).map((value, cell) => edits[cell] ?? value);
    return { before, now };
  }

  plain() {
    return { dy: 0, dx: 0, shuffle: "", seed: 0, edits: {} };
  }

  /** @param {number} window */
  resize(window) {
    const { stride } = this.state;
    this.set({ window, stride: window === SIDE ? SIDE : stride === SIDE ? Math.min(window, 4) : stride, ...this.unmixed() });
  }

  /** Windows of another size have other insides. */
  unmixed() {
    return this.state.shuffle === "inside" ? { shuffle: "", seed: 0 } : {};
  }

  /** @param {number} dy @param {number} dx */
  move(dy, dx) {
    const wrapped = (/** @type {number} */ d) => modulo(d + 5, SIDE) - 5;
    /** @type {Record<string, number>} */
    const edits = {};
    for (const [cell, value] of Object.entries(this.state.edits))
      edits[Pool.at(Math.floor(Number(cell) / SIDE) + dy, (Number(cell) % SIDE) + dx)] = value;
    this.typing = false;
    this.set({ dy: wrapped(this.state.dy + dy), dx: wrapped(this.state.dx + dx), edits });
  }

  /** @param {string} shuffle */
  mix(shuffle) {
    this.set({ ...this.plain(), shuffle, seed: (this.state.seed + 1) % 1e9 });
  }

  /** @param {number} value */
  edit(value) {
    const cell = this.chosen;
    if (cell < 0 || Number.isNaN(value)) return;
    /** @type {Record<string, number>} */
    const edits = { ...this.state.edits, [cell]: value };
    if (Pool.moved(this.unedited(this.state), this.state.dy, this.state.dx)[cell] === value) delete edits[cell];
    this.set({ edits });
  }

  /** The map of a state, before moves and edits. @param {PoolState} state */
  unedited({ content, shuffle, seed, stride }) {
    const numbers = this.data.contents[content].numbers;
    return shuffle ? Pool.shuffled(numbers, shuffle, seed, stride) : numbers;
  }

  reset() {
    this.chosen = -1;
    super.reset();
  }

  // ---- What one sees ----

  draw() {
    this.paint();
    const all = this.find(".lab__pooled tbody");
    this.said.textContent = this.sentence(all.querySelectorAll(".d").length, all.querySelectorAll("td").length);
    this.tally.hidden = true;
    this.sync();
  }

  /** The two maps. */
  paint() {
    const { before, now } = this.maps();
    const { method, window, stride } = this.state;
    const was = Pool.pooled(before, method, window, stride);
    const is = Pool.pooled(now, method, window, stride);
    const whole = Pool.parts(method, window);
    const kept = this.kept(now);
    const shown = this.hovered >= 0 && this.hovered < is.length ? this.hovered : -1;
    const begins = Pool.begins(stride);
    const seen =
      shown < 0
        ? []
        : Pool.cells(begins[Math.floor(shown / begins.length)], begins[shown % begins.length], method === "subsample" ? 1 : window);
    this.fill(
      ".lab__map",
      SIDE,
      now.map((number, cell) => {
        const [r, c] = [Math.floor(cell / SIDE), cell % SIDE];
        const outside = Math.max(r % stride, c % stride) >= window;
        const signs = { t: r % stride === 0, l: c % stride === 0, o: outside, k: kept.has(cell), w: seen.includes(cell), c: cell === this.chosen };
        return { text: `${number}`, value: number, signs };
      }),
    );
    this.fill(
      ".lab__pooled",
      SIDE / stride,
      is.map((total, i) => {
        const value = total / whole;
        const signs = { d: total !== was[i], w: i === shown, f: !Number.isInteger(value) };
        return { text: Number.isInteger(value) ? `${value}` : value.toFixed(1), value, signs };
      }),
    );
    this.find(".lab__map caption").textContent = `map: ${this.data.contents[this.state.content].label}`;
  }

  /** @param {string} query @param {number} columns @param {{text: string, value: number, signs: Record<string, boolean>}[]} cells */
  fill(query, columns, cells) {
    const rows = [];
    for (let i = 0; i < cells.length; i += columns) {
      const row = cells.slice(i, i + columns).map(({ text, value, signs }) => {
        const on = Object.keys({ ...signs, z: true }).filter((sign) => (sign === "z" ? value === 0 : signs[sign]));
        return `<td${on.length ? ` class="${on.join(" ")}"` : ""} style="--v:${Math.round(value)}">${text}</td>`;
      });
      rows.push(`<tr>${row.join("")}</tr>`);
    }
    this.find(`${query} tbody`).innerHTML = rows.join("");
  }

  /** The cells that are kept as they are. @param {number[]} map */
  kept(map) {
    const { method, window, stride } = this.state;
    const begins = Pool.begins(stride);
    if (method === "subsample") return new Set(begins.flatMap((r) => begins.map((c) => Pool.at(r, c))));
    if (method !== "max") return new Set();
    const winners = begins.flatMap((r) => begins.map((c) => Pool.winner(map, Pool.cells(r, c, window))));
    return new Set(winners.filter((cell) => map[cell] > 0));
  }

  told() {
    const { content, method, window, stride } = this.state;
    const size = window === SIDE ? "the whole map" : `windows of ${window} × ${window} with stride ${stride}`;
    const map = `a map of ${SIDE} × ${SIDE} that wraps round (${this.data.contents[content].label})`;
    const said = super.told().replace(" (red)", "").replace(" (dashed)", "");
    return `Pooling (${this.data.operators[method][0]}) over ${size}, on ${map}. ${said}`;
  }

  /** @param {number} changed @param {number} all */
  sentence(changed, all) {
    const { method, window, dy, dx, shuffle, edits } = this.state;
    const written = Object.entries(edits);
    const done = [
      shuffle && `Shuffled ${shuffle === "inside" ? "inside the windows" : "over the whole map"}`,
      (dy || dx) && `Moved ${[way(dx, "to the right", "to the left"), way(dy, "down", "up")].filter(Boolean).join(" and ")}`,
      written.length && (written.length > 1 ? `${written.length} numbers edited` : `${place(Number(written[0][0]))} is now ${written[0][1]}`),
    ].filter(Boolean);
    if (!done.length) return `Each window of ${window} × ${window} keeps ${this.data.operators[method][1]}: ${CELLS} numbers in, ${all} out.`;
    return `${done.join(", ")}: ${changed} of ${counted(all, "pooled value")} changed${changed ? " (dashed)" : ""}.${this.law()}`;
  }

  /** What the package's law says of a move, where there is one. */
  law() {
    const { content, method, window, stride, dy, dx, shuffle, edits } = this.state;
    const move = [Math.abs(dy), Math.abs(dx)].sort((a, b) => a - b);
    const share = this.data.laws[content]?.[[window, stride, ...move].join(".")];
    if (share === undefined || method !== "max" || shuffle || Object.keys(edits).length) return "";
    const percent = `${Math.round(100 * share)} %`;
    return content === "peak"
      ? ` Law: at ${percent} of a lone peak's places the pooled map stays.`
      : ` Law: of a busy map without equal values ${percent} stay, on average.`;
  }

  /** Says in a small table how many pooled values each move changes. */
  tryAll() {
    const { method, window, stride } = this.state;
    const map = this.maps().now;
    const was = Pool.pooled(map, method, window, stride);
    const moves = [-2, -1, 0, 1, 2];
    const found = moves.map((dy) =>
      moves.map((dx) => {
        const is = Pool.pooled(Pool.moved(map, dy, dx), method, window, stride);
        return is.filter((total, i) => total !== was[i]).length;
      }),
    );
    const rows = found.map((row, i) => {
      const cells = row.map((changed, j) => (i === 2 && j === 2 ? "<td>·</td>" : `<td${changed ? ' class="d"' : ""}>${changed}</td>`));
      return `<tr><th scope="row">${way(moves[i], "down", "up") || "0"}</th>${cells.join("")}</tr>`;
    });
    const head = moves.map((dx) => `<th scope="col">${dx < 0 ? `← ${-dx}` : dx ? `→ ${dx}` : "0"}</th>`).join("");
    const same = found.flat().filter((changed) => changed === 0).length - 1;
    const text = `Pooled values that change, of ${was.length}. Of 24 moves by up to two from here, ${same} ${same === 1 ? "leaves" : "leave"} all as they were.`;
    this.tally.innerHTML = `<p>${text}</p><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
    this.tally.hidden = false;
    this.said.textContent = text;
  }

  /** Sets the controls to the state. */
  sync() {
    const { content, method, window, stride } = this.state;
    for (const [name, { made }] of Object.entries(this.selects)) made.value = `${{ content, method, window, stride }[name]}`;
    const steps = this.selects.stride.made;
    steps.disabled = window === SIDE;
    withhold(steps, (step) => step === SIDE && window !== SIDE);
    // Windows that overlap, or leave gaps, have no insides of their own.
    this.inside.disabled = window !== stride;
    const photo = this.querySelector(".lab__photo");
    if (photo instanceof HTMLElement) photo.style.visibility = content === "dahlia" ? "" : "hidden";
    if (document.activeElement === this.value && this.chosen === this.written) return;
    this.written = this.chosen;
    this.value.disabled = this.chosen < 0;
    this.value.value = this.value.disabled ? "" : `${this.maps().now[this.chosen]}`;
  }

  // ---- Hands ----

  listen() {
    const map = this.find(".lab__map");
    const pooled = this.find(".lab__pooled");
    map.tabIndex = 0;
    map.setAttribute("role", "application");
    map.ariaLabel = "Map. Arrows choose a cell, Shift and an arrow move the map, digits change the cell.";
    map.addEventListener("keydown", (event) => this.keyed(event));
    this.dragged(map);
    const over = (/** @type {PointerEvent} */ event) => {
      const left = event.type === "pointerleave";
      if (left && event.pointerType === "touch") return; // a tapped value stays lit
      const hovered = left ? -1 : cellOf(pooled, event.target);
      if (hovered === this.hovered) return;
      this.hovered = hovered;
      this.paint();
    };
    for (const kind of /** @type {const} */ (["pointerover", "pointerdown", "pointerleave"])) pooled.addEventListener(kind, over);
  }

  /** @param {number} cell */
  choose(cell) {
    this.chosen = cell;
    this.typing = false;
    this.draw();
    this.said.textContent += ` ${place(cell)}: ${this.maps().now[cell]}.`;
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const [dy, dx] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const at = Math.max(0, this.chosen);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (dy || dx) {
      if (event.shiftKey) this.move(dy, dx);
      else this.choose(this.chosen < 0 ? 0 : Pool.at(Math.floor(at / SIDE) + dy, (at % SIDE) + dx));
    } else if (/^\d$/.test(event.key) && this.chosen >= 0) {
      this.edit((this.typing ? this.maps().now[at] * 10 : 0) + Number(event.key));
      this.typing = !this.typing;
    } else if (/^(Backspace|Delete)$/.test(event.key)) this.edit(0);
    else return;
    event.preventDefault();
  }

  /** A drag moves the content by whole cells; a press without one chooses a cell. @param {HTMLElement} map */
  dragged(map) {
    /** @type {{x: number, y: number, far: boolean} | null} */
    let from = null;
    map.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      from = { x: event.clientX, y: event.clientY, far: false };
      map.setPointerCapture(event.pointerId);
    });
    map.addEventListener("pointermove", (event) => {
      if (!from) return;
      const side = map.querySelector("td")?.offsetWidth || 24;
      const dx = Math.trunc((event.clientX - from.x) / side);
      const dy = Math.trunc((event.clientY - from.y) / side);
      if (!dx && !dy) return;
      from = { x: from.x + dx * side, y: from.y + dy * side, far: true };
      this.move(dy, dx);
    });
    map.addEventListener("pointerup", (event) => {
      const under = document.elementFromPoint(event.clientX, event.clientY);
      if (from && !from.far && cellOf(map, under) >= 0) this.choose(cellOf(map, under));
      from = null;
    });
    for (const end of ["pointercancel", "lostpointercapture"]) map.addEventListener(end, () => (from = null));
  }
}

/** Which cell of a table an element is, counted row by row; −1 if none. @param {HTMLElement} table @param {EventTarget | null} target */
const cellOf = (table, target) =>
  target instanceof HTMLTableCellElement ? [...table.querySelectorAll("tbody td")].indexOf(target) : -1;

/** A cell in words. @param {number} cell */
const place = (cell) => `Row ${Math.floor(cell / SIDE) + 1}, column ${(cell % SIDE) + 1}`;

/** @param {number} d @param {string} forth @param {string} back */
const way = (d, forth, back) => d && `${Math.abs(d)} ${d > 0 ? forth : back}`;

customElements.define("pool-lab", PoolLab);
