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

// The theme switch takes Enter and the arrows; readers try Space first.
document.querySelector("[data-md-component=palette]")?.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  const schemes = [...event.currentTarget.querySelectorAll("input")];
  const next = schemes[(schemes.indexOf(event.target) + 1) % schemes.length];
  next.focus();
  next.click();
});
