// What must hold on the page of a review, in a real browser.

import assert from "node:assert/strict";

import { inaccessible, misplaced, open } from "./browser.mjs";

const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
/** The width of A4 between the page's margins, in pixels of CSS. */
const PAPER = { viewport: { width: 688, height: 970 } };

const LOOKS = {
  light: { ...DESK, colorScheme: "light" },
  dark: { ...DESK, colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
  "dark phone": { ...PHONE, colorScheme: "dark" },
};

const visible = (page, selector) => page.locator(selector).filter({ visible: true });

/** Checks of the page at `file`, by name. `has` says what the review that it shows has. */
export function checks(browser, file) {
  const on = async (options, look) => {
    const { page, done } = await open(browser, file, options);
    const kept = await look(page);
    assert.deepEqual(await done(), []);
    return kept;
  };
  const found = {};
  for (const [name, options] of Object.entries(LOOKS)) {
    found[`${name}: nothing for axe to find, all open and all closed`] = () =>
      on(options, async (page) => {
        assert.deepEqual(await inaccessible(page), []);
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
        assert.deepEqual(await inaccessible(page), []);
        assert.deepEqual(await misplaced(page), []);
      });
    found[`${name}: the page does not scroll sideways`] = () =>
      on(options, async (page) => {
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide <= room, `${wide} > ${room}`);
      });
  }
  found["headings are in order, and every address in the page leads somewhere"] = () =>
    on(DESK, async (page) => {
      const levels = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((one) => Number(one.tagName[1])));
      assert.equal(levels[0], 1);
      levels.slice(1).forEach((level, at) => assert.ok(level > 1 && level <= levels[at] + 1, levels.join(" ")));
      const lost = await page.evaluate(() => {
        const links = [...document.querySelectorAll('a[href^="#"], use[href^="#"], [for], [aria-labelledby], [aria-describedby]')];
        const names = (link) => ["href", "for", "aria-labelledby", "aria-describedby"].map((name) => link.getAttribute(name)).filter(Boolean);
        return links.flatMap(names).map((name) => name.replace(/^#/, "")).filter((name) => !document.getElementById(name));
      });
      assert.deepEqual(lost, []);
      const twice = await page.evaluate(() => {
        const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        return ids.filter((id, at) => ids.indexOf(id) !== at);
      });
      assert.deepEqual(twice, []);
    });
  found["the first key leads past the contents"] = () =>
    on(DESK, async (page) => {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the review");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    });
  found["filters show what they say, and say how many"] = () =>
    on(DESK, async (page) => {
      const counts = await page.evaluate(() => {
        const counts = { fail: 0, check: 0, pass: 0, "not-applicable": 0 };
        document.querySelectorAll(".item").forEach((item) => { counts[item.dataset.verdict] += 1; });
        return counts;
      });
      const all = Object.values(counts).reduce((sum, count) => sum + count);
      const said = async (count) => assert.equal(await page.locator("#shown").textContent(), `${count} of ${all} items shown`);
      assert.ok(counts.fail > 0 && counts.check > 0 && counts["not-applicable"] > 0, JSON.stringify(counts));
      await said(all - counts["not-applicable"]);
      for (const verdict of Object.keys(counts)) {
        const box = page.locator(`.filters input[value="${verdict}"]`);
        await box.setChecked(false);
        assert.equal(await visible(page, `.item[data-verdict="${verdict}"]`).count(), 0);
      }
      await said(0);
      assert.equal(await visible(page, ".question, .part").count(), 0);
      await page.locator('.filters input[value="fail"]').setChecked(true);
      await said(counts.fail);
      assert.equal(await visible(page, ".item").count(), counts.fail);
      for (const verdict of Object.keys(counts)) await page.locator(`.filters input[value="${verdict}"]`).setChecked(true);
      const subjects = await page.evaluate(() => [...document.querySelectorAll("#about option")].map((option) => option.value).filter(Boolean));
      assert.ok(subjects.length > 1);
      let about = 0;
      for (const subject of subjects) {
        await page.locator("#about").selectOption(subject);
        const [kind, ...name] = subject.split(" ");
        const wrong = await page.evaluate(([kind, name]) => {
          const passed = (document.querySelector("#about").selectedOptions[0].dataset.switches || "").split("\n");
          const concerns = (item) => item.dataset[kind] === name || kind === "cluster" && item.dataset.cluster === "" && passed.includes(item.dataset.switch);
          return [...document.querySelectorAll(".item:not([hidden])")].filter((item) => !concerns(item)).length;
        }, [kind, name.join(" ")]);
        assert.equal(wrong, 0, subject);
        about += await visible(page, ".item").count();
      }
      assert.ok(about > 0);
    });
  found["parts open and close with the mouse, with keys, and all at once"] = () =>
    on(DESK, async (page) => {
      const item = page.locator("#checklist-section .item:not([open]):not([hidden])").first();
      const id = await item.getAttribute("id");
      const body = page.locator(`#${id} > .body`);
      assert.equal(await body.isVisible(), false);
      await page.locator(`#${id} > summary`).click();
      assert.equal(await body.isVisible(), true);
      await page.locator(`#${id} > summary`).focus();
      await page.keyboard.press("Enter");
      assert.equal(await body.isVisible(), false);
      for (const section of ["checklist-section", "switches-section"]) {
        const parts = await page.locator(`#${section} details`).count();
        assert.ok(parts > 0);
        await page.locator(`button[data-within="${section}"][data-open="yes"]`).click();
        assert.equal(await page.locator(`#${section} details[open]`).count(), parts);
        await page.locator(`button[data-within="${section}"][data-open="no"]`).click();
        assert.equal(await page.locator(`#${section} details[open]`).count(), 0);
      }
    });
  for (const act of ["a click", "Enter"]) {
    found[`${act} on a switch of a picture shows its lines`] = () =>
      on(DESK, async (page) => {
        const links = page.locator("svg.nlb-picture a");
        const count = await links.count();
        assert.ok(count > 1);
        for (let at = 0; at < count; at += 1) {
          const link = links.nth(at);
          const [name, target] = await link.evaluate((one) => [one.querySelector(".nlb-name").textContent, one.getAttribute("href")]);
          const part = page.locator(target);
          await part.evaluate((one) => { one.open = false; });
          if (act === "Enter") {
            await link.focus();
            await page.keyboard.press("Enter");
          } else {
            await link.locator(".nlb-name").click();
          }
          await page.waitForFunction((target) => document.querySelector(target).open, target);
          assert.equal(await part.locator("> summary h3").textContent(), name);
          assert.ok(await part.locator("> .body pre").first().isVisible());
          await page.waitForFunction((target) => document.activeElement.parentElement === document.querySelector(target), target);
        }
      });
  }
  found["a link to an item that is filtered out shows it"] = () =>
    on(DESK, async (page) => {
      const link = page.locator(".against a").first();
      const target = await link.getAttribute("href");
      await page.locator('.filters input[value="fail"]').setChecked(false);
      assert.equal(await page.locator(target).isVisible(), false);
      await link.click();
      await page.waitForFunction((target) => document.querySelector(target).checkVisibility(), target);
      assert.ok(await page.locator(`${target} > .body`).isVisible());
    });
  found["on paper all is there, whatever is closed or filtered out, and nothing is cut"] = () =>
    on({ ...PAPER, colorScheme: "dark" }, async (page) => {
      for (const box of await page.locator(".filters input").all()) await box.setChecked(false);
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = false; }));
      await page.emulateMedia({ media: "print" });
      const lost = await page.evaluate(() => {
        const gone = (part) => part.getBoundingClientRect().height < 4;
        return [...document.querySelectorAll("details > .body, .item, .question, .part")].filter(gone).map((part) => part.outerHTML.slice(0, 120));
      });
      assert.deepEqual(lost, []);
      const cut = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.checkVisibility()).map((part) => part.outerHTML.slice(0, 160)));
      assert.deepEqual(cut, []);
      const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.equal(ground, "rgb(255, 255, 255)");
      assert.equal(await visible(page, "nav, .filters, button").count(), 0);
    });
  found["it prints on a sane number of pages"] = () =>
    on({ ...DESK, colorScheme: "dark" }, async (page) => {
      const items = await page.locator(".item").count();
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      const most = 6 + items / 2;
      assert.ok(pages >= 3 && pages <= most, `${pages} pages for ${items} items`);
    });
  found["without scripts all can be read"] = () =>
    on({ ...DESK, javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator(".item").filter({ visible: false }).count(), 0);
      assert.equal(await visible(page, ".filters, button").count(), 0);
    });
  return found;
}
