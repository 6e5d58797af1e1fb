// Whoever has the npm package alone: every example is read by its schema, and every `$id` is found.
// Run by `python -m contracts.packages`, beside the package and ajv.
import { createRequire } from "node:module";
import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";
import { events } from "@dental-billing/contracts";

const read = (path) => createRequire(import.meta.url)(`@dental-billing/contracts/${path}`);

const ajv = new Ajv({ allErrors: true, strict: true });
addFormats(ajv);
ajv.addVocabulary(["x-topic", "x-key", "x-personal"]);
const index = Object.entries(read("schemas/index.json"));
for (const [id, path] of index) {
  const schema = read(`schemas/${path}`);
  if (schema.$id !== id) throw new Error(`${path} calls itself ${schema.$id}, the index ${id}`);
  ajv.addSchema(schema);
}
for (const [id] of index) ajv.getSchema(id); // compiled: each reference leads somewhere

for (const [type, { topic, key, schema }] of Object.entries(events)) {
  const example = read(`examples/${type}.json`);
  const valid = ajv.getSchema(example.headers.ce_dataschema);
  if (!valid(example.data)) throw new Error(`${type}: ${ajv.errorsText(valid.errors)}`);
  const said = [example.topic, example.key, example.headers.ce_dataschema];
  if (`${said}` !== `${[topic, example.data[key], schema]}`) throw new Error(`${type} travels otherwise: ${said}`);
}

const patient = read("examples/dental.patient.registered.v1.json").data;
const valid = ajv.getSchema(events["dental.patient.registered.v1"].schema);
if (valid({ ...patient, given_name: "Ama\0ra" })) throw new Error("the schema takes a NUL");
if (!valid({ ...patient, given_name: "Amara 🦷\n" })) throw new Error("the schema refuses text");
console.log(`${Object.keys(events).length} examples read by schema, ${index.length} schemas by $id`);
