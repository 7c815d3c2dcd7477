import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asObject, hasUnknown, isUnknown, type Values } from "../values.ts";
import { KEY_RULES } from "./deviceIdentity.keyRules.ts";
import type { ApiVersion } from "./settings.ts";

/** A rule that looks at several properties of a device at once. */
type DeviceRule = (inputs: Values) => readonly CheckFailure[];

/** The rules that only several properties together can break, in the given dialect. */
export function getDeviceRules(apiVersion: ApiVersion): readonly DeviceRule[] {
	const rules = [
		...KEY_RULES,
		requireSelfSignedForThumbprints,
		requireEqualThumbprintLengths,
		forbidParentScopesOnLeaf,
		forbidDeviceScopeOnEdge,
	];
	return apiVersion === "2015-08-15-preview" ? [...rules, forbidUnsupportedFields] : rules;
}

function requireSelfSignedForThumbprints(inputs: Values): readonly CheckFailure[] {
	const { type, x509Thumbprint } = readAuthentication(inputs);
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
	const thumbprints = readAuthentication(inputs)["x509Thumbprint"];
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
	const isGateway = isEdge(inputs);
	if (isGateway !== false || isEmpty(inputs["parentScopes"])) return [];
	return failCheck(
		"parentScopes",
		"is ignored by the hub for a device that is no gateway; name the parent in `deviceScope`, or set `capabilities.iotEdge` to true",
	);
}

function forbidDeviceScopeOnEdge(inputs: Values): readonly CheckFailure[] {
	if (isEdge(inputs) !== true || isEmpty(inputs["deviceScope"])) return [];
	return failCheck(
		"deviceScope",
		"is made by the hub for a gateway and can't be set; name the gateway's parent in `parentScopes`",
	);
}

function forbidUnsupportedFields(inputs: Values): readonly CheckFailure[] {
	const reason =
		"has no word in api-version 2015-08-15-preview; leave it out, or set iothub:apiVersion to 2021-04-12";
	const { type } = readAuthentication(inputs);
	const typeFailures =
		type === undefined || type === "sas" || isUnknown(type)
			? []
			: failCheck("authentication.type", `"${type}" ${reason}`);
	const edgeFailures = isEdge(inputs) === true ? failCheck("capabilities.iotEdge", reason) : [];
	const scopes = ["deviceScope", "parentScopes"].filter((name) => !isEmpty(inputs[name]));
	return [...typeFailures, ...edgeFailures, ...scopes.flatMap((name) => failCheck(name, reason))];
}

/** Whether the device is to be a gateway; undefined while nobody knows. */
function isEdge({ capabilities }: Values): boolean | undefined {
	if (isUnknown(capabilities)) return undefined;
	const iotEdge = isObject(capabilities) ? capabilities["iotEdge"] : undefined;
	return isUnknown(iotEdge) ? undefined : iotEdge === true;
}

function readAuthentication(inputs: Values): Values {
	return asObject(inputs["authentication"]);
}

function isObject(value: unknown): value is Values {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
