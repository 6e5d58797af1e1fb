// What a generator of models (Modelina) makes of the AsyncAPI document alone: interfaces for TypeScript, pydantic classes
// for Python, each event's under its own name. Run by `python -m contracts.packages`, beside the package, with the events'
// names in names.json; what it writes into `models` is compiled, and reads every example, in both languages.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PYTHON_PYDANTIC_PRESET, PythonFileGenerator, TypeScriptFileGenerator } from "@asyncapi/modelina";

const require = createRequire(import.meta.url);
const document = readFileSync(require.resolve("@dental-billing/contracts/asyncapi-3.0.yaml"), "utf8");
const names = JSON.parse(readFileSync("names.json", "utf8"));

const typescript = new TypeScriptFileGenerator({ modelType: "interface", enumType: "union", rawPropertyNames: true });
const python = new PythonFileGenerator({ presets: [PYTHON_PYDANTIC_PRESET] });
const made = [
  await typescript.generateToFiles(document, "models/typescript", { exportType: "named" }),
  await python.generateToFiles(document, "models/python/asyncapimodels", { importsStyle: "explicit" }),
].map((models) => models.map((one) => one.modelName));

for (const found of made) {
  const nameless = found.filter((name) => /^(Anonymous|Reserved|Root)|\d{2,}$/.test(name));
  if (nameless.length) throw new Error(`models without a name of ours: ${nameless}`);
  const missing = Object.values(names).filter((name) => !found.includes(name));
  if (missing.length) throw new Error(`events without a model: ${missing}`);
}

const examples = Object.entries(names).map(([type, name]) => {
  const { data } = require(`@dental-billing/contracts/examples/${type}.json`);
  return `import { ${name} } from "./${name}";\nexport const of${name}: ${name} = ${JSON.stringify(data)};\n`;
});
writeFileSync("models/typescript/examples.ts", examples.join(""));
writeFileSync("models/package.json", '{"type": "commonjs"}\n');
console.log(`Modelina: ${made[0].length} models for TypeScript, ${made[1].length} for Python`);
