import type { FleetType, MemberPlacement } from "../fleet/fleetType.ts";
import { normalizeHubName } from "../hubName.ts";
import type { ResourceContext } from "../resource/context.ts";
import type { Target } from "../resource/resourceType.ts";
import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import {
	CREATOR_INPUT,
	KEY_FINGERPRINTS_OUTPUT,
	LAST_ROTATION_OUTPUT,
	LATER_ROTATION_INPUT,
	ORIGIN_INPUT,
} from "../stateKeys.ts";
import { asObject, asString, isObject, isUnknown, type Values } from "../values.ts";
import { validateGroupKeys } from "./derivedKeys.ts";
import { resolveMemberRotation, validateFleetRotation } from "./deviceFleet.rotation.ts";
import { type DeviceInputs, isEdge } from "./deviceIdentity.inputs.ts";
import { findScopeProblem } from "./deviceIdentity.schema.ts";
import { formatCompletedRotation, getInitialRotation } from "./keyRotation.ts";
import { checkDeviceQuota } from "./rateLimits.ts";
import type { Sku } from "./settings.ts";

/** Options of the DeviceFleet resource type that depend on the stack's settings. */
export interface DeviceFleetTypeOptions {
	readonly memberContext: ResourceContext<DeviceInputs>;
	/** The edition of the hub, if it is configured. */
	readonly sku?: Sku | undefined;
	/** How many requests to the hub may be in flight at a time. */
	readonly maxInFlight: number;
	/** Returns the host name for fleets that declare none; throws if none is configured. */
	getDefaultHost(): string;
}

/** How messages name a fleet's device, and the properties they suggest. */
export const DEVICE_MEMBER = {
	title: "Device",
	suggestedProperties: [
		"status",
		"statusReason",
		"authentication",
		"capabilities",
		"parent",
		"deviceScope",
		"parentScopes",
	],
};

/** The parts of the resource type that are needed to read state. */
export const DEVICE_FLEET_STATE = {
	title: "DeviceFleet",
	membersProperty: "devices",
	stateFields: {
		etag: "e",
		generationId: "g",
		deviceScope: "s",
		[KEY_FINGERPRINTS_OUTPUT]: "k",
		[LAST_ROTATION_OUTPUT]: "r",
	},
	getId: ({ hubHostName }: Values): string => normalizeHubName(String(hubHostName)),
} as const;

/** How many devices are processed for each request in flight, so that the next request is always ready. */
const MEMBERS_PER_REQUEST = 2;

/**
 * Creates the DeviceFleet resource type. Each member is declared like a DeviceIdentity, except that its name is its device id and
 * that it declares its parent by id.
 */
export function createDeviceFleetType({
	memberContext,
	sku,
	maxInFlight,
	getDefaultHost,
}: DeviceFleetTypeOptions): FleetType<DeviceInputs> {
	const concurrency = MEMBERS_PER_REQUEST * maxInFlight;
	return {
		...DEVICE_FLEET_STATE,
		memberNoun: "device",
		locationProperty: "hubHostName",
		reservedPaths: [
			"deviceId",
			"hubHostName",
			"storeCredentials",
			"authentication.derivedFrom",
			"authentication.rotation",
		],
		memberContext,
		providerOptions: ["adopt", "onDrift"],
		sharedFields: {
			derivedFrom: {
				validate: validateGroupKeys,
				secret: true,
				resourcePath: "authentication.derivedFrom",
			},
			rotation: { validate: validateFleetRotation, resourcePath: "authentication.rotation" },
			gateways: { validate: validateGateways },
		},
		resourcePaths: { parent: ["deviceScope", "parentScopes"] },
		validators: [forbidRotationOfDerivedKeys],
		shouldKeepField: (field, outputs) => field !== "deviceScope" || isEdge(outputs),
		// Only a device with symmetric keys has fingerprints of them.
		inferOutputs: ({ [KEY_FINGERPRINTS_OUTPUT]: fingerprints }) =>
			fingerprints === undefined ? {} : { authentication: { type: "sas" } },
		estimateLargestMember: estimateLargestDevice,
		checkQuota: (count) => checkDeviceQuota(count, sku),
		concurrency: { reads: concurrency, writes: concurrency },
		normalizeInputs(inputs) {
			const host = inputs["hubHostName"] ?? getDefaultHost();
			return { ...inputs, hubHostName: typeof host === "string" ? normalizeHubName(host) : host };
		},
		getMemberAddress: ({ hubHostName }, memberName) => ({ deviceId: memberName, hubHostName }),
		toResourceInputs: toDeviceInputs,
		hierarchy: {
			outsideProperty: "gateways",
			getParentName: ({ parent }) => parseParentId(parent),
			canHaveChildren: isEdge,
			getScope: ({ deviceScope }) => asString(deviceScope) || undefined,
		},
	};
}

