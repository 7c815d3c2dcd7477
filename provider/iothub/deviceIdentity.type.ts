import type { ConnectApi, LiveObject, ResourceType } from "../resource/resourceType.ts";
import { asObject, asString, asStrings, isUnknown, type Values } from "../values.ts";
import { addDerivedKeys } from "./derivedKeys.ts";
import { predictCreatedDevice, proveDeviceCreation } from "./deviceIdentity.creationProof.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { listLimitedActions } from "./deviceIdentity.limits.ts";
import { DEVICE_MESSAGES } from "./deviceIdentity.messages.ts";
import { ROTATION_ACTIONS } from "./deviceIdentity.rotation.ts";
import { getDeviceRules } from "./deviceIdentity.rules.ts";
import { DEVICE_IDENTITY_SCHEMA } from "./deviceIdentity.schema.ts";
import { normalizeHostName } from "./hubAddress.ts";
import type { ApiVersion } from "./settings.ts";
import { parseCreationTime } from "./timestamps.ts";

/** What the kind must be told about the stack that it works for. */
export interface DeviceIdentityTypeOptions {
	readonly apiVersion: ApiVersion;
	/** Whether keys are kept in state where the device does not say. */
	readonly storeCredentials: boolean;
	/** Whether a device that leaves the program is disabled instead of deleted. */
	readonly disableOnDelete: boolean;
	/** The host of devices that name none; throws where none is configured. */
	getDefaultHost(): string;
	readonly connect: ConnectApi<DeviceInputs>;
}

/** Devices of IoT Hub, as the lifecycle knows them. */
export function createDeviceIdentityType({
	apiVersion,
	storeCredentials,
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
		getKey: ({ id, values }) => `${String(values["hubHostName"])}/${id}`,
		getCreatedAt: ({ generationId }) => parseCreationTime(asString(generationId) ?? ""),
		getUid: (outputs) => asString(outputs["generationId"]),
		listLimitedActions,
		deleteAction: disableOnDelete ? "disable" : "delete",
		needsStateUpdate: (outputs, inputs) =>
			(outputs["primaryConnectionString"] !== undefined) !== shouldStoreCredentials(inputs),
		toOutputs: (live, inputs) =>
			toDeviceOutputs(live, {
				hubHostName: String(inputs["hubHostName"]),
				stored: shouldStoreCredentials(inputs),
			}),
		fromState: restoreDevice,
		connect,
	};
}

/** Fills in the hub and the type that the rest of an authentication implies, and leaves out what says nothing. */
function normalizeDeviceInputs(inputs: Values, getDefaultHost: () => string): Values {
	const { authentication, ...rest } = omitEmptyParents(inputs);
	const host = inputs["hubHostName"] ?? getDefaultHost();
	const hubHostName = typeof host === "string" ? normalizeHostName(host) : host;
	return { ...rest, hubHostName, ...inferAuthenticationType(authentication) };
}

/** An authentication without any member declares nothing; taken at its word it would make the hub change the keys. */
function inferAuthenticationType(authentication: unknown): Values {
	const { type, x509Thumbprint, ...rest } = asObject(authentication);
	const isObject = typeof authentication === "object" && !Array.isArray(authentication);
	if (!isObject || type !== undefined) return { authentication };
	if (x509Thumbprint !== undefined)
		return { authentication: { type: "selfSigned", x509Thumbprint, ...rest } };
	return Object.keys(rest).length === 0 ? {} : { authentication: { type: "sas", ...rest } };
}

/** No scope for a gateway and no parents for a leaf: the hub fills in what is not theirs to declare. */
function omitEmptyParents(inputs: Values): Values {
	const { capabilities, deviceScope, parentScopes, ...rest } = inputs;
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

/** A parent keeps being the parent when a leaf becomes a gateway or the reverse; credentials of another type go. */
function normalizeDesired(desired: Values): Values {
	const { deviceScope, parentScopes, authentication, ...rest } = desired;
	const isEdge = asObject(desired["capabilities"])["iotEdge"] === true;
	const parents = Array.isArray(parentScopes) ? asStrings(parentScopes) : undefined;
	const leafParent = asString(deviceScope) ?? parents?.[0];
	const edgeParents = parents ?? [asString(deviceScope) ?? ""].filter(Boolean);
	return {
		...rest,
		...(authentication === undefined
			? {}
			: { authentication: pickMatchingCredentials(asObject(authentication)) }),
		...(isEdge && edgeParents.length > 0 ? { parentScopes: edgeParents } : {}),
		...(!isEdge && leafParent ? { deviceScope: leafParent } : {}),
	};
}

function pickMatchingCredentials({ type, symmetricKey, x509Thumbprint }: Values): Values {
	return {
		type,
		...(type === "sas" && symmetricKey !== undefined ? { symmetricKey } : {}),
		...(type === "selfSigned" && x509Thumbprint !== undefined ? { x509Thumbprint } : {}),
	};
}

function toDeviceOutputs(
	live: LiveObject<DeviceInputs>,
	{ hubHostName, stored }: { hubHostName: string; stored: boolean },
): Values {
	const { deviceId, status, statusReason, authentication, capabilities } = live.values;
	const { generationId, deviceScope, parentScopes, statusUpdatedTime } = live.computed;
	const { symmetricKey, ...withoutKeys } = authentication ?? {};
	return {
		deviceId,
		hubHostName,
		status,
		statusReason,
		authentication: withoutKeys,
		capabilities,
		deviceScope,
		parentScopes,
		etag: live.etag,
		generationId,
		statusUpdatedTime,
		...(stored ? toCredentialOutputs(live, hubHostName) : {}),
	};
}

/** The keys of a live device, and what it connects with; secrets all. */
export function toCredentialOutputs({ values }: LiveObject<DeviceInputs>, hubHostName: string): Values {
	const keys = values.authentication?.symmetricKey;
	const device = `HostName=${hubHostName};DeviceId=${values.deviceId}`;
	if (keys === undefined) return { primaryConnectionString: `${device};x509=true` };
	return {
		primaryKey: keys.primaryKey,
		secondaryKey: keys.secondaryKey,
		primaryConnectionString: `${device};SharedAccessKey=${keys.primaryKey}`,
		secondaryConnectionString: `${device};SharedAccessKey=${keys.secondaryKey}`,
	};
}

/**
 * A device as state has it. Without its keys a device with `sas` can't be written: the hub would make new ones; nor can
 * one whose state is of the 2015 dialect, which saw neither capabilities nor scopes: the hub would take them away.
 */
function restoreDevice(outputs: Values): LiveObject<DeviceInputs> | undefined {
	const { deviceId, status, statusReason, capabilities, deviceScope, parentScopes, generationId } = outputs;
	const { primaryKey, secondaryKey, etag } = outputs;
	const authentication = asObject(outputs["authentication"]);
	const keys =
		asString(primaryKey) && asString(secondaryKey) ? { symmetricKey: { primaryKey, secondaryKey } } : {};
	if (capabilities === undefined) return undefined;
	if (authentication["type"] === "sas" && Object.keys(keys).length === 0) return undefined;
	const isEdge = asObject(capabilities)["iotEdge"] === true;
	const values = {
		deviceId,
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		authentication: { ...authentication, ...keys },
		capabilities,
		...(isEdge && parentScopes !== undefined ? { parentScopes } : {}),
		...(!isEdge && deviceScope !== undefined ? { deviceScope } : {}),
	};
	return {
		etag: String(etag),
		uid: String(generationId),
		values: values as Partial<DeviceInputs>,
		computed: { generationId, deviceScope, parentScopes, statusUpdatedTime: outputs["statusUpdatedTime"] },
	};
}
