import { normalizeHubName } from "../hubName.ts";
import type { ConnectApi, ResourceType } from "../resource/resourceType.ts";
import { asObject, asString, asStrings, isUnknown, type Values } from "../values.ts";
import { addDerivedKeys } from "./derivedKeys.ts";
import { predictCreatedDevice, proveDeviceCreation } from "./deviceIdentity.creationProof.ts";
import { type DeviceInputs, isEdge } from "./deviceIdentity.inputs.ts";
import { listLimitedActions } from "./deviceIdentity.limits.ts";
import { DEVICE_MESSAGES } from "./deviceIdentity.messages.ts";
import { ROTATION_ACTIONS } from "./deviceIdentity.rotation.ts";
import { getDeviceRules } from "./deviceIdentity.rules.ts";
import { DEVICE_IDENTITY_SCHEMA } from "./deviceIdentity.schema.ts";
import {
	hasOtherHostNameType,
	omitComputedScopes,
	restoreDevice,
	toDeviceOutputs,
} from "./deviceIdentity.state.ts";
import type { ApiVersion, DeviceHostNameType } from "./settings.ts";
import { parseCreationTime } from "./timestamps.ts";

/** Options of the DeviceIdentity resource type that depend on the stack's settings. */
export interface DeviceIdentityTypeOptions {
	readonly apiVersion: ApiVersion;
	/** Whether keys are stored in state, unless the device declares it. */
	readonly storeCredentials: boolean;
	/** The kind of host name in the connection strings of devices. Default: `classic`. */
	readonly deviceHostName?: DeviceHostNameType;
	/** Whether deleting a resource disables the device instead. */
	readonly disableOnDelete: boolean;
	/** Returns the host name for devices that declare none; throws if none is configured. */
	getDefaultHost(): string;
	readonly connect: ConnectApi<DeviceInputs>;
}

/** Creates the DeviceIdentity resource type. */
export function createDeviceIdentityType({
	apiVersion,
	storeCredentials,
	deviceHostName = "classic",
	disableOnDelete,
	getDefaultHost,
	connect,
}: DeviceIdentityTypeOptions): ResourceType<DeviceInputs> {
	const shouldStoreCredentials = (inputs: Values): boolean =>
		(inputs["storeCredentials"] ?? storeCredentials) === true;
	return {
		title: "DeviceIdentity",
		schema: DEVICE_IDENTITY_SCHEMA,
		defaults: { status: "enabled", "capabilities.iotEdge": false },
		normalizeInputs: (inputs) => normalizeDeviceInputs(inputs, getDefaultHost),
		deriveInputs: addDerivedKeys,
		oneTimeActions: ROTATION_ACTIONS,
		predictCreated: (inputs) => normalizeDesired(predictCreatedDevice(inputs)),
		verifyCreation: proveDeviceCreation,
		normalizeDesired,
		validators: getDeviceRules(apiVersion),
		getId: ({ deviceId }) => deviceId,
		getLabel: ({ id }) => id,
		messages: DEVICE_MESSAGES,
		getKey: ({ id, values }) => `${normalizeHubName(String(values["hubHostName"]))}/${id}`,
		getCreatedAt: ({ generationId }) => parseCreationTime(asString(generationId) ?? ""),
		getUid: (outputs) => asString(outputs["generationId"]),
		omitComputedOutputs: omitComputedScopes,
		listLimitedActions,
		deleteAction: disableOnDelete ? "disable" : "delete",
		needsStateUpdate: (outputs, inputs) =>
			(outputs["primaryConnectionString"] !== undefined) !== shouldStoreCredentials(inputs) ||
			hasOtherHostNameType(outputs, deviceHostName),
		toOutputs: (live, inputs, last) =>
			toDeviceOutputs(live, {
				// A resource that is only read is not checked, so its inputs are incomplete.
				hubHostName: normalizeHubName(String(inputs["hubHostName"] ?? getDefaultHost())),
				deviceHostName: shouldStoreCredentials(inputs) ? deviceHostName : undefined,
				last,
			}),
		fromState: restoreDevice,
		connect,
	};
}

/** Adds the configured hub and the inferred type of the authentication, and omits empty properties. */
function normalizeDeviceInputs(inputs: Values, getDefaultHost: () => string): Values {
	const { authentication, ...rest } = omitEmptyParents(inputs);
	const host = inputs["hubHostName"] ?? getDefaultHost();
	const hubHostName = typeof host === "string" ? normalizeHubName(host) : host;
	return { ...rest, hubHostName, ...inferAuthenticationType(authentication) };
}

/** Adds the type that the other members imply. Omits an authentication without members: the hub would change the keys. */
function inferAuthenticationType(authentication: unknown): Values {
	const { type, x509Thumbprint, ...rest } = asObject(authentication);
	const isObject = typeof authentication === "object" && !Array.isArray(authentication);
	if (!isObject || type !== undefined) return { authentication };
	if (x509Thumbprint !== undefined)
		return { authentication: { type: "selfSigned", x509Thumbprint, ...rest } };
	return Object.keys(rest).length === 0 ? {} : { authentication: { type: "sas", ...rest } };
}

/** Omits an empty scope of a gateway and an empty list of parents of a leaf device: the hub sets these itself. */
function omitEmptyParents(inputs: Values): Values {
	const { capabilities, deviceScope, parentScopes: scopes, ...rest } = inputs;
	// The SDK sends null for a parent's scope that is undefined.
	const parentScopes = Array.isArray(scopes) ? scopes.filter((scope) => scope !== null) : scopes;
	const { iotEdge } = asObject(capabilities);
	const isKnown = !isUnknown(capabilities) && !isUnknown(iotEdge);
	const hasEmptyScope = isKnown && iotEdge === true && deviceScope === "";
	const hasEmptyParents =
		isKnown && iotEdge !== true && Array.isArray(parentScopes) && parentScopes.length === 0;
	return {
		...rest,
		...(capabilities === undefined ? {} : { capabilities }),
		...(deviceScope === undefined || hasEmptyScope ? {} : { deviceScope }),
		...(parentScopes === undefined || hasEmptyParents ? {} : { parentScopes }),
	};
}

/** Keeps the parent when a leaf device becomes a gateway or the reverse, and removes credentials of another type. */
function normalizeDesired(desired: Values): Values {
	const { deviceScope, parentScopes, authentication, ...rest } = desired;
	const isGateway = isEdge(desired);
	const parents = Array.isArray(parentScopes) ? asStrings(parentScopes) : undefined;
	const leafParent = asString(deviceScope) ?? parents?.[0];
	const edgeParents = parents ?? [asString(deviceScope) ?? ""].filter(Boolean);
	return {
		...rest,
		...(authentication === undefined
			? {}
			: { authentication: pickMatchingCredentials(asObject(authentication)) }),
		...(isGateway && edgeParents.length > 0 ? { parentScopes: edgeParents } : {}),
		...(!isGateway && leafParent ? { deviceScope: leafParent } : {}),
	};
}

function pickMatchingCredentials({ type, symmetricKey, x509Thumbprint }: Values): Values {
	return {
		type,
		...(type === "sas" && symmetricKey !== undefined ? { symmetricKey } : {}),
		...(type === "selfSigned" && x509Thumbprint !== undefined ? { x509Thumbprint } : {}),
	};
}
