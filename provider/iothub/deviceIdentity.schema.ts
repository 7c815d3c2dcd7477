import { normalizeHubName } from "../hubName.ts";
import { AUTHENTICATION_TYPES, DEVICE_STATUSES, findThumbprintProblem } from "../keys/authentication.ts";
import { computeFingerprint } from "../keys/fingerprint.ts";
import { asFieldValue, type FieldValue, type Schema } from "../resource/schema.ts";
import {
	expectBoolean,
	expectList,
	expectObject,
	expectOneOf,
	expectString,
} from "../resource/validators.ts";
import { findDeviceIdProblem, findDeviceKeyProblem, findStatusReasonProblem } from "../rules/deviceValues.ts";
import { asObject, isUnknown } from "../values.ts";
import { validateGroupKeys } from "./derivedKeys.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { validateRotation } from "./deviceIdentity.rotation.ts";
import { isHostName } from "./hubAddress.ts";

/**
 * The schema of a device's inputs: the role of each, and the rules about its value alone
 * (IoT Hub REST 2021-04-12; "Understand the identity registry in your IoT hub", Microsoft Learn).
 */
export const DEVICE_IDENTITY_SCHEMA: Schema<DeviceInputs> = {
	deviceId: { role: "requiresReplace", validate: expectString(findDeviceIdProblem) },
	hubHostName: {
		role: "requiresReplace",
		splitValue: (value, path) => asFieldValue(normalizeHubName(String(value)), path),
		validate: expectString(findHostNameProblem),
	},
	status: { role: "managed", validate: expectOneOf(DEVICE_STATUSES) },
	statusReason: { role: "managed", validate: expectString(findStatusReasonProblem) },
	authentication: {
		role: "managed",
		keepWhenUnset: true,
		secret: true,
		notReadBack: ["authentication.derivedFrom"],
		ignoredTogether: {
			// Credentials belong to a type: those of another type would be written without effect.
			"authentication.type": "authentication",
			"authentication.derivedFrom": "authentication.symmetricKey",
			// A part of a rotation requests none.
			"authentication.rotation.keyType": "authentication.rotation",
			"authentication.rotation.generation": "authentication.rotation",
		},
		ignoredWhileEqual: "authentication.type",
		splitValue: splitAuthentication,
		validate: expectObject({
			type: expectOneOf(AUTHENTICATION_TYPES),
			symmetricKey: expectObject({
				primaryKey: expectString(findDeviceKeyProblem),
				secondaryKey: expectString(findDeviceKeyProblem),
			}),
			derivedFrom: validateGroupKeys,
			rotation: validateRotation,
			x509Thumbprint: expectObject({
				primaryThumbprint: expectString(findThumbprintProblem),
				secondaryThumbprint: expectString(findThumbprintProblem),
			}),
		}),
	},
	capabilities: {
		role: "managed",
		splitValue: splitCapabilities,
		validate: expectObject({ iotEdge: expectBoolean() }),
	},
	deviceScope: { role: "managed", validate: expectString(findScopeProblem), alternative: "parentScopes" },
	parentScopes: {
		role: "managed",
		splitValue: splitParentScopes,
		validate: expectList(expectString(findScopeProblem), 1),
		alternative: "deviceScope",
	},
	adopt: { role: "providerOption", validate: expectBoolean() },
	onDrift: { role: "providerOption", validate: expectOneOf(["reconcile", "fail"]) },
	storeCredentials: { role: "providerOption", validate: expectBoolean() },
};

function findHostNameProblem(host: string): string | undefined {
	if (isHostName(host)) return undefined;
	return `"${host}" is not a host name; write it like my-hub.azure-devices.net, without https:// and without a path`;
}

/** Returns what is wrong with the scope of a gateway, and the remedy; undefined for a scope, or for the empty string, which means none. */
export function findScopeProblem(scope: string): string | undefined {
	if (scope === "" || scope.startsWith("ms-azure-iot-edge://")) return undefined;
	return `${JSON.stringify(scope)} is not a scope; use the \`deviceScope\` output of the gateway, not its id`;
}

function splitAuthentication(value: unknown, path: string): readonly FieldValue[] {
	const { type, symmetricKey, derivedFrom, x509Thumbprint } = asObject(value);
	return [
		...(typeof type === "string" ? [{ path: `${path}.type`, value: type }] : []),
		...splitStrings(symmetricKey, `${path}.symmetricKey`, (key, at) => ({
			path: at,
			value: computeFingerprint(key),
			secret: true,
		})),
		// The hub does not store it; the keys derived from it are compared instead.
		...(derivedFrom === undefined ? [] : [{ path: `${path}.derivedFrom`, value: "" }]),
		...splitStrings(x509Thumbprint, `${path}.x509Thumbprint`, (thumbprint, at) => ({
			path: at,
			value: thumbprint.toLowerCase(),
		})),
	];
}

/** Returns a field value for each string member; an unknown one stays unknown. */
function splitStrings(
	value: unknown,
	path: string,
	toFieldValue: (text: string, at: string) => FieldValue,
): readonly FieldValue[] {
	if (isUnknown(value)) return asFieldValue(value, path);
	return Object.entries(asObject(value)).flatMap(([name, inner]) => {
		if (typeof inner !== "string") return [];
		return isUnknown(inner)
			? asFieldValue(inner, `${path}.${name}`)
			: [toFieldValue(inner, `${path}.${name}`)];
	});
}

function splitCapabilities(value: unknown, path: string): readonly FieldValue[] {
	const { iotEdge } = asObject(value);
	if (iotEdge === undefined) return [];
	return asFieldValue(isUnknown(iotEdge) ? iotEdge : iotEdge === true ? "true" : "", `${path}.iotEdge`);
}

function splitParentScopes(value: unknown, path: string): readonly FieldValue[] {
	const scopes = Array.isArray(value) ? value.map(String) : [];
	return asFieldValue(scopes.find(isUnknown) ?? scopes.join(" "), path);
}
