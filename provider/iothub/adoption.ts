import { adoptedFleet, type FoundMember } from "../fleet/adopted.ts";
import type { FleetKind } from "../fleet/kind.ts";
import { forEach } from "../fleet/pool.ts";
import { textOf } from "../http/json.ts";
import { type AdoptedObject, adopted, type LeftObject } from "../lifecycle/adopted.ts";
import type { Kind, Live, Values } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { LookupPlace } from "./deviceIdentity.lookup.ts";
import { type SurveyOptions, surveyed } from "./survey.ts";

/** A device as a resource of its own. */
export interface AdoptedDevice extends AdoptedObject {
	/** The id of the gateway among them that is its parent. */
	readonly parent?: string;
}

/** Many devices as resources. */
export interface AdoptedDevices {
	readonly devices: readonly AdoptedDevice[];
	readonly left: readonly LeftObject[];
}

/** Many devices as one resource. */
export interface AdoptedFleet {
	readonly fleet: AdoptedObject;
	/** What is declared of each device, by its id. */
	readonly devices: ReadonlyMap<string, Values>;
	/** Devices whose parent is not among them; it stays as it is, and is not declared. */
	readonly strays: readonly string[];
	readonly left: readonly LeftObject[];
}

/** What a hub has, to be taken over by a stack in one way or the other. */
export interface HubAdoption {
	readonly hubHostName: string;
	/** How many devices there are. */
	readonly count: number;
	asFleet(): AdoptedFleet;
	/** Reads each device from the registry: only that tells what the state of a single device holds. */
	asResources(): Promise<AdoptedDevices>;
}

/** Where to look, and what devices and fleets are. */
export interface AdoptionOptions extends SurveyOptions {
	readonly place: LookupPlace;
	readonly kind: Kind<DeviceInputs>;
	readonly fleet: FleetKind<DeviceInputs>;
}

/** How many devices are read at a time. */
const WIDTH = 16;

type Found = ReadonlyMap<string, Live<DeviceInputs>>;

/** Looks what devices a query answers. */
export async function adoption({ place, kind, fleet, ...how }: AdoptionOptions): Promise<HubAdoption> {
	const found = sorted(await surveyed(place, how));
	const { hostName: hubHostName } = place.client.hub;
	return {
		hubHostName,
		count: found.size,
		asFleet: () => fleetOf(fleet, hubHostName, found),
		asResources: async () => resourcesOf(kind, hubHostName, await read(kind, hubHostName, found)),
	};
}

function fleetOf(kind: FleetKind<DeviceInputs>, hubHostName: string, found: Found): AdoptedFleet {
	const gateways = gatewaysByScope(found);
	const left: LeftObject[] = [];
	const declared = new Map<string, Values>();
	for (const [id, live] of found) {
		const one = adopted(kind.life.kind, id, { live, declarations: declarationsOf(id, hubHostName, live) });
		if ("reason" in one) left.push(one);
		else declared.set(id, declaredOf(live, "authentication" in one.inputs));
	}
	const members = new Map<string, FoundMember<DeviceInputs>>();
	const strays: string[] = [];
	for (const [id, own] of declared) {
		const live = found.get(id);
		if (live === undefined) continue;
		const scope = parentScopeOf(live);
		const parent = scope === undefined ? undefined : gateways.get(scope);
		const isThere = parent !== undefined && declared.has(parent);
		if (scope !== undefined && !isThere) strays.push(id);
		members.set(id, { live, declared: isThere ? { ...own, parent } : own });
	}
	const devices = new Map([...members].map(([id, member]) => [id, member.declared]));
	return { fleet: adoptedFleet(kind, { hubHostName }, members), devices, strays, left };
}

function resourcesOf(kind: Kind<DeviceInputs>, hubHostName: string, found: Found): AdoptedDevices {
	const gateways = gatewaysByScope(found);
	const devices: AdoptedDevice[] = [];
	const left: LeftObject[] = [];
	for (const [id, live] of found) {
		const one = adopted(kind, id, { live, declarations: declarationsOf(id, hubHostName, live) });
		const parent = gateways.get(parentScopeOf(live) ?? "");
		if ("reason" in one) left.push(one);
		else devices.push({ ...one, ...(parent !== undefined && { parent }) });
	}
	return { devices, left };
}

/** The devices as the registry has them; those that are gone by now are left out. */
async function read(kind: Kind<DeviceInputs>, hubHostName: string, found: Found): Promise<Found> {
	const { done, failed } = await forEach(found.keys(), WIDTH, (id) =>
		kind.connect("read").find({ id, values: { hubHostName } }),
	);
	for (const error of failed.values()) throw error;
	const there = [...done].flatMap(([id, live]) => (live === undefined ? [] : [[id, live] as const]));
	return sorted(new Map(there));
}

/** A certificate that no program may declare, a second thumbprint without a first, stays as it is and undeclared. */
function declarationsOf(id: string, hubHostName: string, live: Live<DeviceInputs>): Values[] {
	const { deviceScope, parentScopes } = live.values;
	// Keys would lie in a file in plain; the hub has them.
	const common = { deviceId: id, hubHostName, deviceScope, parentScopes, storeCredentials: false };
	return [true, false].map((isWhole) => ({ ...common, ...declaredOf(live, isWhole) }));
}

/** What is declared of a device as it is. Keys never are: what is not declared is left as it is. */
function declaredOf({ values }: Live<DeviceInputs>, withAuthentication: boolean): Values {
	const { status, statusReason, authentication, capabilities } = values;
	const { symmetricKey: _, ...shown } = authentication ?? {};
	return {
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		...(withAuthentication ? { authentication: shown } : {}),
		...(capabilities?.iotEdge === true ? { capabilities } : {}),
	};
}

function gatewaysByScope(found: Found): ReadonlyMap<string, string> {
	const gateways = [...found].filter(([, { values }]) => values.capabilities?.iotEdge === true);
	return new Map(gateways.map(([id, { facts }]) => [textOf(facts["deviceScope"]) ?? "", id]));
}

/** A leaf names its parent's scope in one property, a gateway in another. */
function parentScopeOf({ values }: Live<DeviceInputs>): string | undefined {
	return values.capabilities?.iotEdge === true ? values.parentScopes?.[0] : values.deviceScope || undefined;
}

function sorted(found: Found): Found {
	return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
