// What most users of the package need. Every module can also be imported by itself, as
// `onrecord/<module>.js`, and the pages of a ledger do so.

export { fileName, readBundle, writeBundle } from "./bundle.js";
export { readCheckpoint } from "./checkpoint.js";
export { describeEvidence, disclose, readDisclosure } from "./disclosure.js";
export { prepare, sign, submission } from "./draft.js";
export { fromSeed, generate } from "./ed25519.js";
export { statementId } from "./envelope.js";
export { Fault, Refusal } from "./fault.js";
export { open as openKeyFile, seal as sealKeyFile } from "./key_file.js";
export { readLeaf } from "./leaf.js";
export { FetchError, Ledger, Problem } from "./ledger.js";
export { checkEntry } from "./live.js";
export {
  leafHash, proveConsistency, proveInclusion, root, verifyConsistency, verifyInclusion,
} from "./merkle.js";
export { judge, policyOfLog, readPolicy } from "./policy.js";
export { readProof, writeProof } from "./proof.js";
export { readContent, readStatement } from "./statement.js";
export { nodesOf, readEntries, readHashes, tilePath, widthIn } from "./tile.js";
export { verifyBundle } from "./verify.js";
