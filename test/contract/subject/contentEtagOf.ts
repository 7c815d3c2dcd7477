import { createHash } from "node:crypto";
import type { MachineView } from "../../emulator/emulator.ts";

/** The etag of a machine whose service sends none: a hash over what is written to it. */
export function computeContentEtag(machine: MachineView): string {
	const { addressableUserName, displayName, groupTag, id, productKey, purchaseOrderIdentifier } = machine;
	const { serialNumber, userPrincipalName } = machine;
	const canonical = JSON.stringify({
		...{ addressableUserName, displayName, groupTag, id, productKey, purchaseOrderIdentifier },
		...{ serialNumber, userPrincipalName: userPrincipalName.toLowerCase() },
	});
	return `W/"sha256-${createHash("sha256").update(canonical).digest("base64url")}"`;
}
