// Four questions that lead to a row of the table; and the table, sorted by any of its columns.

/**
 * @typedef {{place: boolean, known: boolean, seen: number, cheap: boolean}} ChooseState
 * @typedef {{place: boolean, known: boolean | null, seen: number | null, cheap: boolean | null,
 *   cells: string, said: string, row: string}} ChooseLine
 * @typedef {{setting: ChooseState, seen: Record<string, string>, lines: ChooseLine[],
 *   numbers: Record<string, string>}} ChooseData
 */

/** @extends {Lab<ChooseData, ChooseState>} */
class ChooseLab extends Lab {
  constructor() {
    super();
    /** @type {[string, string][]} */
    const yes = [["0", "no"], ["1", "yes"]];
    this.lists = {
      place: this.select("Is the place the answer?", yes, (value) => this.set({ place: value === "1" })),
      known: this.select("Do you know where it is?", yes, (value) => this.set({ known: value === "1" })),
      seen: this.select("How many units see it?", Object.entries(this.data.seen), (value) => this.set({ seen: Number(value) })),
      cheap: this.select("Does every multiplication count?", yes, (value) => this.set({ cheap: value === "1" })),
    };
    this.controls.append(this.row("Questions", ...Object.values(this.lists).map(({ label }) => label)));
    this.find(".lab__controls:not(.lab__above)").append(this.row("More", ...this.sharing()));
    this.sync();
  }

  start() {
    return { ...this.data.setting };
  }

  encode() {
    const { place, known, seen, cheap } = this.state;
    return [Number(place), Number(known), seen, Number(cheap)];
  }

  /** @param {string[]} parts */
  decode([place, known, seen, cheap, ...more]) {
    const bits = [place, known, cheap].map((part) => wholeIn(part, 0, 1));
    if (more.length || bits.some(Number.isNaN) || !Object.hasOwn(this.data.seen, seen ?? "")) return null;
    return { place: bits[0] === 1, known: bits[1] === 1, seen: Number(seen), cheap: bits[2] === 1 };
  }

  /** @param {ChooseLine} line */
  fits({ place, known, seen, cheap }) {
    const { state } = this;
    const same = (/** @type {boolean | number | null} */ asked, /** @type {boolean | number} */ given) => asked === null || asked === given;
    return same(place, state.place) && same(known, state.known) && same(seen, state.seen) && same(cheap, state.cheap);
  }

  draw() {
    const { lines, numbers } = this.data;
    const at = lines.findIndex((line) => this.fits(line));
    this.said.textContent = lines[at].said;
    this.find(".lab__numbers tbody").innerHTML = numbers[lines[at].row];
    this.find(".lab__lines tbody").innerHTML = lines
      .map(({ cells }, i) => `<tr class="${i === at ? "on" : "off"}">${cells}</tr>`)
      .join("");
    this.sync();
  }

  /** Sets the lists to the state; what does not matter cannot be chosen. */
  sync() {
    const { place, known, seen, cheap } = this.state;
    this.lists.place.made.value = `${Number(place)}`;
    this.lists.known.made.value = `${Number(known)}`;
    this.lists.seen.made.value = `${seen}`;
    this.lists.cheap.made.value = `${Number(cheap)}`;
    this.lists.known.made.disabled = this.lists.seen.made.disabled = place;
  }
}

customElements.define("choose-lab", ChooseLab);

/** The tables of the page's large table: a press on a heading's button sorts the rows by its column. */
class WholeTable extends HTMLElement {
  constructor() {
    super();
    for (const table of this.querySelectorAll("table")) {
      const rows = [...table.tBodies[0].rows];
      table.querySelectorAll("thead th").forEach((head, column) => {
        const button = element("button", { type: "button", textContent: "↕", ariaLabel: `Sort by ${head.textContent}` });
        button.addEventListener("click", () => this.sort(table, rows, head, column));
        head.append(" ", button);
      });
    }
  }

  /** Falling first, then rising, then as it was; what is empty comes last. @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows @param {Element} head @param {number} column */
  sort(table, rows, head, column) {
    const next = { descending: "ascending", ascending: "none" }[head.ariaSort ?? ""] ?? "descending";
    for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
    if (next !== "none") head.ariaSort = next;
    const sign = next === "ascending" ? 1 : -1;
    const value = (/** @type {HTMLTableRowElement} */ row) => row.cells[column].dataset.v;
    const text = (/** @type {HTMLTableRowElement} */ row) => row.cells[column].textContent ?? "";
    const sorted = [...rows];
    if (next !== "none")
      sorted.sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x !== undefined && y !== undefined) return sign * (Number(x) - Number(y));
        if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1;
        return -sign * text(a).localeCompare(text(b), "en");
      });
    table.tBodies[0].append(...sorted);
  }
}

customElements.define("whole-table", WholeTable);
