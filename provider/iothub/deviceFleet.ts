import type { FleetKind } from "../fleet/kind.ts";
import { members as membersOf, textOf } from "../http/json.ts";
import type { Fault, Target, Values } from "../lifecycle/kind.ts";
import type { Life } from "../lifecycle/life.ts";
import { ORIGIN } from "../lifecycle/origin.ts";
import { fault } from "../lifecycle/rules.ts";
import { fleetRotationRule, rotationFor } from "./deviceFleet.rotation.ts";
import { groupKeysRule } from "./deviceIdentity.derived.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { KEYS } from "./deviceIdentity.keyMemory.ts";
import { MAKER } from "./deviceIdentity.maker.ts";
import { canonicalHost } from "./hostName.ts";
import { quotaFault } from "./quota.ts";
import { carriedText, LATER, ROTATION, rotationAtBirth } from "./rotation.ts";
import type { Sku } from "./settings.ts";

/** What the fleet must be told about the stack that it works for. */
export interface DeviceFleetOptions {
	readonly life: Life<DeviceInputs>;
	/** The edition of the hub, if it is known. */
	readonly sku?: Sku | undefined;
	/** How many requests its hub may have under way at a time. */
	readonly inFlight: number;
	/** The host of fleets that name none; throws where none is configured. */
	defaultHost(): string;
}

/** What messages call a device of a fleet, and what they say that it has. */
export const MEMBER = {
	title: "Device",
	offered: ["status", "statusReason", "authentication", "capabilities", "parent"],
};

/** So many devices are worked on for each request under way: the next one is ready as soon as there is a place. */
const READY = 2;

/** Fleets of IoT Hub devices: each member is what a DeviceIdentity would be, named by its id, its parent named by id too. */
export function deviceFleet({
	life,
	sku,
	inFlight,
	defaultHost,
}: DeviceFleetOptions): FleetKind<DeviceInputs> {
	const width = READY * inFlight;
	return {
		title: "DeviceFleet",
		members: "devices",
		member: "device",
		place: "hubHostName",
		reserved: [
			"deviceId",
			"hubHostName",
			"storeCredentials",
			"authentication.derivedFrom",
			"authentication.rotation",
		],
		life,
		policies: ["adopt", "onDrift"],
		common: { derivedFrom: { rule: groupKeysRule, secret: true }, rotation: { rule: fleetRotationRule } },
		rules: [rotatedOrDerived],
		facts: { etag: "e", generationId: "g", deviceScope: "s", [KEYS]: "k", [ROTATION]: "r" },
		keeps: (fact, { capabilities }) => fact !== "deviceScope" || membersOf(capabilities)["iotEdge"] === true,
		expected,
		quotaFault: (count) => quotaFault(count, sku),
		width: { looks: width, writes: width },
		complete(inputs) {
			const host = inputs["hubHostName"] ?? defaultHost();
			return { ...inputs, hubHostName: typeof host === "string" ? canonicalHost(host) : host };
		},
		id: ({ hubHostName }) => String(hubHostName),
		address: ({ hubHostName }, deviceId) => ({ deviceId, hubHostName }),
		parentOf: ({ parent }) => parentTold(parent),
		bears: ({ capabilities }) => membersOf(capabilities)["iotEdge"] === true,
		inputsOf,
		scopeOf: ({ deviceScope }) => textOf(deviceScope) || undefined,
	};
}

function rotatedOrDerived({ derivedFrom, rotation }: Values): readonly Fault[] {
	if (derivedFrom === undefined || rotation === undefined) return [];
	return fault(
		"rotation",
		"does not go with derivedFrom; to rotate derived keys, change one key of the group at a time",
	);
}

/** What is no text is told as what it is: no device is called so. */
function parentTold(parent: unknown): string | undefined {
	if (parent === undefined || parent === null || parent === "") return undefined;
	return textOf(parent) ?? JSON.stringify(parent);
}

/** An etag of ten digits in base64; a generation of eighteen, with which a gateway's scope ends too. */
function expected(inputs: Values): Target {
	const id = String(inputs["deviceId"]);
	const { type = "sas" } = membersOf(inputs["authentication"]);
	const rotation = rotationAtBirth(inputs);
	const isEdge = membersOf(inputs["capabilities"])["iotEdge"] === true;
	return {
		id,
		values: {
			etag: "x".repeat(16),
			generationId: GENERATION,
			...(isEdge ? { deviceScope: `ms-azure-iot-edge://${id}-${GENERATION}` } : {}),
			...(type === "sas" ? { [KEYS]: "01234567 01234567" } : {}),
			...(rotation === undefined ? {} : { [ROTATION]: carriedText({ ...rotation, count: 9_999 }) }),
		},
	};
}

const GENERATION = "9".repeat(18);

/** A leaf names its parent's scope in one property, a gateway in another. */
function inputsOf(
	{ parent, ...declared }: Values,
	{ id, fleet, scope }: { id: string; fleet: Values; scope: unknown },
): Values {
	const own = { ...declared, ...keysFrom(declared, { id, fleet }), storeCredentials: false };
	if (parentTold(parent) === undefined) return own;
	const isEdge = membersOf(declared["capabilities"])["iotEdge"] === true;
	return isEdge ? { ...own, parentScopes: [scope] } : { ...own, deviceScope: scope };
}

/** The fleet's keys and rotation are for the devices that prove themselves with keys and declare none, and so are keys of its making. */
function keysFrom({ authentication }: Values, { id, fleet }: { id: string; fleet: Values }): Values {
	const { type = "sas", symmetricKey, x509Thumbprint } = membersOf(authentication);
	const isForThem = type === "sas" && symmetricKey === undefined && x509Thumbprint === undefined;
	const { derivedFrom } = fleet;
	const { rotation, later } = rotationFor(id, fleet["rotation"]);
	if (!isForThem) return {};
	const maker = derivedFrom === undefined && textOf(fleet[ORIGIN]) ? { [MAKER]: fleet[ORIGIN] } : {};
	if (later !== undefined) return { ...maker, [LATER]: later };
	if (derivedFrom === undefined && rotation === undefined) return maker;
	return {
		...maker,
		authentication: {
			...membersOf(authentication),
			...(derivedFrom === undefined ? {} : { derivedFrom }),
			...(rotation === undefined ? {} : { rotation }),
		},
	};
}
