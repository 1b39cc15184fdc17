// What the labs share: data, buttons, the sentence below, and a state in the address.

/**
 * A lab: it finds its first frame and its data in the page, and adds its controls.
 * @template {object} Data
 * @template {object} State
 */
class Lab extends HTMLElement {
  constructor() {
    super();
    /** @type {Data} */
    this.data = JSON.parse(this.find("script").textContent ?? "");
    this.said = this.find(".lab__said");
    this.said.setAttribute("aria-live", "polite");
    this.controls = this.find(".lab__controls");
    /** @type {State} */
    this.state = this.start();
  }

  /** Goes on from the address, or says that it means nothing here. */
  connectedCallback() {
    const asked = new URLSearchParams(location.search).get("lab")?.split(".");
    if (!asked) return;
    const found = asked[0] === "1" && asked[1] === this.kind ? this.decode(asked.slice(2)) : null;
    if (found) return this.show(found);
    this.reset();
    this.said.prepend(ANEW);
  }

  /** The state that the page begins with. @returns {State} */
  start() {
    throw new Error("a lab says how it starts");
  }
  /** The part of its address that names it. */
  get kind() {
    return this.localName.replace("-lab", "");
  }
  /** Draws the state. */
  draw() {}
  /** The state as parts of an address, without dots. @returns {(string | number)[]} */
  encode() {
    return [];
  }
  /** The state that such parts mean, or null if they mean none. @param {string[]} _parts @returns {Partial<State> | null} */
  decode(_parts) {
    return null;
  }

  /** @param {Partial<State>} change */
  show(change) {
    Object.assign(this.state, change);
    this.draw();
  }

  /** Shows a change, and keeps it in the address. What no address can mean is refused. @param {Partial<State>} change */
  set(change) {
    const before = { ...this.state };
    Object.assign(this.state, change);
    if (!this.decode(this.encode().join(".").split("."))) Object.assign(this.state, before);
    this.draw();
    rename(this.address());
  }

  address() {
    const url = new URL(location.href);
    url.searchParams.set("lab", ["1", this.kind, ...this.encode()].join("."));
    url.hash = this.id;
    return url.href;
  }

  reset() {
    const url = new URL(location.href);
    url.searchParams.delete("lab");
    this.show(this.start());
    rename(url.href);
  }

  /** What is seen, for somebody who does not see it. @returns {string} */
  told() {
    return (this.said.textContent ?? "").replace(ANEW, "");
  }

  /** A link to this setting where the site is published. */
  place() {
    const published = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? location.href;
    return Object.assign(new URL(published), { search: new URL(this.address()).search, hash: this.id }).href;
  }

  /** For sharing: a link, a sentence that cites, and the way back. */
  sharing() {
    return [
      this.copying("Copy link", "Copy link to this setting", () => this.address()),
      this.copying("Cite", "Cite this setting: copy what it shows, with a link", () => `${this.told()} ${this.place()}`),
      this.button("Reset", "Reset: back to the first picture", () => this.reset()),
    ];
  }

  /** A button that copies a text, and says so. @param {string} textContent @param {string} ariaLabel @param {() => string} text */
  copying(textContent, ariaLabel, text) {
    const made = this.button(textContent, ariaLabel, async () => {
      try {
        await navigator.clipboard.writeText(text());
        made.textContent = made.ariaLabel = "Copied";
      } catch {
        prompt(`${ariaLabel}:`, text());
      }
      setTimeout(() => Object.assign(made, { textContent, ariaLabel }), 3000);
    });
    made.setAttribute("aria-live", "polite");
    return made;
  }

  /** @param {string} query @returns {HTMLElement} */
  find(query) {
    const found = this.querySelector(query);
    if (!(found instanceof HTMLElement)) throw new Error(`${this.localName}: no ${query}`);
    return found;
  }

  /** @param {string} text @param {string} name @param {() => void} action */
  button(text, name, action) {
    const made = element("button", { type: "button", textContent: text, ariaLabel: name });
    made.addEventListener("click", action);
    return made;
  }

  /** A list to choose from. @param {string} name @param {[string, string][]} options @param {(value: string) => void} action */
  select(name, options, action) {
    const made = element("select", {});
    made.append(...options.map(([value, textContent]) => element("option", { value, textContent })));
    made.addEventListener("change", () => action(made.value));
    const label = element("label", { textContent: `${name} ` });
    label.append(made);
    return { label, made };
  }

  /** A row of controls, with a name. @param {string} name @param {Node[]} items */
  row(name, ...items) {
    const made = element("div", { className: `lab__row lab__${name.replace(" ", "-")}` });
    made.setAttribute("role", "group");
    made.ariaLabel = name;
    made.append(...items);
    return made;
  }
}

const ANEW = "This link does not fit this lab; it starts anew. ";

/** Gives the page another address, if it may: one opened as a file may not everywhere. @param {string} address */
const rename = (address) => {
  try {
    history.replaceState(null, "", address);
  } catch {
    return;
  }
};

/**
 * An element with these properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Partial<HTMLElementTagNameMap[Tag]>} properties @returns {HTMLElementTagNameMap[Tag]}
 */
const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

/** A whole number of a text, in [low, high]; else NaN. @param {string | undefined} text @param {number} low @param {number} high */
const wholeIn = (text, low, high) => {
  const number = /^-?\d+$/.test(text ?? "") ? Number(text) : NaN;
  return number >= low && number <= high ? number : NaN;
};

/** Options of a list that cannot be chosen now. @param {HTMLSelectElement} list @param {(value: number) => boolean} out */
const withhold = (list, out) => {
  for (const option of list.options) option.hidden = option.disabled = out(Number(option.value));
};

/** The rest of a division that is never negative. @param {number} a @param {number} b */
const modulo = (a, b) => ((a % b) + b) % b;

/** @param {number} number @param {string} one */
const counted = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
