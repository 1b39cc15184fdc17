// What CSS cannot do. Pages work without it.

// The keyboard reaches what scrolls sideways, while it does.
const scrolling = ".plot__canvas, .formula, .md-typeset__scrollwrap, pre, pre > code";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const watchSizes = () => document.querySelectorAll(scrolling).forEach((box) => sizes.observe(box));

// The theme makes a landmark of each code block's copy button, once it is in view: they need names.
const nameLandmarks = () =>
  document.querySelectorAll("nav.md-code__nav").forEach((nav, i) => (nav.ariaLabel = `Code ${i + 1}`));

watchSizes();
new MutationObserver(() => {
  watchSizes();
  nameLandmarks();
}).observe(document.querySelector("article"), { childList: true, subtree: true });

// A text to paste is copied by a button, which says so to everybody. Without one it can be selected.
const copied = async (button, status, text) => {
  try {
    await navigator.clipboard.writeText(text.textContent);
    status.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    status.textContent = "Selected: press Ctrl+C";
  }
  button.dataset.done = status.textContent;
  setTimeout(() => {
    status.textContent = "";
    delete button.dataset.done;
  }, 4000);
};
document.querySelectorAll(".copy__text").forEach((text) => {
  const bar = document.createElement("p");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
  button.className = "copy__button";
  button.ariaLabel = `Copy: ${text.dataset.copy}`;
  const status = Object.assign(document.createElement("span"), { className: "copy__status" });
  status.setAttribute("role", "status");
  button.addEventListener("click", () => copied(button, status, text.querySelector("code")));
  bar.className = "copy__bar";
  bar.append(button, status);
  text.before(bar);
});

// Beside a claim and a figure stands what one takes along; each text has a button.
const offered = {
  copySentence: "Copy sentence and link",
  copyAddress: "Copy image address",
  copyCredit: "Copy credit line",
};
document.querySelectorAll(".claim__foot, .plot__foot").forEach((foot) => {
  const status = Object.assign(document.createElement("span"), { className: "copy__status" });
  status.setAttribute("role", "status");
  const take = async (label, text) => {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = "unpublished" in foot.dataset ? "Copied; its link leads nowhere yet" : "Copied";
    } catch {
      prompt(label, text);
    }
    setTimeout(() => (status.textContent = ""), 4000);
  };
  const buttons = Object.entries(offered).flatMap(([name, label]) => {
    const text = foot.dataset[name];
    if (!text) return [];
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.className = "foot__button";
    button.ariaLabel = `${label}: ${foot.dataset.of}`;
    button.addEventListener("click", () => take(label, text));
    return [button];
  });
  foot.prepend(...buttons);
  foot.append(status);
});

// The theme switch takes Enter and the arrows; readers try Space first.
document.querySelector("[data-md-component=palette]")?.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  const schemes = [...event.currentTarget.querySelectorAll("input")];
  const next = schemes[(schemes.indexOf(event.target) + 1) % schemes.length];
  next.focus();
  next.click();
});

// A term says what it means where it stands: to the pointer, the focus, a first touch. Screen readers
// are told by the term's own description.
const note = Object.assign(document.createElement("div"), { className: "meaning", hidden: true, ariaHidden: "true" });
let told, leaving, touched;
const hide = () => {
  clearTimeout(leaving);
  note.hidden = true;
  told = undefined;
};
const stay = () => clearTimeout(leaving);
// In a moment: the pointer may be on its way to the note.
const leave = () => {
  stay();
  leaving = setTimeout(hide, 250);
};
const tell = (term) => {
  stay();
  if (told === term) return;
  told = term;
  note.textContent = document.getElementById(term.getAttribute("aria-describedby")).textContent;
  note.hidden = false;
  // Below the term, or above it where there is no room; within the page's sides.
  const lines = [...term.getClientRects()];
  const { left, bottom } = lines.at(-1);
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, offsetHeight: height } = note;
  const top = bottom + height + 8 < clientHeight ? bottom + 4 : lines[0].top - height - 4;
  note.style.left = `${scrollX + Math.max(8, Math.min(left, clientWidth - width - 8))}px`;
  note.style.top = `${scrollY + top}px`;
};
const terms = document.querySelectorAll("a[aria-describedby^=meaning-]");
terms.forEach((term) => {
  term.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && tell(term));
  term.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch" && told !== term));
  term.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && leave());
  term.addEventListener("focus", () => term.matches(":focus-visible") && tell(term));
  term.addEventListener("blur", leave);
  term.addEventListener("click", (event) => {
    if (touched) event.preventDefault(), tell(term);
    touched = false;
  });
});
if (terms.length) {
  note.addEventListener("pointerenter", stay);
  note.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", ({ target }) => told && !told.contains(target) && target !== note && hide());
  document.body.append(note);
}

// The reference was one page: its index has the old addresses, and knows where each has gone.
const moved = location.hash && document.querySelector(`.names > a[id="${CSS.escape(location.hash.slice(1))}"]`);
if (moved) location.replace(moved.href);

// The claims that have some words in them as they are typed, a verdict for instance; else all of them.
const lists = document.querySelectorAll("ul.claims");
const rows = [...document.querySelectorAll("ul.claims > li")];
const sift = (words) => {
  const typed = words.trim().toLowerCase();
  const has = (row, part) => row.textContent.toLowerCase().includes(part);
  const wanted = rows.some((row) => has(row, typed)) ? [typed] : typed.split(/\s+/);
  rows.forEach((row) => (row.hidden = !wanted.every((part) => has(row, part))));
  lists.forEach((list) => (list.hidden = list.previousElementSibling.hidden = !list.querySelector("li:not([hidden])")));
  return `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims`;
};
if (document.querySelector(".legend") && lists.length) {
  const bar = Object.assign(document.createElement("div"), { className: "sieve" });
  const words = Object.assign(document.createElement("input"), { type: "search", className: "sieve__words" });
  words.ariaLabel = words.placeholder = "Claims with these words";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  words.addEventListener("input", () => (status.textContent = sift(words.value)));
  bar.append(words, status);
  lists[0].previousElementSibling.before(bar);
}
