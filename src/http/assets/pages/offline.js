// The verifier in one file, which works where there is no network: it holds the policy of the ledger it was
// downloaded from.

import { readPolicy } from "../onrecord/policy.js";
import { byId } from "./elements.js";
import { offerChecks } from "./verify_form.js";

const policy = readPolicy(JSON.parse(byId("policy").textContent ?? ""));
offerChecks({ ownPolicy: () => policy });
