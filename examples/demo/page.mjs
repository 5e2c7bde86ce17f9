/** Asks the running guestbook for what a visitor would see. */

/**
 * Leaves an entry and looks for it in the page: nginx, the API, PostgreSQL and Redis all take part.
 * @param {string} url
 * @returns {Promise<{entry: string, visits: number}>}
 */
export async function checkPage(url) {
  const { entries } = await readJson(`${url}/api/entries`);
  const entry = `The demo came by at ${new Date().toISOString()}`;
  // One greeting is enough, however often the demo is run.
  const earlier = entries.find(({ author }) => author === "demo");
  if (earlier === undefined) await sign(url, { author: "demo", message: entry });
  const message = earlier?.message ?? entry;
  const first = await readPage(url, message);
  const second = await readPage(url, message);
  if (second <= first) throw new Error(`the counter in Redis does not count: ${first}, then ${second}`);
  return { entry: message, visits: second };
}

async function sign(url, entry) {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(entry), redirect: "manual" });
  if (answer.status !== 303)
    throw new Error(`signing the guestbook: status ${answer.status}: ${await answer.text()}`);
}

async function readPage(url, message) {
  const answer = await fetch(url);
  const page = await answer.text();
  if (!answer.ok || !page.includes(message))
    throw new Error(`the page lacks the entry (status ${answer.status}):\n${page}`);
  return Number(/id="visits">(\d+)</.exec(page)?.[1]);
}

async function readJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: status ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
