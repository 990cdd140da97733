// Checks a glTF file with Khronos' validator and prints its report as JSON. Exit code 3: the validator is not installed.
//   npm install --prefix /tmp/gltf gltf-validator@2.0.0-dev.3.10
//   NODE_PATH=/tmp/gltf/node_modules node tools/gltf_validate.mjs FILE.glb
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

let validator;
try {
  validator = createRequire(import.meta.url)("gltf-validator"); // unlike import, it looks into NODE_PATH
} catch {
  console.error("gltf-validator is not installed");
  process.exit(3);
}
const report = await validator.validateBytes(new Uint8Array(readFileSync(process.argv[2])), { maxIssues: 0 });
console.log(JSON.stringify(report, null, 1));
process.exit(report.issues.numErrors + report.issues.numWarnings > 0 ? 1 : 0);
