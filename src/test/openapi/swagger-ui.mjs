// Executes examples in Swagger UI as a person would, and fails where an answer is not the one that is wanted.
import { chromium } from "playwright-core";

const [url, shots] = process.argv.slice(2);
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
  const body = await live.locator(".highlight-code").first().innerText();
  if (!body.includes(text)) {
    throw new Error(`${example ?? "the default example"}: expected ${text} in ${body}`);
  }
  await operation.locator(".responses-wrapper").scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${shots}/${shot}.png`, fullPage: true });
  console.log(`${example ?? "the default example"}: ${status}, ${text}`);
}

try {
  if (await operation.locator("button.try-out__btn:not(.cancel)").count()) {
    await operation.locator("button.try-out__btn").click();
  }
  await execute(null, 200, "1.1111112", "2-default");
  await execute("p = 2 in float64", 200, '"float64"', "3-squared");
  await execute("A label that is no class", 422, "out_of_range", "4-problem");
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
