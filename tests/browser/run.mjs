// Tries reviews and pictures in Chromium.
//
// Usage: node run.mjs CHROMIUM PAGE…, each a review (.html) or a picture (.svg)

import { resolve } from "node:path";

import { launch } from "./browser.mjs";
import { checks as ofPicture } from "./picture.mjs";
import { checks as ofReview } from "./review.mjs";

const [chromium, ...files] = process.argv.slice(2);
const browser = await launch(chromium);
let failed = 0;
let passed = 0;
for (const file of files) {
  const checks = file.endsWith(".svg") ? ofPicture : ofReview;
  for (const [name, check] of Object.entries(checks(browser, resolve(file)))) {
    try {
      await check();
      passed += 1;
    } catch (error) {
      failed += 1;
      console.error(`failed: ${file}: ${name}\n${error.message}\n`);
    }
  }
}
await browser.close();
console.log(`${passed} held, ${failed} failed, in ${browser.version()}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
