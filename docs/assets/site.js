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

// The theme switch takes Enter and the arrows; readers try Space first.
document.querySelector("[data-md-component=palette]")?.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  const schemes = [...event.currentTarget.querySelectorAll("input")];
  const next = schemes[(schemes.indexOf(event.target) + 1) % schemes.length];
  next.focus();
  next.click();
});
