import { members, textOf, textsOf } from "../http/json.ts";
import type { Kind, Live, Remote, Values, Verb } from "../lifecycle/kind.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { withDerivedKeys } from "./deviceIdentity.derived.ts";
import { DEVICE_FIELDS } from "./deviceIdentity.fields.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { createdDevice, proofOf } from "./deviceIdentity.maker.ts";
import { risks } from "./deviceIdentity.risks.ts";
import { ROTATIONS } from "./deviceIdentity.rotation.ts";
import { deviceRules } from "./deviceIdentity.rules.ts";
import { DEVICE_WORDS } from "./deviceIdentity.words.ts";
import { canonicalHost } from "./hostName.ts";
import type { ApiVersion } from "./settings.ts";
import { bornAt } from "./times.ts";

/** What the kind must be told about the stack that it works for. */
export interface DeviceKindOptions {
	readonly apiVersion: ApiVersion;
	/** Whether keys are kept in state where the device does not say. */
	readonly storeCredentials: boolean;
	/** Whether a device that leaves the program is disabled instead of deleted. */
	readonly disableOnDelete: boolean;
	/** The host of devices that name none; throws where none is configured. */
	defaultHost(): string;
	/** Opens a conversation with the service for one operation. */
	connect(verb: Verb): Remote<DeviceInputs>;
}

/** Devices of IoT Hub, as the lifecycle knows them. */
export function deviceKind({
	apiVersion,
	storeCredentials,
	disableOnDelete,
	defaultHost,
	connect,
}: DeviceKindOptions): Kind<DeviceInputs> {
	const stores = (inputs: Values): boolean => (inputs["storeCredentials"] ?? storeCredentials) === true;
	return {
		title: "DeviceIdentity",
		fields: DEVICE_FIELDS,
		defaults: { status: "enabled", "capabilities.iotEdge": false },
		complete: (inputs) => completed(inputs, defaultHost),
		derive: withDerivedKeys,
		deeds: ROTATIONS,
		created: (inputs) => tidy(createdDevice(inputs)),
		proof: proofOf,
		tidy,
		rules: deviceRules(apiVersion),
		id: ({ deviceId }) => deviceId,
		label: ({ id }) => id,
		words: DEVICE_WORDS,
		key: ({ id, values }) => `${String(values["hubHostName"])}/${id}`,
		bornAt: ({ generationId }) => bornAt(textOf(generationId) ?? ""),
		incarnation: (outputs) => textOf(outputs["generationId"]),
		risks,
		removal: disableOnDelete ? "disable" : "delete",
		stale: (outputs, inputs) => (outputs["primaryConnectionString"] !== undefined) !== stores(inputs),
		outputs: (live, inputs) =>
			outputs(live, { hubHostName: String(inputs["hubHostName"]), stored: stores(inputs) }),
		recall,
		connect,
	};
}

/** Fills in the hub and the type that the rest of an authentication implies, and leaves out what says nothing. */
function completed(inputs: Values, defaultHost: () => string): Values {
	const { authentication, ...rest } = withoutEmptyParents(inputs);
	const host = inputs["hubHostName"] ?? defaultHost();
	const hubHostName = typeof host === "string" ? canonicalHost(host) : host;
	return { ...rest, hubHostName, ...typed(authentication) };
}

/** An authentication without any member declares nothing; taken at its word it would make the hub change the keys. */
function typed(authentication: unknown): Values {
	const { type, x509Thumbprint, ...rest } = members(authentication);
	const isObject = typeof authentication === "object" && !Array.isArray(authentication);
	if (!isObject || type !== undefined) return { authentication };
	if (x509Thumbprint !== undefined)
		return { authentication: { type: "selfSigned", x509Thumbprint, ...rest } };
	return Object.keys(rest).length === 0 ? {} : { authentication: { type: "sas", ...rest } };
}

