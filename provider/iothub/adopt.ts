import { buildAdoptedFleet, type ExistingMember } from "../fleet/adopt.ts";
import { mapConcurrently } from "../fleet/concurrency.ts";
import type { FleetType } from "../fleet/fleetType.ts";
import type { LiveObject, ResourceType } from "../resource/resourceType.ts";
import { type AdoptedObject, buildAdoptedObject, type SkippedObject } from "../resource/state.ts";
import { asString, type Values } from "../values.ts";
import type { HubReadContext } from "./deviceIdentity.functions.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { type DeviceQueryOptions, findDevices } from "./deviceQuery.ts";

/** A device as a resource of its own. */
export interface AdoptedDevice extends AdoptedObject {
	/** The id of the gateway among them that is its parent. */
	readonly parent?: string;
}

/** Many devices as resources. */
export interface AdoptedDevices {
	readonly devices: readonly AdoptedDevice[];
	readonly skipped: readonly SkippedObject[];
}

/** Many devices as one resource. */
export interface AdoptedDeviceFleet {
	readonly fleet: AdoptedObject;
	/** What is declared of each device, by its id. */
	readonly devices: ReadonlyMap<string, Values>;
	/** Devices whose parent is not among them; it stays as it is, and is not declared. */
	readonly idsWithUnmanagedParent: readonly string[];
	readonly skipped: readonly SkippedObject[];
}

/** What a hub has, to be taken over by a stack in one way or the other. */
export interface AdoptableDevices {
	readonly hubHostName: string;
	/** How many devices there are. */
	readonly count: number;
	toFleet(): AdoptedDeviceFleet;
	/** Reads each device from the registry: only that tells what the state of a single device holds. */
	toResources(): Promise<AdoptedDevices>;
}

/** Where to look, and what devices and fleets are. */
export interface DeviceAdoptionOptions extends DeviceQueryOptions {
	readonly context: HubReadContext;
	readonly deviceType: ResourceType<DeviceInputs>;
	readonly fleetType: FleetType<DeviceInputs>;
}

/** How many devices are read at a time. */
const MAX_CONCURRENT_DEVICE_READS = 16;

type FoundDevices = ReadonlyMap<string, LiveObject<DeviceInputs>>;

/** Looks what devices a query answers. */
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

/** The devices as the registry has them; those that are gone by now are left out. */
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

/** A certificate that no program may declare, a second thumbprint without a first, stays as it is and undeclared. */
function listDeclarations(id: string, hubHostName: string, live: LiveObject<DeviceInputs>): Values[] {
	const { deviceScope, parentScopes } = live.values;
	// Keys would lie in a file in plain; the hub has them.
	const common = { deviceId: id, hubHostName, deviceScope, parentScopes, storeCredentials: false };
	return [true, false].map((withAuthentication) => ({
		...common,
		...toDeclaredInputs(live, withAuthentication),
	}));
}

/** What is declared of a device as it is. Keys never are: what is not declared is left as it is. */
function toDeclaredInputs({ values }: LiveObject<DeviceInputs>, withAuthentication: boolean): Values {
	const { status, statusReason, authentication, capabilities } = values;
	const { symmetricKey: _, ...withoutKeys } = authentication ?? {};
	return {
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		...(withAuthentication ? { authentication: withoutKeys } : {}),
		...(capabilities?.iotEdge === true ? { capabilities } : {}),
	};
}

function mapGatewaysByScope(foundDevices: FoundDevices): ReadonlyMap<string, string> {
	const gateways = [...foundDevices].filter(([, { values }]) => values.capabilities?.iotEdge === true);
	return new Map(gateways.map(([id, { computed }]) => [asString(computed["deviceScope"]) ?? "", id]));
}

/** A leaf names its parent's scope in one property, a gateway in another. */
function getParentScope({ values }: LiveObject<DeviceInputs>): string | undefined {
	return values.capabilities?.iotEdge === true ? values.parentScopes?.[0] : values.deviceScope || undefined;
}

function sortById(found: FoundDevices): FoundDevices {
	return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
