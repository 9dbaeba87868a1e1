// Replicates once over HTTP: node replicate.mjs SOURCE-URL TARGET-URL BATCH. Prints what was written.
import PouchDB from "pouchdb";

const [source, target, batch] = process.argv.slice(2);
const done = await PouchDB.replicate(source, target, { batch_size: Number(batch) });
console.log(JSON.stringify({ written: done.docs_written, failed: done.doc_write_failures }));
