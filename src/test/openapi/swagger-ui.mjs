// Executes examples in Swagger UI as a person would, and fails where an answer is not the one that is wanted.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, shots, tensors] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 1300, height: 1400 } });
const problems = [];
page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
page.on("pageerror", (error) => problems.push(String(error)));

await page.goto(url + "/");
await page.waitForSelector(".opblock");
await page.screenshot({ path: `${shots}/1-overview.png` });

const operation = page.locator("#operations-losses-multiMargin");
await operation.locator(".opblock-summary-control").click();
await operation.locator(".opblock-body").waitFor();

async function execute(example, status, text, shot) {
  if (example) {
    await operation.locator(".opblock-section-request-body select.examples-select-element, .opblock-section-request-body .examples-select select").first().selectOption({ label: example });
  }
  await operation.locator("button.execute").click();
  const live = operation.locator(".live-responses-table .response").first();
  await live.locator(".response-col_status", { hasText: String(status) }).waitFor({ timeout: 15000 });
  // not at once: an earlier answer with the same status may still stand there
  await live.locator(".highlight-code", { hasText: text }).first().waitFor({ timeout: 15000 });
  await operation.locator(".responses-wrapper").scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${shots}/${shot}.png`, fullPage: true });
  console.log(`${example ?? "the default example"}: ${status}, ${text}`);
}

/** Uploads a file of tensors as this content type, and holds what the page offers for download against a plain POST. */
async function upload(type, file, status, shot) {
  const route = page.locator("#operations-losses-multiMarginTensors");
  if (!(await route.locator(".opblock-body").count())) {
    await route.locator(".opblock-summary-control").click();
    await route.locator(".opblock-body").waitFor();
  }
  const body = route.locator(".opblock-section-request-body");
  await body.locator(".body-param-content-type select, select.content-type").first().selectOption(type);
  await body.locator("input[type=file]").setInputFiles(`${tensors}/${file}`);
  await route.locator(".responses-table select.content-type").first().selectOption(type);
  const answered = page.waitForResponse((response) => response.url().includes("/tensors") && response.status() === status);
  await route.locator("button.execute").click();
  await answered;
  const live = route.locator(".live-responses-table .response").first();
  await live.locator(".response-col_status", { hasText: String(status) }).waitFor({ timeout: 15000 });
  if (status === 200) {
    const link = live.locator(`a[download$="${file.replace(/.*\./, ".")}"]`);
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const found = readFileSync(await download.path());
    const plain = await fetch(`${url}/v1/losses/multi-margin/tensors`, {
      method: "POST", headers: { "Content-Type": type }, body: readFileSync(`${tensors}/${file}`),
    });
    const wanted = Buffer.from(await plain.arrayBuffer());
    if (!found.equals(wanted)) {
      throw new Error(`${file}: ${found.length} bytes were downloaded, a plain POST gives ${wanted.length} that are not these`);
    }
    console.log(`${file}: ${status}, ${download.suggestedFilename()}, ${found.length} bytes as a plain POST gives`);
  } else {
    const text = await live.locator(".highlight-code").first().innerText();
    if (!text.includes("wrong_dtype")) {
      throw new Error(`${file}: ${text}`);
    }
    console.log(`${file}: ${status}, wrong_dtype`);
  }
  await route.locator(".responses-wrapper").scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${shots}/${shot}.png`, fullPage: true });
}

try {
  if (await operation.locator("button.try-out__btn:not(.cancel)").count()) {
    await operation.locator("button.try-out__btn").click();
  }
  await execute(null, 200, "1.1111112", "2-default");
  await execute("p = 2 in float64", 200, '"float64"', "3-squared");
  await execute("A label that is no class", 422, "out_of_range", "4-problem");
  await upload("application/x-npz", "savez-f4-i8.npz", 200, "5-npz");
  await upload("application/vnd.safetensors", "numpy-f4.safetensors", 200, "6-safetensors");
  await upload("application/x-npz", "refused-float16.npz", 422, "7-refused");
  const complaints = problems.filter((problem) => !problem.includes("422"));
  if (complaints.length) {
    throw new Error(complaints.join("\n"));
  }
} catch (error) {
  await page.screenshot({ path: `${shots}/failed.png`, fullPage: true });
  throw error;
} finally {
  await browser.close();
}
