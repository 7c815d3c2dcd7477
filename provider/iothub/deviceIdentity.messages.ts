import { computeFingerprint } from "../keys/fingerprint.ts";
import { listDeclaredPaths } from "../resource/managedFields.ts";
import type { LiveObject, ResourceMessages } from "../resource/resourceType.ts";
import { asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { determineRotator } from "./deviceIdentity.rotation.ts";

/** What messages say of devices where no words fit all kinds. */
export const DEVICE_MESSAGES: ResourceMessages<DeviceInputs> = {
	conflictAdvice: "otherwise give this resource another id or delete the object first",
	recreatedNote: "its generated keys and scope are new",
	describeChange,
	formatRefreshNote: describeRotatedKeys,
};

/** What was done to a device, from the paths that differ. */
function describeChange(paths: readonly string[]): string {
	const isEveryPathUnder = (...prefixes: readonly string[]): boolean =>
		paths.length > 0 && paths.every((path) => prefixes.some((prefix) => path.startsWith(prefix)));
	if (isEveryPathUnder("authentication.symmetricKey")) return "had its keys rotated";
	if (isEveryPathUnder("authentication.x509Thumbprint")) return "had its certificates changed";
	return isEveryPathUnder("deviceScope", "parentScopes") ? "was moved to another parent" : "was changed";
}

const ROTATOR_DESCRIPTIONS = {
	us: "by a run that was interrupted",
	others: "outside Pulumi",
	somebody: "outside Pulumi, or by a run that was interrupted,",
};

/** Keys that the hub made are no declared field, but what state keeps of them no longer works once they are rotated. */
function describeRotatedKeys(live: LiveObject<DeviceInputs>, outputs: Values): string | undefined {
	const keys = live.values.authentication?.symmetricKey;
	if (keys === undefined || listDeclaredPaths(outputs).has("authentication.symmetricKey.primaryKey"))
		return undefined;
	const rotated = (["primaryKey", "secondaryKey"] as const)
		.map((name) => ({ name, was: asString(outputs[name]), is: keys[name] }))
		.filter(({ was, is }) => was !== undefined && was !== is)
		.map(({ name, was, is }) => `${name} ${computeFingerprint(was ?? "")}, now ${computeFingerprint(is)}`);
	if (rotated.length === 0) return undefined;
	return `had its keys rotated ${ROTATOR_DESCRIPTIONS[determineRotator(live, outputs)]} since the last deployment (${rotated.join("; ")})`;
}
