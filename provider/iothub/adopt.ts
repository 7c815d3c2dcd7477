import { buildAdoptedFleet, type ExistingMember } from "../fleet/adopt.ts";
import { mapConcurrently } from "../fleet/concurrency.ts";
import type { FleetType } from "../fleet/fleetType.ts";
import type { LiveObject, ResourceType } from "../resource/resourceType.ts";
import { type AdoptedObject, buildAdoptedObject, type SkippedObject } from "../resource/state.ts";
import { asString, type Values } from "../values.ts";
import { type DeviceInputs, isEdge } from "./deviceIdentity.inputs.ts";
import { type DeviceQueryOptions, findDevices } from "./deviceQuery.ts";
import type { HubOperationContext } from "./operationContext.ts";

/** A device that a stack adopts as a resource of its own. */
export interface AdoptedDevice extends AdoptedObject {
	/** The id of its parent, if that is adopted too. */
	readonly parent?: string;
}

/** Devices that a stack adopts as one resource each. */
export interface AdoptedDevices {
	readonly devices: readonly AdoptedDevice[];
	readonly skipped: readonly SkippedObject[];
}

/** Devices that a stack adopts as one fleet. */
export interface AdoptedDeviceFleet {
	readonly fleet: AdoptedObject;
	/** The declared inputs of each device, by its id. */
	readonly devices: ReadonlyMap<string, Values>;
	/** Ids of devices whose parent is not adopted. The parent is then not declared and does not change. */
	readonly idsWithUnmanagedParent: readonly string[];
	readonly skipped: readonly SkippedObject[];
}

/** Devices of a hub that can be adopted as one fleet or as single resources. */
export interface AdoptableDevices {
	readonly hubHostName: string;
	/** The number of devices. */
	readonly count: number;
	/** Builds one fleet of the devices. */
	toFleet(): AdoptedDeviceFleet;
	/** Builds one resource for each device. Reads each from the registry, because a query does not return all that state contains. */
	toResources(): Promise<AdoptedDevices>;
}

/** Dependencies of an adoption, and which devices to find. */
export interface DeviceAdoptionOptions extends DeviceQueryOptions {
	readonly context: HubOperationContext;
	readonly deviceType: ResourceType<DeviceInputs>;
	readonly fleetType: FleetType<DeviceInputs>;
}

/** How many devices are read from the registry at a time. */
const MAX_CONCURRENT_DEVICE_READS = 16;

type FoundDevices = ReadonlyMap<string, LiveObject<DeviceInputs>>;

/** Finds the devices that a query returns. */
export async function findAdoptableDevices({
	context,
	deviceType,
	fleetType,
	...queryOptions
}: DeviceAdoptionOptions): Promise<AdoptableDevices> {
	const foundDevices = sortById(await findDevices(context, queryOptions));
	const { hostName: hubHostName } = context.client.hub;
	return {
		hubHostName,
		count: foundDevices.size,
		toFleet: () => toAdoptedFleet(fleetType, hubHostName, foundDevices),
		toResources: async () =>
			toAdoptedDevices(deviceType, hubHostName, await readDevices(deviceType, hubHostName, foundDevices)),
	};
}

