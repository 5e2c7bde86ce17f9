/** The page as text. Everything that people wrote is escaped. */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (char) => ESCAPES[char]);

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
  form { display: grid; gap: .5rem; margin: 1.5rem 0 2rem; }
  input, textarea, button { font: inherit; padding: .5rem .75rem; border: 1px solid #8886; border-radius: .4rem; }
  button { background: #2563eb; color: white; border: 0; cursor: pointer; justify-self: start; }
  article { border-top: 1px solid #8884; padding: .75rem 0; }
  article p { margin: 0; white-space: pre-wrap; }
  small { opacity: .65; }`;

export function renderPage({ greeting, visits, entries }) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Guestbook</title><style>${STYLE}</style></head>
<body>
<h1>Guestbook</h1>
<p>${escapeHtml(greeting ?? "Leave a note")}. This page was opened <strong id="visits">${Number(visits)}</strong> times.</p>
<form method="post" action="/">
  <input name="author" placeholder="Your name" required maxlength="80" aria-label="Your name">
  <textarea name="message" placeholder="Your note" required maxlength="2000" rows="3" aria-label="Your note"></textarea>
  <button>Sign</button>
</form>
${entries.length === 0 ? "<p>No entries yet.</p>" : entries.map(renderEntry).join("\n")}
</body>
</html>
`;
}

function renderEntry({ author, message, written_at: writtenAt }) {
  const when = new Date(writtenAt).toISOString();
  return `<article><p>${escapeHtml(message)}</p><small>${escapeHtml(author)}, <time datetime="${when}">${when.slice(0, 16).replace("T", " ")}</time></small></article>`;
}