/** Checks the scopes of gateways outside the fleet, by name. One that is not known yet is skipped. */
function validateGateways(value: unknown, path: string): readonly CheckFailure[] {
	if (!isObject(value))
		return failCheck(path, "must be an object with the scope of each gateway by its name");
	return Object.entries(value).flatMap(([name, scope]) => {
		if (isUnknown(scope)) return [];
		const problem =
			typeof scope === "string" && scope !== ""
				? findScopeProblem(scope)
				: "has no scope; use the `deviceScope` output of a device with `capabilities.iotEdge`";
		return problem === undefined ? [] : failCheck(`${path}.${name}`, problem);
	});
}

function forbidRotationOfDerivedKeys({ derivedFrom, rotation }: Values): readonly CheckFailure[] {
	if (derivedFrom === undefined || rotation === undefined) return [];
	return failCheck(
		"rotation",
		"cannot be used with derivedFrom; to rotate derived keys, change one key of the group at a time",
	);
}

/** Returns the declared id of the parent. For a value that is not a string, returns a text that no device can have as its id. */
function parseParentId(parent: unknown): string | undefined {
	if (parent === undefined || parent === null || parent === "") return undefined;
	return asString(parent) ?? `${JSON.stringify(parent)} (not a string)`;
}

/** Returns the longest state of a device: an etag of ten digits in base64, and a generation id of eighteen digits. */
function estimateLargestDevice(inputs: Values): Target {
	const id = String(inputs["deviceId"]);
	const { type = "sas" } = asObject(inputs["authentication"]);
	const rotation = getInitialRotation(inputs);
	return {
		id,
		values: {
			etag: "x".repeat(16),
			generationId: LONGEST_GENERATION_ID,
			...(isEdge(inputs) ? { deviceScope: `ms-azure-iot-edge://${id}-${LONGEST_GENERATION_ID}` } : {}),
			...(type === "sas" ? { [KEY_FINGERPRINTS_OUTPUT]: "01234567 01234567" } : {}),
			...(rotation === undefined
				? {}
				: { [LAST_ROTATION_OUTPUT]: formatCompletedRotation({ ...rotation, count: 9_999 }) }),
		},
	};
}

const LONGEST_GENERATION_ID = "9".repeat(18);

/** Returns the member as inputs of a DeviceIdentity: a leaf device has its parent in `deviceScope`, a gateway in `parentScopes`. */
function toDeviceInputs({ parent, ...memberInputs }: Values, placement: MemberPlacement): Values {
	const { parentScope } = placement;
	const inputs = { ...memberInputs, ...buildKeyInputs(memberInputs, placement), storeCredentials: false };
	if (parseParentId(parent) === undefined) return inputs;
	return isEdge(memberInputs)
		? { ...inputs, parentScopes: [parentScope] }
		: { ...inputs, deviceScope: parentScope };
}

/** Returns the inputs that give a device the fleet's keys and rotation, if it authenticates with keys and declares none. */
function buildKeyInputs(
	{ authentication }: Values,
	{ memberName, fleetInputs }: Omit<MemberPlacement, "parentScope">,
): Values {
	const { type = "sas", symmetricKey, x509Thumbprint } = asObject(authentication);
	const usesFleetKeys = type === "sas" && symmetricKey === undefined && x509Thumbprint === undefined;
	const { derivedFrom } = fleetInputs;
	const { rotation, laterRotation } = resolveMemberRotation(memberName, fleetInputs["rotation"]);
	if (!usesFleetKeys) return {};
	const creator =
		derivedFrom === undefined && asString(fleetInputs[ORIGIN_INPUT])
			? { [CREATOR_INPUT]: fleetInputs[ORIGIN_INPUT] }
			: {};
	if (laterRotation !== undefined) return { ...creator, [LATER_ROTATION_INPUT]: laterRotation };
	if (derivedFrom === undefined && rotation === undefined) return creator;
	return {
		...creator,
		authentication: {
			...asObject(authentication),
			...(derivedFrom === undefined ? {} : { derivedFrom }),
			...(rotation === undefined ? {} : { rotation }),
		},
	};
}
