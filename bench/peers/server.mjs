// A PouchDB server: node server.mjs FOLDER PORT. Databases are LevelDB folders below FOLDER.
import express from "express";
import expressPouchdb from "express-pouchdb";
import PouchDB from "pouchdb";

const [folder, port] = process.argv.slice(2);
const Databases = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
app.use("/", expressPouchdb(Databases, { inMemoryConfig: true, logPath: `${folder}/log.txt` }));
app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
