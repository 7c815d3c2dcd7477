import type { FleetType } from "../fleet/fleetType.ts";
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
import { asString, asObject as membersOf, type Values } from "../values.ts";
import { validateGroupKeys } from "./derivedKeys.ts";
import { resolveMemberRotation, validateFleetRotation } from "./deviceFleet.rotation.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { normalizeHostName } from "./hubAddress.ts";
import { formatCompletedRotation, getInitialRotation } from "./keyRotation.ts";
import { checkDeviceQuota } from "./rateLimits.ts";
import type { Sku } from "./settings.ts";

/** What the fleet must be told about the stack that it works for. */
export interface DeviceFleetTypeOptions {
	readonly memberContext: ResourceContext<DeviceInputs>;
	/** The edition of the hub, if it is known. */
	readonly sku?: Sku | undefined;
	/** How many requests its hub may have under way at a time. */
	readonly maxInFlight: number;
	/** The host of fleets that name none; throws where none is configured. */
	getDefaultHost(): string;
}

/** What messages call a device of a fleet, and what they say that it has. */
export const DEVICE_MEMBER = {
	title: "Device",
	suggestedProperties: ["status", "statusReason", "authentication", "capabilities", "parent"],
};

/** So many devices are worked on for each request under way: the next one is ready as soon as there is a place. */
const MEMBERS_PER_REQUEST = 2;

/** Fleets of IoT Hub devices: each member is what a DeviceIdentity would be, named by its id, its parent named by id too. */
export function createDeviceFleetType({
	memberContext,
	sku,
	maxInFlight,
	getDefaultHost,
}: DeviceFleetTypeOptions): FleetType<DeviceInputs> {
	const concurrency = MEMBERS_PER_REQUEST * maxInFlight;
	return {
		title: "DeviceFleet",
		membersProperty: "devices",
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
			derivedFrom: { validate: validateGroupKeys, secret: true },
			rotation: { validate: validateFleetRotation },
		},
		validators: [forbidRotationOfDerivedKeys],
		stateFields: {
			etag: "e",
			generationId: "g",
			deviceScope: "s",
			[KEY_FINGERPRINTS_OUTPUT]: "k",
			[LAST_ROTATION_OUTPUT]: "r",
		},
		shouldKeepField: (field, { capabilities }) =>
			field !== "deviceScope" || membersOf(capabilities)["iotEdge"] === true,
		estimateLargestMember: estimateLargestDevice,
		checkQuota: (count) => checkDeviceQuota(count, sku),
		concurrency: { reads: concurrency, writes: concurrency },
		normalizeInputs(inputs) {
			const host = inputs["hubHostName"] ?? getDefaultHost();
			return { ...inputs, hubHostName: typeof host === "string" ? normalizeHostName(host) : host };
		},
		getId: ({ hubHostName }) => String(hubHostName),
		getMemberAddress: ({ hubHostName }, memberName) => ({ deviceId: memberName, hubHostName }),
		getParentName: ({ parent }) => parseParentId(parent),
		canHaveChildren: ({ capabilities }) => membersOf(capabilities)["iotEdge"] === true,
		toResourceInputs: toDeviceInputs,
		getScope: ({ deviceScope }) => asString(deviceScope) || undefined,
	};
}

function forbidRotationOfDerivedKeys({ derivedFrom, rotation }: Values): readonly CheckFailure[] {
	if (derivedFrom === undefined || rotation === undefined) return [];
	return failCheck(
		"rotation",
		"does not go with derivedFrom; to rotate derived keys, change one key of the group at a time",
	);
}

/** What is no text is told as what it is: no device is called so. */
function parseParentId(parent: unknown): string | undefined {
	if (parent === undefined || parent === null || parent === "") return undefined;
	return asString(parent) ?? JSON.stringify(parent);
}

/** An etag of ten digits in base64; a generation of eighteen, with which a gateway's scope ends too. */
function estimateLargestDevice(inputs: Values): Target {
	const id = String(inputs["deviceId"]);
	const { type = "sas" } = membersOf(inputs["authentication"]);
	const rotation = getInitialRotation(inputs);
	const isEdge = membersOf(inputs["capabilities"])["iotEdge"] === true;
	return {
		id,
		values: {
			etag: "x".repeat(16),
			generationId: LONGEST_GENERATION_ID,
			...(isEdge ? { deviceScope: `ms-azure-iot-edge://${id}-${LONGEST_GENERATION_ID}` } : {}),
			...(type === "sas" ? { [KEY_FINGERPRINTS_OUTPUT]: "01234567 01234567" } : {}),
			...(rotation === undefined
				? {}
				: { [LAST_ROTATION_OUTPUT]: formatCompletedRotation({ ...rotation, count: 9_999 }) }),
		},
	};
}

const LONGEST_GENERATION_ID = "9".repeat(18);

/** A leaf names its parent's scope in one property, a gateway in another. */
function toDeviceInputs(
	{ parent, ...memberInputs }: Values,
	{ id, fleet, scope }: { id: string; fleet: Values; scope: unknown },
): Values {
	const inputs = { ...memberInputs, ...buildKeyInputs(memberInputs, { id, fleet }), storeCredentials: false };
	if (parseParentId(parent) === undefined) return inputs;
	const isEdge = membersOf(memberInputs["capabilities"])["iotEdge"] === true;
	return isEdge ? { ...inputs, parentScopes: [scope] } : { ...inputs, deviceScope: scope };
}

/** The fleet's keys and rotation are for the devices that prove themselves with keys and declare none, and so are keys of its making. */
function buildKeyInputs({ authentication }: Values, { id, fleet }: { id: string; fleet: Values }): Values {
	const { type = "sas", symmetricKey, x509Thumbprint } = membersOf(authentication);
	const usesFleetKeys = type === "sas" && symmetricKey === undefined && x509Thumbprint === undefined;
	const { derivedFrom } = fleet;
	const { rotation, laterRotation } = resolveMemberRotation(id, fleet["rotation"]);
	if (!usesFleetKeys) return {};
	const creator =
		derivedFrom === undefined && asString(fleet[ORIGIN_INPUT])
			? { [CREATOR_INPUT]: fleet[ORIGIN_INPUT] }
			: {};
	if (laterRotation !== undefined) return { ...creator, [LATER_ROTATION_INPUT]: laterRotation };
	if (derivedFrom === undefined && rotation === undefined) return creator;
	return {
		...creator,
		authentication: {
			...membersOf(authentication),
			...(derivedFrom === undefined ? {} : { derivedFrom }),
			...(rotation === undefined ? {} : { rotation }),
		},
	};
}
