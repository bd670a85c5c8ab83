// One first load by PouchDB onto disk (leveldb). node pull.js PORT FOLDER BATCH, with pouchdb in FOLDER/node_modules
const path = require('path');
const [, , port, folder, batch] = process.argv;
const PouchDB = require(path.join(folder, 'node_modules', 'pouchdb'));
(async () => {
  const db = new PouchDB(path.join(folder, 'pulled-' + process.pid));
  const remote = new PouchDB(`http://127.0.0.1:${port}/db`, { skip_setup: true });
  const begun = process.hrtime.bigint(), used = process.cpuUsage();
  const told = await PouchDB.replicate(remote, db, { batch_size: +batch, batches_limit: 10 });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9, cpu = process.cpuUsage(used);
  console.log(JSON.stringify({ documents: told.docs_written, seconds, cpu: (cpu.user + cpu.system) / 1e6 }));
  await db.destroy();
})().catch((error) => { console.error(error); process.exit(1); });
