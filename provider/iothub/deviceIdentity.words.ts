import { fingerprint } from "../auth/fingerprint.ts";
import { textOf } from "../http/json.ts";
import type { Live, Values, Words } from "../lifecycle/kind.ts";
import { declaredPaths } from "../lifecycle/record.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { rotatedBy } from "./deviceIdentity.rotation.ts";

/** What messages say of devices where no words fit all kinds. */
export const DEVICE_WORDS: Words<DeviceInputs> = {
	instead: "otherwise give this resource another id or delete the object first",
	reborn: "its generated keys and scope are new",
	changed,
	noticed,
};

/** What was done to a device, from the paths that differ. */
function changed(paths: readonly string[]): string {
	const all = (...prefixes: readonly string[]): boolean =>
		paths.length > 0 && paths.every((path) => prefixes.some((prefix) => path.startsWith(prefix)));
	if (all("authentication.symmetricKey")) return "had its keys rotated";
	if (all("authentication.x509Thumbprint")) return "had its certificates changed";
	return all("deviceScope", "parentScopes") ? "was moved to another parent" : "was changed";
}

const ROTATED_BY = {
	us: "by a run that was interrupted",
	others: "outside Pulumi",
	somebody: "outside Pulumi, or by a run that was interrupted,",
};

/** Keys that the hub made are no declared field, but what state keeps of them no longer works once they are rotated. */
function noticed(live: Live<DeviceInputs>, outputs: Values): string | undefined {
	const keys = live.values.authentication?.symmetricKey;
	if (keys === undefined || declaredPaths(outputs).has("authentication.symmetricKey.primaryKey"))
		return undefined;
	const rotated = (["primaryKey", "secondaryKey"] as const)
		.map((name) => ({ name, was: textOf(outputs[name]), is: keys[name] }))
		.filter(({ was, is }) => was !== undefined && was !== is)
		.map(({ name, was, is }) => `${name} ${fingerprint(was ?? "")}, now ${fingerprint(is)}`);
	if (rotated.length === 0) return undefined;
	return `had its keys rotated ${ROTATED_BY[rotatedBy(live, outputs)]} since the last deployment (${rotated.join("; ")})`;
}
