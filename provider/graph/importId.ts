import { createHash } from "node:crypto";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";

/**
 * The id by which an import of this machine is known again: declared, or made from what identifies the machine, so that
 * a run that was interrupted finds its import instead of queueing another. A GUID of the kind that RFC 9562 §5.8 leaves
 * to whoever makes it (version 8).
 */
export function resolveImportId(inputs: AutopilotInputs): string {
	const { importId, serialNumber, hardwareIdentifier = "", productKey = "" } = inputs;
	if (importId) return importId.toLowerCase();
	const bytes = createHash("sha256")
		.update([serialNumber, hardwareIdentifier, productKey].join("\n"))
		.digest();
	bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
	bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
	const hex = bytes.subarray(0, 16).toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
