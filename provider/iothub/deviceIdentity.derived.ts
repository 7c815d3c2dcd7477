import { deriveDeviceKey, keyFault } from "../auth/deviceKey.ts";
import { members } from "../http/json.ts";
import type { Rule, Values } from "../lifecycle/kind.ts";
import { isObject } from "../lifecycle/plain.ts";
import { fault, objectOf, text } from "../lifecycle/rules.ts";
import { isUnknown, UNKNOWN } from "../lifecycle/unknown.ts";

/** What is derived for the second slot where the group has a single key: no device's id has a slash. */
const SECOND = "/secondary";

/** The inputs with the keys that derive from a group's in the place of declared ones. Pulumi is never told of these. */
export function withDerivedKeys(inputs: Values): Values {
	const authentication = members(inputs["authentication"]);
	const { derivedFrom } = authentication;
	if (derivedFrom === undefined) return inputs;
	const symmetricKey = derivedKeys(derivedFrom, inputs["deviceId"]);
	return { ...inputs, authentication: { ...authentication, symmetricKey } };
}

/** The keys of a group: both of them, or one as a text. */
export const groupKeysRule: Rule = (value, path) => {
	if (typeof value === "string") return groupKey(value, path);
	if (!isObject(value))
		return fault(path, "takes the group's key as a text, or an object with its primaryKey and secondaryKey");
	const missing = ["primaryKey", "secondaryKey"].filter((name) => value[name] === undefined);
	return [
		...objectOf({ primaryKey: groupKey, secondaryKey: groupKey })(value, path),
		...missing.flatMap((name) =>
			fault(
				`${path}.${name}`,
				"is missing; give both keys of the enrollment group, or one of them as a text",
			),
		),
	];
};

const groupKey = text((key) => {
	const wrong = keyFault(key);
	return wrong && `${wrong}; take a key of the enrollment group`;
});

function derivedKeys(groupKeys: unknown, deviceId: unknown): unknown {
	if (isUnknown(groupKeys)) return groupKeys;
	if (typeof groupKeys === "string") {
		return {
			primaryKey: derived(groupKeys, deviceId),
			secondaryKey: derived(groupKeys, deviceId, SECOND),
		};
	}
	const { primaryKey, secondaryKey } = members(groupKeys);
	return { primaryKey: derived(primaryKey, deviceId), secondaryKey: derived(secondaryKey, deviceId) };
}

function derived(groupKey: unknown, deviceId: unknown, suffix = ""): string {
	if (isUnknown(groupKey) || isUnknown(deviceId)) return UNKNOWN;
	return deriveDeviceKey(String(groupKey), String(deviceId) + suffix);
}
