import { deriveDeviceKey, findSymmetricKeyProblem } from "../keys/deviceKey.ts";
import type { FieldValidator } from "../resource/schema.ts";
import { expectObject, expectString, failCheck } from "../resource/validators.ts";
import { asObject, isObject, isUnknown, UNKNOWN, type Values } from "../values.ts";

/** Appended to the device id for the secondary key if the group has a single key. A device id cannot contain a slash. */
const SECONDARY_KEY_SUFFIX = "/secondary";

/** Adds the keys that derive from those of an enrollment group. They are never stored in state. */
export function addDerivedKeys(inputs: Values): Values {
	const authentication = asObject(inputs["authentication"]);
	const { derivedFrom } = authentication;
	if (derivedFrom === undefined) return inputs;
	const symmetricKey = deriveKeys(derivedFrom, inputs["deviceId"]);
	return { ...inputs, authentication: { ...authentication, symmetricKey } };
}

/** Validates the keys of an enrollment group: an object with both, or one as a string. */
export const validateGroupKeys: FieldValidator = (value, path) => {
	if (typeof value === "string") return validateGroupKey(value, path);
	if (!isObject(value))
		return failCheck(
			path,
			"must be a key of the group as a string, or an object with its primaryKey and secondaryKey",
		);
	const missing = ["primaryKey", "secondaryKey"].filter((name) => value[name] === undefined);
	return [
		...expectObject({ primaryKey: validateGroupKey, secondaryKey: validateGroupKey })(value, path),
		...missing.flatMap((name) =>
			failCheck(
				`${path}.${name}`,
				"is missing; set both keys of the enrollment group, or set one of them as a string",
			),
		),
	];
};

const validateGroupKey = expectString((key) => {
	const problem = findSymmetricKeyProblem(key);
	return problem && `${problem}; use a key of the enrollment group`;
});

function deriveKeys(groupKeys: unknown, deviceId: unknown): unknown {
	if (isUnknown(groupKeys)) return groupKeys;
	if (typeof groupKeys === "string") {
		return {
			primaryKey: deriveKey(groupKeys, deviceId),
			secondaryKey: deriveKey(groupKeys, deviceId, SECONDARY_KEY_SUFFIX),
		};
	}
	const { primaryKey, secondaryKey } = asObject(groupKeys);
	return { primaryKey: deriveKey(primaryKey, deviceId), secondaryKey: deriveKey(secondaryKey, deviceId) };
}

function deriveKey(groupKey: unknown, deviceId: unknown, suffix = ""): string {
	if (isUnknown(groupKey) || isUnknown(deviceId)) return UNKNOWN;
	return deriveDeviceKey(String(groupKey), String(deviceId) + suffix);
}
