// What must hold of a picture that is a file of its own.

import assert from "node:assert/strict";

import { misplaced, open } from "./browser.mjs";

export function checks(browser, file) {
  const found = {};
  for (const colorScheme of ["light", "dark"]) {
    found[`${colorScheme}: labels do not overlap, and the ground is ${colorScheme}`] = async () => {
      const { page, done } = await open(browser, file, { colorScheme });
      assert.deepEqual(await misplaced(page), []);
      const ground = await page.evaluate(() => getComputedStyle(document.querySelector(".nlb-ground")).fill);
      const light = ground.match(/\d+/g).map(Number).every((part) => part > 200);
      assert.equal(light, colorScheme === "light", ground);
      const [role, title] = await page.evaluate(() => {
        const picture = document.documentElement;
        return [picture.getAttribute("role"), document.getElementById(picture.getAttribute("aria-labelledby")).textContent];
      });
      assert.equal(role, "img");
      assert.ok(title.length > 10);
      assert.deepEqual(await done(), []);
    };
  }
  return found;
}
