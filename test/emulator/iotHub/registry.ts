import type { VirtualClock } from "../clock.ts";
import {
	type Condition,
	createEtagMissing,
	formatIdentityEtag,
	generateCounter,
	requireMatch,
} from "./condition.ts";
import { createDeviceNotFoundError, HubError } from "./hubError.ts";
import type { DeviceRecord } from "./identity.ts";
import type { IdentityWish } from "./identityBody.ts";
import { createEdgeModules } from "./modules.ts";
import { createFirstPlacement, nextPlacement, type Placement } from "./placement.ts";
import { keepFormer } from "./queryIndex.ts";
import type { HubSetting } from "./switches.ts";
import { createTwin } from "./twin.ts";

/** A deleted device that the index still has. */
export interface Ghost {
	readonly device: DeviceRecord;
	/** Virtual milliseconds of the deletion. */
	readonly deletedAt: number;
}

/** Whether a PUT created a device or replaced one. */
export interface PutResult {
	readonly device: DeviceRecord;
	readonly created: boolean;
}

const EMPTY_PLACEMENT: Placement = { iotEdge: false, deviceScope: undefined, parentScopes: [] };

/** The identity registry: devices by their case-sensitive id, and the rules of writing them. */
export class Registry {
	readonly devices = new Map<string, DeviceRecord>();
	readonly ghosts = new Map<string, Ghost>();
	readonly setting: HubSetting;

	constructor(setting: HubSetting) {
		this.setting = setting;
	}

	/** Returns the device, or throws 404, also if it is younger than the read lag. */
	read(deviceId: string): DeviceRecord {
		const device = this.require(deviceId);
		const age = this.setting.clock.now() - device.createdAt;
		if (age < this.setting.switches.createdReadLag) throw createDeviceNotFoundError(deviceId);
		return device;
	}

	/** Returns the device, or throws 404. */
	require(deviceId: string): DeviceRecord {
		const device = this.devices.get(deviceId);
		if (device === undefined) throw createDeviceNotFoundError(deviceId);
		return device;
	}

	/**
	 * Creates or replaces a device: without a condition only creates, with one only replaces (IoT Hub REST 2021-04-12,
	 * "Devices - Create Or Update Identity"; responses as recorded by azure-sdk-for-net DevicesClientTests).
	 */
	put(deviceId: string, wish: IdentityWish, condition: Condition): PutResult {
		const existing = this.devices.get(deviceId);
		if (condition.kind === "absent" || condition.kind === "empty") {
			const mayOverwrite =
				condition.kind === "empty" && this.setting.switches.emptyIfMatchOnExisting === "overwrite";
			if (existing === undefined) return { device: this.create(deviceId, wish), created: true };
			if (!mayOverwrite) throw createAlreadyExists(deviceId);
			return { device: this.replace(existing, wish), created: false };
		}
		const device = this.require(deviceId);
		requireMatch(condition, formatIdentityEtag(device.counter), this.setting.switches.unquotedIfMatch);
		return { device: this.replace(device, wish), created: false };
	}

	/** Adds a device that is known not to exist, within the quota. */
	create(deviceId: string, wish: IdentityWish): DeviceRecord {
		this.#requireRoom();
		const { clock } = this.setting;
		const generationId = clock.stamp().toString();
		const placement =
			wish.placement === "keep"
				? EMPTY_PLACEMENT
				: createFirstPlacement(wish.placement, deviceId, generationId);
		const device: DeviceRecord = {
			deviceId,
			generationId,
			counter: generateCounter(),
			status: wish.status,
			statusReason: wish.statusReason,
			statusUpdated: undefined,
			authentication: wish.authentication,
			...placement,
			...createNeverConnected(),
			createdAt: clock.now(),
			twin: createTwin(),
			modules: new Map(),
			former: [],
		};
		if (device.iotEdge) addEdgeModules(device, clock);
		this.devices.set(deviceId, device);
		return device;
	}

	/** Replaces everything that a client may write, and moves the etag. */
	replace(device: DeviceRecord, wish: IdentityWish): DeviceRecord {
		const { clock, switches } = this.setting;
		const placement =
			wish.placement === "keep" ? device : nextPlacement(wish.placement, device, device.deviceId);
		const before = formatWritable(device);
		keepFormer(device, this.setting);
		if (device.status !== wish.status) device.statusUpdated = clock.stamp();
		const { iotEdge, deviceScope, parentScopes } = placement;
		const { status, statusReason, authentication } = wish;
		if (iotEdge && !device.iotEdge) addEdgeModules(device, clock);
		if (!iotEdge && device.iotEdge) for (const id of ["$edgeAgent", "$edgeHub"]) device.modules.delete(id);
		Object.assign(device, { status, statusReason, authentication, iotEdge, deviceScope, parentScopes });
		if (switches.noopPutMovesEtag || before !== formatWritable(device)) device.counter += 1;
		return device;
	}

	/** Deletes a device; unlike PUT it requires an `If-Match`. Children keep the scope of a deleted parent. */
	delete(deviceId: string, condition: Condition): void {
		const { switches } = this.setting;
		const named = condition.kind === "any" || condition.kind === "etag";
		if (!named && switches.deleteMissingWithoutIfMatch === 412 && !this.devices.has(deviceId))
			throw createEtagMissing();
		const device = this.require(deviceId);
		if (!named) throw createEtagMissing();
		requireMatch(condition, formatIdentityEtag(device.counter), switches.unquotedIfMatch);
		this.remove(device);
	}

	/** Removes a device; its ghost stays for the index's lag. */
	remove(device: DeviceRecord): void {
		this.devices.delete(device.deviceId);
		this.ghosts.set(device.deviceId, { device, deletedAt: this.setting.clock.now() });
	}

	#requireRoom(): void {
		const { limits, hubName } = this.setting;
		const count = this.devices.size;
		if (count < limits.maxDevices) return;
		throw new HubError(
			"IotHubQuotaExceeded",
			`Total number of devices on IotHub '${hubName}' exceeded the allocated quota. Max allowed device count : '${limits.maxDevices}', current device count : '${count}'. Consider increasing the units for this hub to increase the quota.`,
		);
	}
}

/** Creates a 409 for the create of an existing device. */
export function createAlreadyExists(deviceId: string): HubError {
	return new HubError("DeviceAlreadyExists", `A device with ID '${deviceId}' is already registered.`);
}

/** Returns the connection members of an identity that never connected. */
export function createNeverConnected(): Pick<
	DeviceRecord,
	"connected" | "connectionStateUpdated" | "lastActivity" | "cloudToDeviceMessageCount"
> {
	return {
		connected: false,
		connectionStateUpdated: undefined,
		lastActivity: undefined,
		cloudToDeviceMessageCount: 0,
	};
}

function addEdgeModules(device: DeviceRecord, clock: VirtualClock): void {
	for (const module of createEdgeModules(device.deviceId, clock)) device.modules.set(module.moduleId, module);
}

/** Returns all that a PUT can change, to detect a replacement without changes. */
function formatWritable(device: DeviceRecord): string {
	const { status, statusReason, authentication, iotEdge, deviceScope, parentScopes } = device;
	return JSON.stringify({ status, statusReason, authentication, iotEdge, deviceScope, parentScopes });
}
