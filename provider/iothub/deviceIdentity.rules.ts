import { KEY_PAIR_REMEDY } from "../keys/authentication.ts";
import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asObject, hasUnknown, isObject, isUnknown, type Values } from "../values.ts";
import { isEdge } from "./deviceIdentity.inputs.ts";
import type { ApiVersion } from "./settings.ts";

/** A rule that looks at several properties of a device at once. */
type DeviceRule = (inputs: Values) => readonly CheckFailure[];

/** Returns the rules that only several properties together can break, for an api-version. */
export function getDeviceRules(apiVersion: ApiVersion): readonly DeviceRule[] {
	const rules = [
		requireBothKeys,
		requireSasForKeys,
		forbidDeclaredAndDerivedKeys,
		forbidRotationOfDeclaredKeys,
		requireSelfSignedForThumbprints,
		requireEqualThumbprintLengths,
		forbidParentScopesOnLeaf,
		forbidDeviceScopeOnEdge,
	];
	return apiVersion === "2015-08-15-preview" ? [...rules, forbidUnsupportedFields] : rules;
}

function requireBothKeys(inputs: Values): readonly CheckFailure[] {
	const keys = getAuthentication(inputs)["symmetricKey"];
	if (!isObject(keys)) return [];
	const missing = ["primaryKey", "secondaryKey"].filter((name) => keys[name] === undefined);
	return missing.flatMap((name) =>
		failCheck(`authentication.symmetricKey.${name}`, `is missing; ${KEY_PAIR_REMEDY}`),
	);
}

function requireSasForKeys(inputs: Values): readonly CheckFailure[] {
	const { type, symmetricKey, derivedFrom, rotation } = getAuthentication(inputs);
	if (type === "sas" || isUnknown(type)) return [];
	const describeConflict = (property: string) =>
		`does not go with type "${type}"; leave ${property} out, or set type "sas"`;
	return [
		...(symmetricKey === undefined
			? []
			: failCheck("authentication.symmetricKey", describeConflict("the keys"))),
		...(derivedFrom === undefined ? [] : failCheck("authentication.derivedFrom", describeConflict("it"))),
		...(rotation === undefined ? [] : failCheck("authentication.rotation", describeConflict("it"))),
	];
}

function forbidDeclaredAndDerivedKeys(inputs: Values): readonly CheckFailure[] {
	const { symmetricKey, derivedFrom } = getAuthentication(inputs);
	if (symmetricKey === undefined || derivedFrom === undefined) return [];
	return failCheck(
		"authentication.derivedFrom",
		"does not go with symmetricKey; a device's keys are declared or derived, leave one of the two out",
	);
}

function forbidRotationOfDeclaredKeys(inputs: Values): readonly CheckFailure[] {
	const { symmetricKey, derivedFrom, rotation } = getAuthentication(inputs);
	if (rotation === undefined || (symmetricKey === undefined && derivedFrom === undefined)) return [];
	return failCheck(
		"authentication.rotation",
		"does not go with keys of your own; to rotate these, declare another key for one slot at a time",
	);
}

function requireSelfSignedForThumbprints(inputs: Values): readonly CheckFailure[] {
	const { type, x509Thumbprint } = getAuthentication(inputs);
	const thumbprints = isObject(x509Thumbprint) ? x509Thumbprint : {};
	if (type === "selfSigned" && x509Thumbprint === undefined) {
		return failCheck(
			"authentication.x509Thumbprint",
			'is missing; a device with type "selfSigned" is known by its thumbprint',
		);
	}
	if (type === "selfSigned" && !isUnknown(x509Thumbprint) && thumbprints["primaryThumbprint"] === undefined) {
		return failCheck(
			"authentication.x509Thumbprint.primaryThumbprint",
			"is missing; only the secondary thumbprint may be left out",
		);
	}
	if (x509Thumbprint === undefined || type === "selfSigned" || isUnknown(type)) return [];
	return failCheck(
		"authentication.x509Thumbprint",
		`does not go with type "${type}"; leave it out, or set type "selfSigned"`,
	);
}

function requireEqualThumbprintLengths(inputs: Values): readonly CheckFailure[] {
	const thumbprints = getAuthentication(inputs)["x509Thumbprint"];
	if (!isObject(thumbprints) || hasUnknown(thumbprints)) return [];
	const { primaryThumbprint: primary, secondaryThumbprint: secondary } = thumbprints;
	if (typeof primary !== "string" || typeof secondary !== "string" || primary.length === secondary.length)
		return [];
	return failCheck(
		"authentication.x509Thumbprint.secondaryThumbprint",
		`has ${secondary.length} digits and the primary one ${primary.length}; both must be of the same kind, SHA-1 or SHA-256`,
	);
}

function forbidParentScopesOnLeaf(inputs: Values): readonly CheckFailure[] {
	if (isEdgeIfKnown(inputs) !== false || isEmpty(inputs["parentScopes"])) return [];
	return failCheck(
		"parentScopes",
		"is ignored by the hub for a device that is no gateway; name the parent in `deviceScope`, or set `capabilities.iotEdge` to true",
	);
}

function forbidDeviceScopeOnEdge(inputs: Values): readonly CheckFailure[] {
	if (isEdgeIfKnown(inputs) !== true || isEmpty(inputs["deviceScope"])) return [];
	return failCheck(
		"deviceScope",
		"is made by the hub for a gateway and can't be set; name the gateway's parent in `parentScopes`",
	);
}

function forbidUnsupportedFields(inputs: Values): readonly CheckFailure[] {
	const reason =
		"has no word in api-version 2015-08-15-preview; leave it out, or set iothub:apiVersion to 2021-04-12";
	const { type } = getAuthentication(inputs);
	const typeFailures =
		type === undefined || type === "sas" || isUnknown(type)
			? []
			: failCheck("authentication.type", `"${type}" ${reason}`);
	const edgeFailures = isEdgeIfKnown(inputs) === true ? failCheck("capabilities.iotEdge", reason) : [];
	const scopes = ["deviceScope", "parentScopes"].filter((name) => !isEmpty(inputs[name]));
	return [...typeFailures, ...edgeFailures, ...scopes.flatMap((name) => failCheck(name, reason))];
}

/** Whether the device is declared as a gateway; undefined if that is not known yet. */
function isEdgeIfKnown(inputs: Values): boolean | undefined {
	const { capabilities } = inputs;
	return isUnknown(capabilities) || isUnknown(asObject(capabilities)["iotEdge"]) ? undefined : isEdge(inputs);
}

function getAuthentication(inputs: Values): Values {
	return asObject(inputs["authentication"]);
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
