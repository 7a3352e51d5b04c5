// Talking to the sandbox server: JSON over fetch, and its stream of "this piece changed" events.

/** GET a piece; `params` without undefined values become the query. Throws with the server's words. */
export async function get(path, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined));
  const answer = await fetch(`/page/${path}?${query}`, { headers: { accept: "application/json" } });
  if (!answer.ok) throw Object.assign(new Error(`/page/${path} answered ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** POST a piece; a server that can't be reached answers like Slack would: {ok: false, error}. */
export async function post(path, body) {
  try {
    const answer = await fetch(`/page/${path}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "We had some trouble connecting. Try again?" };
  }
}

/** POST a file's bytes; what else is to be said goes into the query. */
export async function upload(params, file) {
  try {
    const answer = await fetch(`/page/upload?${new URLSearchParams(params)}`, {
      method: "POST", headers: { "content-type": "application/octet-stream" }, body: file,
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "We had some trouble connecting. Try again?" };
  }
}

/** Listen to the changes that concern one person; returns a function that stops listening. */
export function listen(as, onEvent, onOnline) {
  const stream = new EventSource(`/page/events?as=${encodeURIComponent(as)}`);
  stream.onmessage = (event) => onEvent(JSON.parse(event.data));
  stream.onopen = () => onOnline(true);
  stream.onerror = () => onOnline(false);
  return () => stream.close();
}
