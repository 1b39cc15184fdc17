// Two networks with a switch at each pooling. The package has counted every setting; this looks it up.

/**
 * @typedef {{network: string, on: string}} CostState
 * @typedef {{label: string, poolings: string[], blocks: string[], anew: string,
 *   settings: Record<string, {blocks: number[], field: number}>}} CountedNetwork
 * @typedef {{networks: Record<string, CountedNetwork>}} CostData
 */

/** @extends {Lab<CostData, CostState>} */
class CostLab extends Lab {
  constructor() {
    super();
    const names = Object.entries(this.data.networks).map(([key, { label }]) => /** @type {[string, string]} */ ([key, label]));
    this.network = this.select("Network", names, (network) =>
      this.set({ network, on: "1".repeat(this.data.networks[network].poolings.length) }),
    );
    this.switches = this.row("Poolings");
    this.controls.append(this.row("Network", this.network.label), this.switches, this.row("More", ...this.sharing()));
    this.offered = "";
    this.offer();
  }

  start() {
    const [network, { poolings }] = Object.entries(this.data.networks)[0];
    return { network, on: "1".repeat(poolings.length) };
  }

  encode() {
    return [this.state.network, this.state.on];
  }

  /** @param {string[]} parts */
  decode([network, on]) {
    const { networks } = this.data;
    return Object.hasOwn(networks, network) && Object.hasOwn(networks[network].settings, on) ? { network, on } : null;
  }

  get counted() {
    return this.data.networks[this.state.network];
  }

  /** A switch for each pooling of the network. */
  offer() {
    this.offered = this.state.network;
    this.switches.replaceChildren(
      ...this.counted.poolings.map((name, i) => {
        const box = element("input", { type: "checkbox", checked: this.state.on[i] === "1" });
        box.addEventListener("change", () => {
          const on = [...this.state.on];
          on[i] = box.checked ? "1" : "0";
          this.set({ on: on.join("") });
        });
        const label = element("label", { className: "lab__switch" });
        label.append(box, ` ${name}`);
        return label;
      }),
    );
  }

  draw() {
    const { label, poolings, blocks, settings, anew } = this.counted;
    const { on, network } = this.state;
    const designed = "1".repeat(poolings.length);
    const found = settings[on];
    const longest = Math.max(...found.blocks);
    this.find(".lab__bars tbody").innerHTML = blocks
      .map((name, i) => {
        const width = ((100 * found.blocks[i]) / longest).toFixed(1);
        return `<tr><th scope="row">${name}</th><td><div class="lab__bar" style="width:${width}%"></div></td><td>${billions(found.blocks[i])}</td></tr>`;
      })
      .join("");
    const total = sum(found.blocks);
    const times = total / sum(settings[designed].blocks);
    const out = poolings.filter((_, i) => on[i] === "0");
    const what = out.length ? `without ${listed(out)}` : "as designed";
    const more = out.length ? `, ${times.toPrecision(2 + Number(times >= 10))} times as many${anew}` : "";
    this.said.textContent = `${label} ${what}: ${billions(total)} billion multiplications for a picture${more}; a value of the last map sees ${found.field} × ${found.field} pixels.`;
    this.network.made.value = network;
    const boxes = this.switches.querySelectorAll("input");
    if (this.offered !== network) this.offer();
    else boxes.forEach((box, i) => (box.checked = on[i] === "1"));
  }
}

/** Names in a sentence. @param {string[]} names */
const listed = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

/** @param {number} macs */
const billions = (macs) => (macs / 1e9).toFixed(1);

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

customElements.define("cost-lab", CostLab);
