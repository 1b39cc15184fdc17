// A digit is moved, and two trained networks say what it is. Their weights come when they are asked for.

/**
 * @typedef {{digit: number, pooling: string, dx: number, dy: number, seen: number, drawn: string}} DigitState
 * @typedef {{setting: DigitState, networks: Record<string, [string, string]>, digits: number[][]}} DigitData
 * @typedef {{shape: number[], bits: number, scales: number[], biases: number[], levels: string}} HeldLayer
 * @typedef {{shape: number[], weight: Float64Array, biases: number[]}} DigitLayer
 * @typedef {{maps: Float64Array, side: number, sure: number[], answer: number}} DigitSeen
 */

const Digit = {
  side: 16,
  moves: 9,
  black: 16,
  tones: 8,
  most: 4, // pixels up or down
  scripts: document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href,

  /** By the name of the pooling, once they are there. @type {Record<string, DigitLayer[]> | null} */
  networks: null,

  /** @param {Record<string, HeldLayer[]>} held */
  take(held) {
    Digit.networks = Object.fromEntries(
      Object.entries(held).map(([name, layers]) => [name, layers.map((layer) => ({ ...layer, weight: Digit.unpacked(layer) }))]),
    );
  },

  /** Levels of so many bits each, the highest bit first, times the scale of their output. @param {HeldLayer} layer */
  unpacked({ shape, bits, scales, levels }) {
    const bytes = atob(levels);
    const number = shape.reduce((all, one) => all * one);
    return Float64Array.from({ length: number }, (_, i) => {
      let level = 0;
      for (let bit = bits * i; bit < bits * (i + 1); bit++)
        level = 2 * level + ((bytes.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1);
      return (level - 2 ** (bits - 1) + 1) * scales[Math.floor((i * shape[0]) / number)];
    });
  },

  /** A convolution of 3 × 3 on maps that wrap round, and a rectifier. @param {ArrayLike<number>} maps @param {number} side @param {DigitLayer} layer */
  convolved(maps, side, { shape: [outs, ins], weight, biases }) {
    const area = side * side;
    const out = new Float64Array(outs * area);
    for (let o = 0; o < outs; o++)
      for (let at = 0; at < area; at++) {
        let total = biases[o];
        for (let tap = 0; tap < 9; tap++) {
          const y = (Math.floor(at / side) + Math.floor(tap / 3) - 1 + side) % side;
          const x = ((at % side) + (tap % 3) - 1 + side) % side;
          for (let i = 0; i < ins; i++) total += weight[(o * ins + i) * 9 + tap] * maps[i * area + y * side + x];
        }
        out[o * area + at] = Math.max(0, total);
      }
    return out;
  },

  /** The max of 2 × 2, perhaps blurred, at every second row and column. @param {Float64Array} maps @param {number} side @param {string} name */
  pooled(maps, side, name) {
    if (name === "none") return maps;
    const weights = name === "max" ? [0, 1, 0] : [0.25, 0.5, 0.25];
    const half = side / 2;
    return Float64Array.from({ length: maps.length / 4 }, (_, i) => {
      const first = Math.floor(i / half ** 2) * side ** 2;
      const value = (/** @type {number} */ y, /** @type {number} */ x) => maps[first + (y % side) * side + (x % side)];
      let total = 0;
      for (const [j, down] of weights.entries())
        for (const [k, across] of weights.entries()) {
          const y = 2 * (Math.floor(i / half) % half) + j - 1 + side;
          const x = 2 * (i % half) + k - 1 + side;
          if (down * across) total += down * across * Math.max(value(y, x), value(y, x + 1), value(y + 1, x), value(y + 1, x + 1));
        }
      return total;
    });
  },

  /** What a network makes of a picture. @param {DigitLayer[]} layers @param {string} name @param {number[]} cells @returns {DigitSeen} */
  run(layers, name, cells) {
    let side = Digit.side;
    /** @type {Float64Array} */
    let maps = Float64Array.from(cells, (cell) => cell / Digit.black);
    for (const layer of layers.slice(0, -1)) {
      maps = Digit.pooled(Digit.convolved(maps, side, layer), side, name);
      if (name !== "none") side /= 2;
    }
    const { weight, biases } = layers[layers.length - 1];
    const scores = biases.map((bias, o) => maps.reduce((total, value, i) => total + value * weight[o * maps.length + i], bias));
    const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const all = powers.reduce((total, power) => total + power);
    return { maps, side, sure: powers.map((power) => power / all), answer: scores.indexOf(Math.max(...scores)) };
  },

  /** Cells, moved down and to the right, round. @param {number[]} cells @param {number} dy @param {number} dx */
  moved: (cells, dy, dx) => cells.map((_, cell) => cells[Digit.at(Math.floor(cell / 16) - dy, (cell % 16) - dx)]),

  /** @param {number} row @param {number} column */
  at: (row, column) => modulo(row, Digit.side) * Digit.side + modulo(column, Digit.side),

  /** A path for each tone above 0: its cells, row by row, in strokes of height 1. @param {{x: number, y: number, levels: number[]}[]} maps @param {number} side @param {number} most */
  toned(maps, side, most) {
    const paths = Array.from({ length: most + 1 }, () => "");
    for (const { x, y, levels } of maps)
      for (let cell = 0, end = 1; cell < levels.length; cell = end++) {
        while (end % side && levels[end] === levels[cell]) end++;
        paths[levels[cell]] += `M${x + (cell % side)} ${y + Math.floor(cell / side) + 0.5}h${end - cell}`;
      }
    return paths.map((path, level) => (level ? `<path opacity="${level / most}" d="${path}"></path>` : "")).join("");
  },

  /** @param {number} digit */
  article: (digit) => (digit === 8 ? "an" : "a"),

  /** @param {number} share */
  percent: (share) => Math.floor(100 * share + 0.5),
};

/** @extends {Lab<DigitData, DigitState>} */
class DigitLab extends Lab {
  constructor() {
    super();
    this.hand = "move";
    this.chosen = -1;
    this.first = this.said.textContent;
    /** @type {Promise<void> | null} */
    this.loading = null;
    /** @type {Map<string, DigitSeen>} */
    this.known = new Map();
    const options = (/** @type {string[]} */ names) => names.map((name) => /** @type {[string, string]} */ ([name, this.data.networks[name]?.[0] ?? name]));
    const anew = () => ({ drawn: "", seen: 1 << this.state.dx });
    this.digit = this.select("Digit", options(Object.keys(this.data.digits)), (digit) => this.set({ ...anew(), digit: Number(digit) }));
    this.pooling = this.select("Pooling", options(Object.keys(this.data.networks).slice(1)), (pooling) => this.set({ pooling }));
    this.doing = this.select("The hand", [["move", "moves"], ["draw", "draws"], ["erase", "erases"]], (hand) => this.take(hand));
    this.pad = [
      this.button("↑", "Move up", () => this.move(-1, 0)),
      this.button("←", "Move left", () => this.move(0, -1)),
      this.button("→", "Move right", () => this.move(0, 1)),
      this.button("↓", "Move down", () => this.move(1, 0)),
    ];
    this.find(".lab__pad").append(this.row("Move", ...this.pad, element("span", { textContent: "move the digit" })));
    const every = this.button("All moves", "All moves: the answers after each move to the right", () => this.set({ seen: 2 ** Digit.moves - 1 }));
    this.own = this.button("", "", () => {
      this.take("draw");
      this.set({ ...anew(), drawn: "0".repeat(Digit.side ** 2) });
      this.canvas.scrollIntoView({ block: "nearest" });
    });
    this.controls.append(
      this.row("Setting", this.digit.label, this.pooling.label, this.doing.label, this.own),
      this.row("More", every, ...this.sharing()),
    );
    this.listen();
    this.take(this.hand);
  }

  start() {
    return { ...this.data.setting };
  }

  encode() {
    const { digit, pooling, dx, dy, seen, drawn } = this.state;
    return [digit, pooling, dx, dy, seen, drawn.replace(/0{2,26}/g, ({ length }) => String.fromCharCode(64 + length)) || "-"];
  }

  /** @param {string[]} parts */
  decode([digit, pooling, dx, dy, seen, packed, ...more]) {
    const drawn = packed === "-" ? "" : packed?.replace(/[B-Z]/g, (run) => "0".repeat(run.charCodeAt(0) - 64));
    const state = {
      digit: wholeIn(digit, 0, 9),
      pooling,
      dx: wholeIn(dx, 0, Digit.moves - 1),
      dy: wholeIn(dy, -Digit.most, Digit.most),
      seen: wholeIn(seen, 1, 2 ** Digit.moves - 1),
      drawn,
    };
    const whole = [state.digit, state.dx, state.dy, state.seen].every(Number.isInteger);
    const known = pooling !== "none" && Object.hasOwn(this.data.networks, pooling);
    const fits = (state.seen >> state.dx) & 1 && /^([\da-g]{256})?$/.test(drawn ?? "-") && !more.length;
    return whole && known && packed && fits ? state : null;
  }

  told() {
    return super.told().replace(/^A/, "Networks trained on digits at one place are shown a");
  }

  /** How dark each cell is, before the move. */
  cells() {
    const { drawn, digit } = this.state;
    if (drawn) return [...drawn].map((sign) => parseInt(sign, Digit.black + 1));
    const cells = Array.from({ length: Digit.side ** 2 }, () => 0);
    this.data.digits[digit].forEach((value, i) => (cells[Digit.at(Math.floor(i / 8) + 4, i % 8)] = value));
    return cells;
  }

  /** What a network makes of the picture after a move to the right. @param {string} name @param {number} [dx] */
  seen(name, dx = this.state.dx) {
    const cells = Digit.moved(this.cells(), this.state.dy, dx);
    const key = `${name} ${cells}`;
    const found = this.known.get(key) ?? Digit.run(Digit.networks?.[name] ?? [], name, cells);
    if (this.known.size > 99) this.known.clear();
    this.known.set(key, found);
    return found;
  }

  /** Fetches the weights, if they are not here yet or on their way. */
  load() {
    if (Digit.networks) return Promise.resolve();
    this.said.textContent = "The networks are loading.";
    this.loading ??= new Promise((done, fail) => {
      const src = new URL("digit-weights.js", Digit.scripts).href;
      document.head.append(element("script", { src, onload: done, onerror: fail }));
    }).then(
      () => this.draw(),
      () => {
        this.loading = null;
        this.said.textContent = "The networks did not load. Any change tries again.";
      },
    );
    return this.loading;
  }

  // ---- What one sees ----

  /** Until something is asked for, the networks are as in the first frame. */
  draw() {
    this.paint();
    if (Digit.networks) this.answer();
    else if (this.loading || `${this.encode()}` !== `${Object.values(this.start())}-`) this.load();
    else this.said.textContent = this.first;
  }

  /** The picture and the controls. */
  paint() {
    const { digit, pooling, dx, dy } = this.state;
    const home = '<rect class="lab__home" x="0" y="4" width="8" height="8"></rect>';
    const levels = Digit.moved(this.cells(), dy, dx);
    const cursor = `<rect class="lab__cursor" x="${this.chosen % 16}" y="${Math.floor(this.chosen / 16)}" width="1" height="1"></rect>`;
    this.canvas.innerHTML = Digit.toned([{ x: 0, y: 0, levels }], Digit.side, Digit.black) + home + (this.chosen < 0 ? "" : cursor);
    this.canvas.ariaLabel = `${this.what()}, on a canvas of 16 × 16. ${this.help}`;
    this.digit.made.value = `${digit}`;
    this.pooling.made.value = pooling;
    this.own.textContent = `Draw ${Digit.article(digit)} ${digit}`;
    this.own.ariaLabel = `${this.own.textContent}: an empty canvas, and the hand draws`;
    const ends = [dy <= -Digit.most, dx <= 0, dx >= Digit.moves - 1, dy >= Digit.most];
    this.pad.forEach((button, i) => (button.ariaDisabled = `${ends[i]}`));
  }

  /** What the networks make of it. */
  answer() {
    const { digit, dx, seen, pooling } = this.state;
    const names = ["none", pooling];
    this.querySelectorAll(".lab__maps").forEach((figure, i) => (figure.innerHTML = this.figure(names[i])));
    const moves = Array.from({ length: Digit.moves }, (_, dx) => dx);
    const head = moves.map((move) => `<th scope="col"${move === dx ? ' class="w"' : ""}>${move}</th>`);
    const rows = names.map((name) => {
      const teeth = moves.map((move) => {
        if (!((seen >> move) & 1)) return "<td></td>";
        const { answer, sure } = this.seen(name, move);
        const signs = [answer !== digit && "x", move === dx && "w"].filter(Boolean).join(" ");
        return `<td${signs && ` class="${signs}"`}><i style="height:${Digit.percent(sure[digit])}%"></i><b>${answer}</b></td>`;
      });
      return `<tr><th scope="row">${this.data.networks[name][0]}</th>${teeth.join("")}</tr>`;
    });
    this.find(".lab__comb tbody").innerHTML = `<tr><th scope="row">move</th>${head.join("")}</tr>${rows.join("")}`;
    const answers = names.map((name) => {
      const { answer, sure } = this.seen(name);
      return `${answer} ${this.data.networks[name][1]} (${Digit.percent(sure[answer])} % sure)`;
    });
    this.said.textContent = `${this.what()}: the answer is ${answers.join(", ")}.`;
  }

  /** The last maps of a network, four in a row. @param {string} name */
  figure(name) {
    const { maps, side } = this.seen(name);
    const step = side + side / 8;
    const top = Math.max(...maps) || 1;
    const number = maps.length / side ** 2;
    const places = Array.from({ length: number }, (_, m) => ({
      x: step * (m % 4),
      y: step * Math.floor(m / 4),
      levels: Array.from(maps.slice(m * side ** 2, (m + 1) * side ** 2), (value) => Math.floor((Digit.tones * value) / top + 0.5)),
    }));
    const edges = places.map(({ x, y }) => `M${x} ${y}h${side}v${side}h-${side}z`).join("");
    const whole = 4 * step - side / 8;
    const [called, how] = this.data.networks[name];
    return (
      `<figcaption>${called}: ${number} maps of ${side} × ${side}</figcaption>` +
      `<svg viewBox="0 0 ${whole} ${whole}" role="img" aria-label="The last ${number} maps of the network ${how}: strong colour is a large value">` +
      `<path class="lab__edges" d="${edges}"></path>${Digit.toned(places, side, Digit.tones)}</svg>`
    );
  }

  what() {
    const { digit, dx, dy, drawn } = this.state;
    const ways = [dx && `${dx} to the right`, dy && `${Math.abs(dy)} ${dy > 0 ? "down" : "up"}`].filter(Boolean);
    const where = ways.length ? `moved ${ways.join(" and ")}` : "where digits lay in training";
    return `${drawn ? "A drawn" : Digit.article(digit).replace("a", "A")} ${digit}, ${where}`;
  }

  // ---- Hands ----

  get canvas() {
    const found = this.querySelector(".lab__canvas");
    if (!(found instanceof SVGElement)) throw new Error("digit-lab: no canvas");
    return found;
  }

  get help() {
    return this.hand === "move" ? "Arrows move the digit." : `Arrows choose a cell, Space ${this.hand}s there.`;
  }

  /** What the pointer and the keys do on the canvas from now on. @param {string} hand */
  take(hand) {
    this.hand = this.doing.made.value = hand;
    this.chosen = -1;
    this.canvas.dataset.hand = hand;
    this.paint();
  }

  /** @param {number} dy @param {number} dx */
  move(dy, dx) {
    const right = Math.min(Math.max(this.state.dx + dx, 0), Digit.moves - 1);
    const down = Math.min(Math.max(this.state.dy + dy, -Digit.most), Digit.most);
    const before = down === this.state.dy ? this.state.seen : 0;
    this.set({ dx: right, dy: down, seen: before | (1 << right) });
  }

  /** Draws or erases at a cell of the canvas: a pen is a little wider than a cell. @param {number} cell */
  ink(cell) {
    const { dx, dy } = this.state;
    const [row, column] = [Math.floor(cell / 16) - dy, (cell % 16) - dx];
    const cells = this.cells();
    const at = Digit.at(row, column);
    if (this.hand === "erase") cells[at] = 0;
    else {
      cells[at] = Digit.black;
      for (const [y, x] of [[-1, 0], [0, -1], [0, 1], [1, 0]]) {
        const beside = Digit.at(row + y, column + x);
        cells[beside] = Math.max(cells[beside], 6);
      }
    }
    this.set({ drawn: cells.map((value) => value.toString(17)).join(""), seen: 1 << dx });
  }

  listen() {
    const { canvas } = this;
    canvas.setAttribute("tabindex", "0");
    canvas.setAttribute("role", "application");
    canvas.addEventListener("keydown", (event) => this.keyed(event));
    /** The place where the pointer was, in cells. @type {{x: number, y: number} | null} */
    let from = null;
    const place = (/** @type {PointerEvent} */ event) => {
      const { left, top, width } = canvas.getBoundingClientRect();
      return { x: ((event.clientX - left) * 16) / width, y: ((event.clientY - top) * 16) / width };
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      from = place(event);
      canvas.setPointerCapture(event.pointerId);
      if (this.hand !== "move") this.stroke(from, from);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = place(event);
      if (this.hand !== "move") {
        this.stroke(from, to);
        from = to;
        return;
      }
      const [dx, dy] = [Math.trunc(to.x - from.x), Math.trunc(to.y - from.y)];
      if (!dx && !dy) return;
      from = { x: from.x + dx, y: from.y + dy };
      this.move(dy, dx);
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) canvas.addEventListener(end, () => (from = null));
  }

  /** Inks all cells on the way. @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
  stroke(from, to) {
    const steps = Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))) || 1;
    let last = -1;
    for (let step = 0; step <= steps; step++) {
      const [x, y] = [from.x + ((to.x - from.x) * step) / steps, from.y + ((to.y - from.y) * step) / steps].map(Math.floor);
      const cell = y * 16 + x;
      if (Math.min(x, y) >= 0 && Math.max(x, y) < 16 && cell !== last) this.ink((last = cell));
    }
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [dy, dx] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const cell = Math.max(0, this.chosen);
    if (dy || dx) {
      if (this.hand === "move") this.move(dy, dx);
      else this.chosen = this.chosen < 0 ? this.middle() : Digit.at(Math.floor(cell / 16) + dy, (cell % 16) + dx);
      this.paint();
    } else if (event.key === " " && this.chosen >= 0) this.ink(cell);
    else return;
    event.preventDefault();
  }

  /** The cell in the middle of where the digit lies. */
  middle() {
    return Digit.at(8 + this.state.dy, 4 + this.state.dx);
  }
}

customElements.define("digit-lab", DigitLab);
