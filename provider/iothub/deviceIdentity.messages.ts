import { computeFingerprint } from "../keys/fingerprint.ts";
import { readIgnoredPaths } from "../resource/ignoredPaths.ts";
import { listDeclaredPaths } from "../resource/managedFields.ts";
import type { LiveObject, ResourceMessages } from "../resource/resourceType.ts";
import { asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { determineRotator } from "./deviceIdentity.rotation.ts";
import { DEVICE_IDENTITY_SCHEMA } from "./deviceIdentity.schema.ts";

/** The parts of messages that are specific to devices. */
export const DEVICE_MESSAGES: ResourceMessages<DeviceInputs> = {
	conflictAdvice: "otherwise give this resource another id or delete the object first",
	recreatedNote: "its generated keys and scope are new",
	describeChange,
	summarizeChanges,
	formatRefreshNote: describeRotatedKeys,
};

/** Describes a change of a device by the paths that differ. */
function describeChange(paths: readonly string[]): string {
	const isEveryPathUnder = (...prefixes: readonly string[]): boolean =>
		paths.length > 0 && paths.every((path) => prefixes.some((prefix) => path.startsWith(prefix)));
	if (isEveryPathUnder("authentication.symmetricKey")) return "had its keys rotated";
	if (isEveryPathUnder("authentication.x509Thumbprint")) return "had its certificates changed";
	return isEveryPathUnder("deviceScope", "parentScopes") ? "was moved to another parent" : "was changed";
}

const KEY_PATHS = {
	primary: "authentication.symmetricKey.primaryKey",
	secondary: "authentication.symmetricKey.secondaryKey",
} as const;

/** Returns the paths that a plan changes. A description of the change replaces the paths of keys. */
function summarizeChanges(paths: readonly string[]): readonly string[] {
	const changedKeys = (["primary", "secondary"] as const).filter((name) => paths.includes(KEY_PATHS[name]));
	const otherPaths = paths.filter(
		(path) => !path.startsWith("authentication.symmetricKey.") && path !== "authentication.derivedFrom",
	);
	if (changedKeys.length === 0) return otherPaths;
	return [
		...otherPaths,
		changedKeys.length === 2 ? "gets different keys" : `gets a different ${changedKeys[0]} key`,
	];
}

const ROTATOR_DESCRIPTIONS = {
	thisProgram: "by an interrupted run",
	outside: "outside Pulumi",
	unknown: "outside Pulumi or by an interrupted run",
};

/**
 * Describes a rotation outside the program. Generated keys are not declared, but the keys in state no longer work once they
 * are rotated.
 */
function describeRotatedKeys(live: LiveObject<DeviceInputs>, outputs: Values): string | undefined {
	const keys = live.values.authentication?.symmetricKey;
	if (keys === undefined || listDeclaredPaths(outputs).has(KEY_PATHS.primary)) return undefined;
	const ignored = readIgnoredPaths(DEVICE_IDENTITY_SCHEMA, outputs);
	const rotated = (["primaryKey", "secondaryKey"] as const)
		.filter((name) => !ignored.coversPath(`authentication.symmetricKey.${name}`))
		.map((name) => ({ name, before: asString(outputs[name]), now: keys[name] }))
		.filter(({ before, now }) => before !== undefined && before !== now)
		.map(
			({ name, before, now }) =>
				`${name} ${computeFingerprint(before ?? "")}, now ${computeFingerprint(now)}`,
		);
	if (rotated.length === 0) return undefined;
	return `had its keys rotated ${ROTATOR_DESCRIPTIONS[determineRotator(live, outputs)]} since the last deployment (${rotated.join("; ")})`;
}