function toAdoptedFleet(
	fleetType: FleetType<DeviceInputs>,
	hubHostName: string,
	foundDevices: FoundDevices,
): AdoptedDeviceFleet {
	const gateways = mapGatewaysByScope(foundDevices);
	const skipped: SkippedObject[] = [];
	const inputsById = new Map<string, Values>();
	for (const [id, live] of foundDevices) {
		const result = buildAdoptedObject(fleetType.memberContext.resourceType, id, {
			live,
			declarations: listDeclarations(id, hubHostName, live),
		});
		if ("reason" in result) skipped.push(result);
		else inputsById.set(id, toDeclaredInputs(live, "authentication" in result.inputs));
	}
	const members = new Map<string, ExistingMember<DeviceInputs>>();
	const idsWithUnmanagedParent: string[] = [];
	for (const [id, memberInputs] of inputsById) {
		const live = foundDevices.get(id);
		if (live === undefined) continue;
		const scope = getParentScope(live);
		const parent = scope === undefined ? undefined : gateways.get(scope);
		const isParentAdopted = parent !== undefined && inputsById.has(parent);
		if (scope !== undefined && !isParentAdopted) idsWithUnmanagedParent.push(id);
		members.set(id, { live, memberInputs: isParentAdopted ? { ...memberInputs, parent } : memberInputs });
	}
	const devices = new Map([...members].map(([id, member]) => [id, member.memberInputs]));
	return {
		fleet: buildAdoptedFleet(fleetType, { hubHostName }, members),
		devices,
		idsWithUnmanagedParent,
		skipped,
	};
}

function toAdoptedDevices(
	deviceType: ResourceType<DeviceInputs>,
	hubHostName: string,
	foundDevices: FoundDevices,
): AdoptedDevices {
	const gateways = mapGatewaysByScope(foundDevices);
	const devices: AdoptedDevice[] = [];
	const skipped: SkippedObject[] = [];
	for (const [id, live] of foundDevices) {
		const result = buildAdoptedObject(deviceType, id, {
			live,
			declarations: listDeclarations(id, hubHostName, live),
		});
		const parent = gateways.get(getParentScope(live) ?? "");
		if ("reason" in result) skipped.push(result);
		else devices.push({ ...result, ...(parent !== undefined && { parent }) });
	}
	return { devices, skipped };
}

/** Reads the devices from the registry, and omits those that no longer exist. */
async function readDevices(
	deviceType: ResourceType<DeviceInputs>,
	hubHostName: string,
	found: FoundDevices,
): Promise<FoundDevices> {
	const { done, failed } = await mapConcurrently(found.keys(), MAX_CONCURRENT_DEVICE_READS, (id) =>
		deviceType.connect("read").get({ id, values: { hubHostName } }),
	);
	for (const error of failed.values()) throw error;
	const existing = [...done].flatMap(([id, live]) => (live === undefined ? [] : [[id, live] as const]));
	return sortById(new Map(existing));
}

/**
 * Returns the declarations to try: with and without the authentication. A certificate that cannot be declared, a secondary
 * thumbprint without a primary one, does not change and is not declared.
 */
function listDeclarations(id: string, hubHostName: string, live: LiveObject<DeviceInputs>): Values[] {
	const { deviceScope, parentScopes } = live.values;
	// Keys would be in plain text in the import file.
	const common = { deviceId: id, hubHostName, deviceScope, parentScopes, storeCredentials: false };
	return [true, false].map((withAuthentication) => ({
		...common,
		...toDeclaredInputs(live, withAuthentication),
	}));
}

/** Returns the inputs that declare the device as it is, without its keys: what is not declared does not change. */
function toDeclaredInputs({ values }: LiveObject<DeviceInputs>, withAuthentication: boolean): Values {
	const { status, statusReason, authentication, capabilities } = values;
	const { symmetricKey: _, ...withoutKeys } = authentication ?? {};
	return {
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		...(withAuthentication ? { authentication: withoutKeys } : {}),
		...(isEdge(values) ? { capabilities } : {}),
	};
}

function mapGatewaysByScope(foundDevices: FoundDevices): ReadonlyMap<string, string> {
	const gateways = [...foundDevices].filter(([, { values }]) => isEdge(values));
	return new Map(gateways.map(([id, { computed }]) => [asString(computed["deviceScope"]) ?? "", id]));
}

/** Returns the scope of the parent. A leaf device has it in `deviceScope`, a gateway in `parentScopes`. */
function getParentScope({ values }: LiveObject<DeviceInputs>): string | undefined {
	return isEdge(values) ? values.parentScopes?.[0] : values.deviceScope || undefined;
}

function sortById(found: FoundDevices): FoundDevices {
	return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
