import { members } from "../http/json.ts";
import type { Fault, Values } from "../lifecycle/kind.ts";
import { fault } from "../lifecycle/rules.ts";
import { hasUnknown, isUnknown } from "../lifecycle/unknown.ts";
import { KEY_RULES } from "./deviceIdentity.keyRules.ts";
import type { ApiVersion } from "./settings.ts";

/** A rule that looks at several properties of a device at once. */
type DeviceRule = (inputs: Values) => readonly Fault[];

/** The rules that only several properties together can break, in the given dialect. */
export function deviceRules(apiVersion: ApiVersion): readonly DeviceRule[] {
	const rules = [...KEY_RULES, thumbprintsOnlyWithSelfSigned, equalLengths, parentOfLeaf, parentOfEdge];
	return apiVersion === "2015-08-15-preview" ? [...rules, wordsOf2015] : rules;
}

function thumbprintsOnlyWithSelfSigned(inputs: Values): readonly Fault[] {
	const { type, x509Thumbprint } = authentication(inputs);
	const thumbprints = isObject(x509Thumbprint) ? x509Thumbprint : {};
	if (type === "selfSigned" && x509Thumbprint === undefined) {
		return fault(
			"authentication.x509Thumbprint",
			'is missing; a device with type "selfSigned" is known by its thumbprint',
		);
	}
	if (type === "selfSigned" && !isUnknown(x509Thumbprint) && thumbprints["primaryThumbprint"] === undefined) {
		return fault(
			"authentication.x509Thumbprint.primaryThumbprint",
			"is missing; only the secondary thumbprint may be left out",
		);
	}
	if (x509Thumbprint === undefined || type === "selfSigned" || isUnknown(type)) return [];
	return fault(
		"authentication.x509Thumbprint",
		`does not go with type "${type}"; leave it out, or set type "selfSigned"`,
	);
}

function equalLengths(inputs: Values): readonly Fault[] {
	const thumbprints = authentication(inputs)["x509Thumbprint"];
	if (!isObject(thumbprints) || hasUnknown(thumbprints)) return [];
	const { primaryThumbprint: primary, secondaryThumbprint: secondary } = thumbprints;
	if (typeof primary !== "string" || typeof secondary !== "string" || primary.length === secondary.length)
		return [];
	return fault(
		"authentication.x509Thumbprint.secondaryThumbprint",
		`has ${secondary.length} digits and the primary one ${primary.length}; both must be of the same kind, SHA-1 or SHA-256`,
	);
}

function parentOfLeaf(inputs: Values): readonly Fault[] {
	const edge = isEdge(inputs);
	if (edge !== false || empty(inputs["parentScopes"])) return [];
	return fault(
		"parentScopes",
		"is ignored by the hub for a device that is no gateway; name the parent in `deviceScope`, or set `capabilities.iotEdge` to true",
	);
}

function parentOfEdge(inputs: Values): readonly Fault[] {
	if (isEdge(inputs) !== true || empty(inputs["deviceScope"])) return [];
	return fault(
		"deviceScope",
		"is made by the hub for a gateway and can't be set; name the gateway's parent in `parentScopes`",
	);
}

function wordsOf2015(inputs: Values): readonly Fault[] {
	const why =
		"has no word in api-version 2015-08-15-preview; leave it out, or set iothub:apiVersion to 2021-04-12";
	const { type } = authentication(inputs);
	const faults =
		type === undefined || type === "sas" || isUnknown(type)
			? []
			: fault("authentication.type", `"${type}" ${why}`);
	const edge = isEdge(inputs) === true ? fault("capabilities.iotEdge", why) : [];
	const scopes = ["deviceScope", "parentScopes"].filter((name) => !empty(inputs[name]));
	return [...faults, ...edge, ...scopes.flatMap((name) => fault(name, why))];
}

/** Whether the device is to be a gateway; undefined while nobody knows. */
function isEdge({ capabilities }: Values): boolean | undefined {
	if (isUnknown(capabilities)) return undefined;
	const iotEdge = isObject(capabilities) ? capabilities["iotEdge"] : undefined;
	return isUnknown(iotEdge) ? undefined : iotEdge === true;
}

function authentication(inputs: Values): Values {
	return members(inputs["authentication"]);
}

function isObject(value: unknown): value is Values {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function empty(value: unknown): boolean {
	return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
