import { keyFault } from "../auth/deviceKey.ts";
import { fingerprint } from "../auth/fingerprint.ts";
import { members } from "../http/json.ts";
import { single } from "../lifecycle/facets.ts";
import type { Facet, Fields } from "../lifecycle/kind.ts";
import { flag, listOf, objectOf, oneOf, text } from "../lifecycle/rules.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { groupKeysRule } from "./deviceIdentity.derived.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { rotationRule } from "./deviceIdentity.rotation.ts";
import { isHostName } from "./hostName.ts";

/**
 * How each input of a device behaves, with the rules that one value can break alone
 * (IoT Hub REST 2021-04-12; "Understand the identity registry in your IoT hub", Microsoft Learn).
 */
export const DEVICE_FIELDS: Fields<DeviceInputs> = {
	deviceId: { role: "identity", rule: text(deviceIdFault) },
	hubHostName: { role: "identity", rule: text(hostFault) },
	status: { role: "managed", rule: oneOf(["enabled", "disabled"]) },
	statusReason: { role: "managed", rule: text(reasonFault) },
	authentication: {
		role: "managed",
		kept: true,
		secret: true,
		withheld: ["authentication.derivedFrom"],
		facets: authenticationFacets,
		rule: objectOf({
			type: oneOf(["sas", "selfSigned", "certificateAuthority"]),
			symmetricKey: objectOf({ primaryKey: text(deviceKeyFault), secondaryKey: text(deviceKeyFault) }),
			derivedFrom: groupKeysRule,
			rotation: rotationRule,
			x509Thumbprint: objectOf({
				primaryThumbprint: text(thumbprintFault),
				secondaryThumbprint: text(thumbprintFault),
			}),
		}),
	},
	capabilities: { role: "managed", facets: capabilityFacets, rule: objectOf({ iotEdge: flag() }) },
	deviceScope: { role: "managed", rule: text(scopeFault), otherForm: "parentScopes" },
	parentScopes: {
		role: "managed",
		facets: scopesFacets,
		rule: listOf(text(scopeFault), 1),
		otherForm: "deviceScope",
	},
	adopt: { role: "policy", rule: flag() },
	onDrift: { role: "policy", rule: oneOf(["reconcile", "fail"]) },
	storeCredentials: { role: "policy", rule: flag() },
};

const LEGAL_ID = /^[A-Za-z0-9\-.%_*?!(),:=@$';]*$/;

function deviceIdFault(id: string): string | undefined {
	const illegal = [...id].find((character) => !LEGAL_ID.test(character));
	if (illegal !== undefined) {
		const which =
			illegal === "+" || illegal === "#"
				? "which IoT Hub no longer supports in ids"
				: "which no device id may have";
		return `"${id}" has the character ${JSON.stringify(illegal)}, ${which}; use letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;`;
	}
	if (id.length < 1 || id.length > 128) return `has ${id.length} characters; a device id has 1 to 128`;
	if (/^\.{1,2}$/.test(id))
		return `"${id}" can't be addressed: "." and ".." have a meaning of their own in URLs; use another id`;
	return undefined;
}

function hostFault(host: string): string | undefined {
	if (isHostName(host)) return undefined;
	return `"${host}" is no host name; write it like my-hub.azure-devices.net, without https:// and without a path`;
}

function reasonFault(reason: string): string | undefined {
	return reason.length > 128
		? `has ${reason.length} characters; the hub keeps at most 128, shorten it`
		: undefined;
}

function scopeFault(scope: string): string | undefined {
	if (scope === "" || scope.startsWith("ms-azure-iot-edge://")) return undefined;
	return `${JSON.stringify(scope)} is no scope; take the \`deviceScope\` output of the gateway, not its id`;
}

function deviceKeyFault(key: string): string | undefined {
	const wrong = keyFault(key);
	if (wrong === undefined) return undefined;
	return wrong.startsWith("holds")
		? `${wrong} (\`openssl rand -base64 32\`)`
		: `${wrong}; make a key with \`openssl rand -base64 32\`, or leave both keys out and the hub makes them`;
}

function thumbprintFault(thumbprint: string): string | undefined {
	if (/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(thumbprint)) return undefined;
	const bare = thumbprint.replace(/[\s:-]/g, "");
	if (bare !== thumbprint) return `"${thumbprint}" has separators, which the hub refuses; write "${bare}"`;
	return `"${thumbprint}" is no thumbprint: it takes 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, and has ${thumbprint.length} characters`;
}

function authenticationFacets(value: unknown, path: string): readonly Facet[] {
	const { type, symmetricKey, derivedFrom, x509Thumbprint } = members(value);
	return [
		...(typeof type === "string" ? [{ path: `${path}.type`, value: type }] : []),
		...leaves(symmetricKey, `${path}.symmetricKey`, (key, at) => ({
			path: at,
			value: fingerprint(key),
			secret: true,
		})),
		// Nothing that the hub has, and so of no value: what is derived is compared.
		...(derivedFrom === undefined ? [] : [{ path: `${path}.derivedFrom`, value: "" }]),
		...leaves(x509Thumbprint, `${path}.x509Thumbprint`, (print, at) => ({
			path: at,
			value: print.toLowerCase(),
		})),
	];
}

/** One facet for each text below the value; an unknown one stays recognizable. */
function leaves(value: unknown, path: string, facet: (text: string, at: string) => Facet): readonly Facet[] {
	if (isUnknown(value)) return single(value, path);
	return Object.entries(members(value)).flatMap(([name, inner]) => {
		if (typeof inner !== "string") return [];
		return isUnknown(inner) ? single(inner, `${path}.${name}`) : [facet(inner, `${path}.${name}`)];
	});
}

function capabilityFacets(value: unknown, path: string): readonly Facet[] {
	const { iotEdge } = members(value);
	if (iotEdge === undefined) return [];
	return single(isUnknown(iotEdge) ? iotEdge : iotEdge === true ? "true" : "", `${path}.iotEdge`);
}

function scopesFacets(value: unknown, path: string): readonly Facet[] {
	const scopes = Array.isArray(value) ? value.map(String) : [];
	return single(scopes.find(isUnknown) ?? scopes.join(" "), path);
}