/** No scope for a gateway and no parents for a leaf: the hub fills in what is not theirs to declare. */
function withoutEmptyParents(inputs: Values): Values {
	const { capabilities, deviceScope, parentScopes, ...rest } = inputs;
	const { iotEdge } = members(capabilities);
	const known = !isUnknown(capabilities) && !isUnknown(iotEdge);
	const noScope = known && iotEdge === true && deviceScope === "";
	const noParents = known && iotEdge !== true && Array.isArray(parentScopes) && parentScopes.length === 0;
	return {
		...rest,
		...(capabilities === undefined ? {} : { capabilities }),
		...(deviceScope === undefined || noScope ? {} : { deviceScope }),
		...(parentScopes === undefined || noParents ? {} : { parentScopes }),
	};
}

/** A parent keeps being the parent when a leaf becomes a gateway or the reverse; credentials of another type go. */
function tidy(desired: Values): Values {
	const { deviceScope, parentScopes, authentication, ...rest } = desired;
	const edge = members(desired["capabilities"])["iotEdge"] === true;
	const parents = Array.isArray(parentScopes) ? textsOf(parentScopes) : undefined;
	const leafParent = textOf(deviceScope) ?? parents?.[0];
	const edgeParents = parents ?? [textOf(deviceScope) ?? ""].filter(Boolean);
	return {
		...rest,
		...(authentication === undefined
			? {}
			: { authentication: credentialsOfItsType(members(authentication)) }),
		...(edge && edgeParents.length > 0 ? { parentScopes: edgeParents } : {}),
		...(!edge && leafParent ? { deviceScope: leafParent } : {}),
	};
}

function credentialsOfItsType({ type, symmetricKey, x509Thumbprint }: Values): Values {
	return {
		type,
		...(type === "sas" && symmetricKey !== undefined ? { symmetricKey } : {}),
		...(type === "selfSigned" && x509Thumbprint !== undefined ? { x509Thumbprint } : {}),
	};
}

function outputs(
	live: Live<DeviceInputs>,
	{ hubHostName, stored }: { hubHostName: string; stored: boolean },
): Values {
	const { deviceId, status, statusReason, authentication, capabilities } = live.values;
	const { generationId, deviceScope, parentScopes, statusUpdatedTime } = live.facts;
	const { symmetricKey, ...shown } = authentication ?? {};
	return {
		deviceId,
		hubHostName,
		status,
		statusReason,
		authentication: shown,
		capabilities,
		deviceScope,
		parentScopes,
		etag: live.etag,
		generationId,
		statusUpdatedTime,
		...(stored ? credentials(live, hubHostName) : {}),
	};
}

/** The keys of a live device, and what it connects with; secrets all. */
export function credentials({ values }: Live<DeviceInputs>, hubHostName: string): Values {
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
function recall(outputs: Values): Live<DeviceInputs> | undefined {
	const { deviceId, status, statusReason, capabilities, deviceScope, parentScopes, generationId } = outputs;
	const { primaryKey, secondaryKey, etag } = outputs;
	const kept = members(outputs["authentication"]);
	const keys =
		textOf(primaryKey) && textOf(secondaryKey) ? { symmetricKey: { primaryKey, secondaryKey } } : {};
	if (capabilities === undefined) return undefined;
	if (kept["type"] === "sas" && Object.keys(keys).length === 0) return undefined;
	const edge = members(capabilities)["iotEdge"] === true;
	const values = {
		deviceId,
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		authentication: { ...kept, ...keys },
		capabilities,
		...(edge && parentScopes !== undefined ? { parentScopes } : {}),
		...(!edge && deviceScope !== undefined ? { deviceScope } : {}),
	};
	return {
		etag: String(etag),
		incarnation: String(generationId),
		values: values as Partial<DeviceInputs>,
		facts: { generationId, deviceScope, parentScopes, statusUpdatedTime: outputs["statusUpdatedTime"] },
	};
}
