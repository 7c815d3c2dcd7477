import { generateKey } from "../iotHub/authenticationBody.ts";
import type { DeviceRecord } from "../iotHub/identity.ts";
import { readIdentity, requireId } from "../iotHub/identityBody.ts";
import { keepFormer } from "../iotHub/queryIndex.ts";
import { createAlreadyExists, type Registry } from "../iotHub/registry.ts";
import { createTwin, patchTwin } from "../iotHub/twin.ts";
import type { JsonObject } from "../json.ts";
import {
	type DeviceChange,
	type DeviceSeed,
	type DeviceView,
	type TwinPatch,
	toDeviceView,
} from "./deviceView.ts";
import type { WhichKey } from "./operation.ts";

/**
 * Changes the registry as another administrator would: by the service's own rules, but without a request, a credential
 * or a log entry. Methods throw if the device does not exist.
 */
export class DeviceControl {
	readonly #registry: Registry;

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/** Registers devices; throws if one exists already. */
	seed(devices: readonly DeviceSeed[]): DeviceView[] {
		return devices.map((seed) => this.#seedOne(seed));
	}

	/** Returns all devices in the order of their creation. */
	list(): DeviceView[] {
		return [...this.#registry.devices.values()].map(toDeviceView);
	}

	/** Returns a device, or undefined. */
	get(id: string): DeviceView | undefined {
		const device = this.#registry.devices.get(id);
		return device && toDeviceView(device);
	}

	/** Replaces a device with its current fields and the changes; its etag moves. Keys are kept unless the change has some. */
	change(id: string, change: DeviceChange): DeviceView {
		const device = this.#registry.require(id);
		return toDeviceView(
			this.#registry.replace(device, readIdentity(mergeChange(toDeviceView(device), change))),
		);
	}

	/** Gives a device new keys; its etag moves. */
	rotateKeys(id: string, which: WhichKey = "both"): DeviceView {
		const { primaryKey, secondaryKey } = this.#registry.require(id).authentication;
		const symmetricKey = {
			primaryKey: which === "secondary" && primaryKey ? primaryKey : generateKey(),
			secondaryKey: which === "primary" && secondaryKey ? secondaryKey : generateKey(),
		};
		return this.change(id, { authentication: { type: "sas", symmetricKey } });
	}

	/** Deletes a device. Returns false if it does not exist. */
	remove(id: string): boolean {
		const device = this.#registry.devices.get(id);
		if (device !== undefined) this.#registry.remove(device);
		return device !== undefined;
	}

	/**
	 * Deletes a device and registers another under its id: same fields with the changes, but a new generation, etag and
	 * twin, and new keys unless the change has some.
	 */
	recreate(id: string, change: DeviceChange = {}): DeviceView {
		const device = this.#registry.require(id);
		const before = toDeviceView(device);
		const type = before.authentication.type;
		const authentication = type === "sas" ? { type } : before.authentication;
		this.#registry.remove(device);
		const wish = readIdentity(mergeChange({ ...before, authentication }, change));
		return toDeviceView(this.#registry.create(id, wish));
	}

	/** Marks a device as connected: connection state and times change, no etag does. */
	connect(id: string): DeviceView {
		return this.#touch(id, (device, now) => {
			Object.assign(device, { connected: true, connectionStateUpdated: now, lastActivity: now });
		});
	}

	/** Marks a device as disconnected; no etag changes. */
	disconnect(id: string): DeviceView {
		return this.#touch(id, (device, now) => {
			Object.assign(device, { connected: false, connectionStateUpdated: now });
		});
	}

	/** Lets a device send a message: its last activity and message count change, no etag does. */
	sendTelemetry(id: string): DeviceView {
		return this.#touch(id, (device, now) => {
			device.lastActivity = now;
			device.cloudToDeviceMessageCount += 1;
		});
	}

	/** Merges into a twin; the twin's etag moves, the identity's does not. */
	patchTwin(id: string, { tags, properties = {} }: TwinPatch): DeviceView {
		return this.#touch(id, (device) => {
			const at = new Date(this.#registry.setting.clock.now()).toISOString();
			const { desired, reported } = properties;
			device.twin = patchTwin(device.twin, { tags, desired, reported }, at);
		});
	}

	#seedOne({ tags, properties, connected, ...body }: DeviceSeed): DeviceView {
		requireId(body.deviceId);
		if (this.#registry.devices.has(body.deviceId)) throw createAlreadyExists(body.deviceId);
		const device = this.#registry.create(body.deviceId, readIdentity({ ...body }));
		device.twin = createTwin(tags ?? undefined, properties?.desired ?? undefined);
		if (properties?.reported)
			this.patchTwin(body.deviceId, { properties: { reported: properties.reported } });
		if (connected) this.connect(body.deviceId);
		return toDeviceView(device);
	}

	#touch(id: string, change: (device: DeviceRecord, now: bigint) => void): DeviceView {
		const device = this.#registry.require(id);
		keepFormer(device, this.#registry.setting);
		change(device, this.#registry.setting.clock.stamp());
		return toDeviceView(device);
	}
}

/** Returns the PUT body of a device with the changes. A different authentication type replaces the whole credential. */
function mergeChange(
	before: Pick<DeviceView, Base> & { authentication: object },
	change: DeviceChange,
): JsonObject {
	const { status, statusReason, capabilities, deviceScope, parentScopes, authentication } = before;
	const base = { status, statusReason, capabilities, deviceScope, parentScopes, authentication };
	return {
		...base,
		...change,
		authentication: mergeCredential(authentication, change),
		...clearReason(change),
	};
}

type Base = "status" | "statusReason" | "capabilities" | "deviceScope" | "parentScopes";

function mergeCredential(
	before: object & { readonly type?: unknown },
	{ authentication }: DeviceChange,
): object {
	if (authentication === undefined) return before;
	const sameType = authentication.type === undefined || authentication.type === before.type;
	return sameType ? { ...before, ...authentication } : authentication;
}

function clearReason({ statusReason }: DeviceChange): { statusReason?: null } {
	return statusReason === "" ? { statusReason: null } : {};
}
