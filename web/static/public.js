// Visitors' pages: copy the page's own address, say at once that files are too large. Everything else
// works without JavaScript.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
  });
}

// What is too large to be sent would end on an error page, and the text with it.
for (const field of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const said = document.getElementById(`${field.id}-large`);
  field.addEventListener("change", () => {
    const total = [...field.files].reduce((sum, file) => sum + file.size, 0);
    const tooLarge = total > Number(field.dataset.mostBytes);
    if (tooLarge) field.value = "";
    said.textContent = tooLarge ? field.dataset.tooMany : "";
    said.hidden = !tooLarge;
  });
}
