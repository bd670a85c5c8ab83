// Just enough of CouchDB's protocol, from memory: the fastest server that a PouchDB client could meet.
// node couch.js RECORDS_JSONL
const http = require('http'), fs = require('fs'), crypto = require('crypto');
const docs = new Map(), order = [], local = new Map();
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (!line) continue;
  const { id, rev, ...rest } = JSON.parse(line);
  const hash = crypto.createHash('md5').update(line).digest('hex');
  docs.set(id, JSON.stringify({ _id: id, _rev: '1-' + hash, ...rest, _revisions: { start: 1, ids: [hash] } }));
  order.push({ seq: order.length + 1, id, changes: [{ rev: '1-' + hash }] });
}
const body = (req) => new Promise((ok) => { const p = []; req.on('data', (c) => p.push(c)); req.on('end', () => ok(Buffer.concat(p).toString())); });
http.createServer(async (req, res) => {
  const u = new URL(req.url, 'http://x'), path = decodeURIComponent(u.pathname).replace(/^\/db/, '') || '/';
  const send = (o, code = 200) => { res.writeHead(code, { 'content-type': 'application/json' }); res.end(typeof o === 'string' ? o : JSON.stringify(o)); };
  if (path === '/') return send({ couchdb: 'Welcome', db_name: 'db', update_seq: order.length, doc_count: order.length, instance_start_time: '0' });
  if (path.startsWith('/_local/')) {
    if (req.method === 'PUT') { const d = JSON.parse(await body(req)); d._rev = '0-' + Date.now(); local.set(path, d); return send({ ok: true, id: d._id, rev: d._rev }, 201); }
    return local.has(path) ? send(local.get(path)) : send({ error: 'not_found', reason: 'missing' }, 404);
  }
  if (path === '/_changes') {
    const since = +u.searchParams.get('since') || 0, limit = +u.searchParams.get('limit') || order.length;
    const found = order.slice(since, since + limit);
    return send({ results: found, last_seq: found.length ? found[found.length - 1].seq : since, pending: Math.max(0, order.length - since - limit) });
  }
  if (path === '/_bulk_get') {
    const asked = JSON.parse(await body(req)).docs;
    return send('{"results":[' + asked.map((x) => `{"id":"${x.id}","docs":[{"ok":${docs.get(x.id)}}]}`).join(',') + ']}');
  }
  send({ error: 'unsupported ' + path }, 501);
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
process.stdin.resume().on('end', () => process.exit(0));
