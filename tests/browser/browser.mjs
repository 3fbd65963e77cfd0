// A browser with a page that says what went wrong on it: messages on the console, errors, and what it asked the network for.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the system's Chromium; its sandbox does not work for root. */
export function launch(executablePath) {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

/** Opens a file; `done` says what went wrong and closes it. */
export async function open(browser, file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => wrong.push(`console, ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address) wrong.push(`asks for ${request.url()}`);
  });
  await page.goto(address);
  const done = async () => {
    await context.close();
    return wrong;
  };
  return { page, done };
}

/** What axe finds wrong on a page, a line each. */
export async function inaccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const lines = ({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary}`);
  return violations.flatMap(lines);
}

/** Labels of pictures that overlap or stick out of the picture, in the fonts of this machine. */
export function misplaced(page) {
  return page.evaluate(() => {
    const wrong = [];
    for (const picture of document.querySelectorAll("svg.nlb-picture")) {
      const whole = picture.getBoundingClientRect();
      const labels = [...picture.querySelectorAll("text")].map((label) => [label.textContent, label.getBoundingClientRect()]);
      labels.forEach(([text, one], at) => {
        if (one.left < whole.left || one.right > whole.right || one.top < whole.top || one.bottom > whole.bottom) wrong.push(`${text} sticks out`);
        for (const [other, two] of labels.slice(at + 1)) {
          // Boxes of text are higher than the letters are.
          const apart = one.right <= two.left || two.right <= one.left || one.bottom - 3 <= two.top || two.bottom - 3 <= one.top;
          if (!apart) wrong.push(`${text} overlaps ${other}`);
        }
      });
      for (const box of picture.querySelectorAll("a, g")) {
        const frames = [...box.children].filter((part) => part.matches(".nlb-box"));
        if (frames.length === 0) continue;
        const frame = frames.at(-1).getBoundingClientRect();
        for (const label of box.querySelectorAll("text")) {
          const area = label.getBoundingClientRect();
          if (area.left < frame.left || area.right > frame.right) wrong.push(`${label.textContent} sticks out of its box`);
        }
      }
    }
    return wrong;
  });
}
